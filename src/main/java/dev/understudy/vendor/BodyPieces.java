package dev.understudy.vendor;

import java.util.Arrays;

/**
 * A request's body in pieces that stand one behind the other, so that a name in a long one is
 * exchanged without a copy of the rest. Whoever gave the arrays leaves them as they are.
 */
public final class BodyPieces {
  /** What takes the pieces, in order. */
  public interface Taker {
    void take(byte[] bytes, int offset, int length);
  }

  private byte[][] arrays = new byte[3][];
  private int[] offsets = new int[3];
  private int[] lengths = new int[3];
  private int count;
  private int length;

  /** A body that is in one piece. */
  public static BodyPieces of(byte[] whole) {
    return new BodyPieces().add(whole, 0, whole.length);
  }

  /** Appends a piece. */
  public BodyPieces add(byte[] bytes, int offset, int count) {
    if (count == 0) {
      return this;
    }
    if (this.count == arrays.length) {
      arrays = Arrays.copyOf(arrays, 2 * this.count);
      offsets = Arrays.copyOf(offsets, 2 * this.count);
      lengths = Arrays.copyOf(lengths, 2 * this.count);
    }
    arrays[this.count] = bytes;
    offsets[this.count] = offset;
    lengths[this.count] = count;
    this.count++;
    length = Math.addExact(length, count);
    return this;
  }

  /** Of all pieces together, in bytes. */
  public int length() {
    return length;
  }

  public void forEach(Taker taker) {
    for (int i = 0; i < count; i++) {
      taker.take(arrays[i], offsets[i], lengths[i]);
    }
  }

  /** The whole body, which may be one of the arrays given. */
  public byte[] toByteArray() {
    if (count == 1 && lengths[0] == arrays[0].length) {
      return arrays[0];
    }
    var whole = new byte[length];
    int at = 0;
    for (int i = 0; i < count; i++) {
      System.arraycopy(arrays[i], offsets[i], whole, at, lengths[i]);
      at += lengths[i];
    }
    return whole;
  }
}
