package dev.understudy.protocol.wire;

import java.util.Arrays;

/**
 * The data {@code [DONE]}, with which a Chat stream ends. Vendors that speak Chat as well, and the
 * gateways before them, end the streams of other protocols with it all the same.
 */
public final class EndMark {
  private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};

  private EndMark() {}

  /** Whether the data of an event is the mark and nothing else. */
  public static boolean is(byte[] data, int offset, int length) {
    int from = offset;
    int to = offset + length;
    while (to > from && data[to - 1] <= ' ' && data[to - 1] >= 0) {
      to--;
    }
    while (from < to && data[from] <= ' ' && data[from] >= 0) {
      from++;
    }
    return Arrays.equals(data, from, to, DONE, 0, DONE.length);
  }

  /**
   * Whether the data says nothing in a protocol that has no such mark, and is to be passed over.
   */
  public static boolean saysNothing(byte[] data, int offset, int length) {
    return length == 0 || is(data, offset, length);
  }
}
