package dev.understudy.gateway;

import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Memory for the bodies of requests and of replies in one piece, used again and again by the calls
 * of one event loop: a fresh array is zeroed first, is in no cache of the processor, and is one
 * more thing to collect.
 *
 * <p>An array holds what was said in another call. Whoever takes one looks at no more of it than he
 * filled; whoever gives one back looks at it no more. Tests run with assertions, and then what is
 * given back is overwritten, so that a look too late is seen.
 */
final class Bodies {
  /** Smaller bodies take an array of this size. */
  private static final int SMALLEST = 2 << 10;

  private static final int SIZES = 6;

  /** Larger bodies are rare, and take arrays of their own. */
  static final int LARGEST = SMALLEST << (SIZES - 1);

  /** So much is kept of each size for the next calls, in bytes. */
  private static final int KEPT_MAX = 512 << 10;

  private static final byte USED = '!';

  private final ArrayDeque<byte[]>[] kept = newLists();

  @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of generic types
  private static ArrayDeque<byte[]>[] newLists() {
    ArrayDeque[] lists = new ArrayDeque[SIZES];
    Arrays.setAll(lists, _ -> new ArrayDeque<byte[]>());
    return lists;
  }

  /** An array with room for so many bytes, with anything in it. */
  byte[] take(int length) {
    if (length > LARGEST) {
      return new byte[length];
    }
    int size = size(length);
    byte[] used = kept[size].pollLast();
    return used == null ? new byte[SMALLEST << size] : used;
  }

  /** Takes back an array that nobody looks at any more. */
  void giveBack(byte[] body) {
    if (body.length < SMALLEST || body.length > LARGEST) {
      return;
    }
    assert overwritten(body);
    int size = size(body.length);
    if (body.length == SMALLEST << size && kept[size].size() < KEPT_MAX / body.length) {
      kept[size].addLast(body);
    }
  }

  private static boolean overwritten(byte[] body) {
    Arrays.fill(body, USED);
    return true;
  }

  private static int size(int length) {
    return length <= SMALLEST
        ? 0
        : Integer.SIZE - Integer.numberOfLeadingZeros((length - 1) / SMALLEST);
  }
}
