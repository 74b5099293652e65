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
    int last = to - ascii.length();
    long pattern = ONES * ascii.charAt(0);
    int at = from;
    while (at <= last) {
      // To the next place where it could begin: by 32 bytes while there is none, then by eight.
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
          at += Long.numberOfTrailingZeros(hit) >>> 3;
          break;
        }
        at += 8;
      }
      if (at > last) {
        return false;
      }
      if (isAt(bytes, at, ascii)) {
        return true;
      }
      at++;
    }
    return false;
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
