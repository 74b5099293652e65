package dev.understudy.gateway;

import java.security.SecureRandom;
import java.util.SplittableRandom;

/**
 * Names for exchanges: ten characters of time and sixteen of chance, so that they sort by time and
 * do not repeat. One instance serves one event loop.
 */
final class ExchangeIds {
  private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();

  private final SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());

  String next(long epochMillis) {
    var id = new char[26];
    long time = epochMillis;
    for (int i = 9; i >= 0; i--) {
      id[i] = ALPHABET[(int) (time & 31)];
      time >>>= 5;
    }
    long high = random.nextLong();
    long low = random.nextLong();
    for (int i = 10; i < 18; i++) {
      id[i] = ALPHABET[(int) (high & 31)];
      high >>>= 5;
      id[i + 8] = ALPHABET[(int) (low & 31)];
      low >>>= 5;
    }
    return new String(id);
  }
}
