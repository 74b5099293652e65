package dev.understudy.gain;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * What a prompt is about, in a few numbers: the main directions in which the words of the prompts
 * that were learned from vary together (latent semantic analysis), found without their outcomes.
 */
final class Topics {
  static final int COUNT = 16;
  private static final int ROUNDS = 6;

  /** The share of each bucket of words in each topic: bucket by bucket, {@link #COUNT} each. */
  final byte[] shares;

  /** What one unit of a share is worth, by topic. */
  final float[] units;

  Topics(byte[] shares, float[] units) {
    if (shares.length != COUNT * Reading.WORD_BUCKETS || units.length != COUNT) {
      throw new IllegalArgumentException("topics have " + COUNT + " shares for each bucket");
    }
    this.shares = shares;
    this.units = units;
  }

  static Topics of(List<Reading> readings, WordScale scale, long seed) {
    var random = new SplittableRandom(seed);
    float[] shares = new float[COUNT * Reading.WORD_BUCKETS];
    for (int bucket = 0; bucket < Reading.WORD_BUCKETS; bucket++) {
      for (int topic = 0; topic < COUNT; topic++) {
        double drawn = random.nextGaussian();
        shares[bucket * COUNT + topic] = scale.sixteenths[bucket] == 0 ? 0 : (float) drawn;
      }
    }
    // Where few words are known, most buckets are nothing: they are passed over.
    int[] used =
        IntStream.range(0, Reading.WORD_BUCKETS)
            .filter(bucket -> scale.sixteenths[bucket] != 0)
            .map(bucket -> bucket * COUNT)
            .toArray();
    float[][] scaled = new float[readings.size()][];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = scale.scaled(readings.get(i), readings.get(i).words);
    }
    for (int round = 0; round < ROUNDS; round++) {
      float[] next = new float[shares.length];
      double[] about = new double[COUNT];
      for (int i = 0; i < scaled.length; i++) {
        int[] buckets = readings.get(i).buckets;
        Arrays.fill(about, 0);
        for (int k = 0; k < scaled[i].length; k++) {
          for (int topic = 0; topic < COUNT; topic++) {
            about[topic] += scaled[i][k] * shares[buckets[k] * COUNT + topic];
          }
        }
        for (int k = 0; k < scaled[i].length; k++) {
          for (int topic = 0; topic < COUNT; topic++) {
            next[buckets[k] * COUNT + topic] += (float) (scaled[i][k] * about[topic]);
          }
        }
      }
      orthonormal(next, used);
      shares = next;
    }
    return rounded(shares);
  }

  private static void orthonormal(float[] shares, int[] used) {
    for (int topic = 0; topic < COUNT; topic++) {
      for (int before = 0; before < topic; before++) {
        double along = 0;
        for (int at : used) {
          along += (double) shares[at + topic] * shares[at + before];
        }
        for (int at : used) {
          shares[at + topic] -= (float) (along * shares[at + before]);
        }
      }
      double squares = 0;
      for (int at : used) {
        squares += (double) shares[at + topic] * shares[at + topic];
      }
      // Fewer prompts than topics leave some without a direction: they stay nothing.
      float scale = squares < 1e-20 ? 0 : (float) (1 / Math.sqrt(squares));
      for (int at : used) {
        shares[at + topic] *= scale;
      }
    }
  }

  private static Topics rounded(float[] shares) {
    float[] units = new float[COUNT];
    for (int i = 0; i < shares.length; i++) {
      units[i % COUNT] = Math.max(units[i % COUNT], Math.abs(shares[i]) / 127);
    }
    byte[] bytes = new byte[shares.length];
    for (int i = 0; i < shares.length; i++) {
      float unit = units[i % COUNT];
      bytes[i] = unit == 0 ? 0 : (byte) Math.round(shares[i] / unit);
    }
    return new Topics(bytes, units);
  }

  /** Writes how much of each topic is in a reading to {@code into}, from {@code at} on. */
  void write(Reading reading, WordScale scale, double[] into, int at) {
    float[] scaled = scale.scaled(reading, reading.words);
    float[] about = new float[COUNT];
    for (int k = 0; k < scaled.length; k++) {
      if (scaled[k] == 0) {
        continue;
      }
      int from = reading.buckets[k] * COUNT;
      for (int topic = 0; topic < COUNT; topic++) {
        about[topic] += scaled[k] * shares[from + topic];
      }
    }
    for (int topic = 0; topic < COUNT; topic++) {
      into[at + topic] = about[topic] * units[topic];
    }
  }
}
