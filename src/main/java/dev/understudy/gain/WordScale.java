package dev.understudy.gain;

import java.util.List;

/**
 * How telling each bucket of words is: the rarer among the prompts that were learned from, the
 * more; what was seen once or never tells nothing.
 */
final class WordScale {
  private static final double STEPS = 16;

  /** What every prompt has still counts: how many full stops there are tells how many steps. */
  private static final double COMMON = 1;

  /** Sixteenths. */
  final byte[] sixteenths;

  WordScale(byte[] sixteenths) {
    if (sixteenths.length != Reading.BUCKETS) {
      throw new IllegalArgumentException("a scale has a figure for each bucket");
    }
    this.sixteenths = sixteenths;
  }

  static WordScale of(List<Reading> readings) {
    int[] seen = new int[Reading.BUCKETS];
    for (Reading reading : readings) {
      for (int bucket : reading.buckets) {
        seen[bucket]++;
      }
    }
    byte[] sixteenths = new byte[Reading.BUCKETS];
    for (int i = 0; i < seen.length; i++) {
      if (seen[i] >= 2) {
        double rarity = COMMON + StrictMath.log((1.0 + readings.size()) / seen[i]);
        sixteenths[i] = (byte) Math.min(255, Math.max(1, Math.rint(STEPS * rarity)));
      }
    }
    return new WordScale(sixteenths);
  }

  /** The first {@code count} buckets of a reading, scaled, of length one together. */
  float[] scaled(Reading reading, int count) {
    float[] values = new float[count];
    double squares = 0;
    for (int i = 0; i < count; i++) {
      values[i] = reading.weights[i] * (sixteenths[reading.buckets[i]] & 0xFF);
      squares += (double) values[i] * values[i];
    }
    if (squares > 0) {
      float scale = (float) (1 / Math.sqrt(squares));
      for (int i = 0; i < count; i++) {
        values[i] *= scale;
      }
    }
    return values;
  }
}
