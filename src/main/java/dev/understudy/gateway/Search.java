package dev.understudy.gateway;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks for a few bytes among many. */
final class Search {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  private Search() {}

  /** Whether some ASCII text occurs; quickest where its first character is rare. */
  static boolean contains(byte[] bytes, int from, int to, String ascii) {
    return find(bytes, from, to, ascii) >= 0;
  }

  /** Where some ASCII text occurs first; -1 if nowhere. */
  static int find(byte[] bytes, int from, int to, String ascii) {
    int last = to - ascii.length();
    byte first = (byte) ascii.charAt(0);
    for (int at = next(bytes, from, to, first); at <= last; at = next(bytes, at + 1, to, first)) {
      if (isAt(bytes, at, ascii)) {
        return at;
      }
    }
    return -1;
  }

  /** Where an ASCII byte occurs next; {@code to} if it does not. */
  static int next(byte[] bytes, int from, int to, int ascii) {
    long pattern = ONES * ascii;
    int at = from;
    // By 32 bytes while there is none, then by eight. The lowest hit in a word is always a true
    // one.
    while (at + 32 <= to) {
      long a = (long) LONGS.get(bytes, at) ^ pattern;
      long b = (long) LONGS.get(bytes, at + 8) ^ pattern;
      long c = (long) LONGS.get(bytes, at + 16) ^ pattern;
      long d = (long) LONGS.get(bytes, at + 24) ^ pattern;
      long hit = ((a - ONES) & ~a) | ((b - ONES) & ~b) | ((c - ONES) & ~c) | ((d - ONES) & ~d);
      if ((hit & HIGHS) != 0) {
        break;
      }
      at += 32;
    }
    while (at + 8 <= to) {
      long word = (long) LONGS.get(bytes, at) ^ pattern;
      long hit = (word - ONES) & ~word & HIGHS;
      if (hit != 0) {
        return at + (Long.numberOfTrailingZeros(hit) >>> 3);
      }
      at += 8;
    }
    while (at < to && bytes[at] != ascii) {
      at++;
    }
    return at;
  }

  private static boolean isAt(byte[] bytes, int at, String ascii) {
    for (int i = 0; i < ascii.length(); i++) {
      if (bytes[at + i] != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
