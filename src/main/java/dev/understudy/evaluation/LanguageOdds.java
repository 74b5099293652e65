package dev.understudy.evaluation;

import java.util.Arrays;
import java.util.Random;

/**
 * How likely the published checker of IFEval is to take a text for a language. It asks langdetect,
 * which weighs all languages by n-grams that it draws from the text (naive Bayes), and says
 * something else when it draws others; here the drawing is repeated from a fixed start, and
 * counted.
 */
final class LanguageOdds {
  /** Odd, so that more often than not is always one or the other. */
  static final int DETECTIONS = 101;

  private static final int TRIALS = 7;
  private static final int DRAWS_MAX = 1000;
  private static final int DRAWS_BETWEEN_LOOKS = 5;
  private static final double SURE = 0.99999;
  private static final double LEAST = 0.1;
  private static final double ALPHA = 0.5;
  private static final double ALPHA_DEVIATION = 0.05;
  private static final double SMOOTHING = 1.0 / 10_000;
  private static final long START = 20_100_101;

  private final NgramProfiles profiles;
  private final int[] ngrams;
  private final Random random = new Random(START);

  private LanguageOdds(NgramProfiles profiles, int[] ngrams) {
    this.profiles = profiles;
    this.ngrams = ngrams;
  }

  /** The share of detections that name a language; all, of a text with nothing to go by. */
  static double of(String text, String language) {
    return of(text, language, DETECTIONS);
  }

  static double of(String text, String language, int detections) {
    NgramProfiles profiles = NgramProfiles.published();
    int[] ngrams = Ngrams.of(text, profiles);
    if (ngrams.length == 0) {
      return 1;
    }
    var odds = new LanguageOdds(profiles, ngrams);
    int wanted = profiles.languages().indexOf(language);
    if (wanted < 0) {
      return 0;
    }
    int named = 0;
    for (int i = 0; i < detections; i++) {
      named += odds.detect() == wanted ? 1 : 0;
    }
    return (double) named / detections;
  }

  /** The likeliest language of several trials together; -1 if none is likely. */
  private int detect() {
    var sums = new double[profiles.languages().size()];
    for (int trial = 0; trial < TRIALS; trial++) {
      double[] chances = trial();
      for (int i = 0; i < sums.length; i++) {
        sums[i] += chances[i];
      }
    }
    int best = 0;
    for (int i = 1; i < sums.length; i++) {
      best = sums[i] > sums[best] ? i : best;
    }
    return sums[best] > LEAST * TRIALS ? best : -1;
  }

  /** Draws until one language is sure, or it is enough. */
  private double[] trial() {
    double smoothing = (ALPHA + ALPHA_DEVIATION * random.nextGaussian()) * SMOOTHING;
    var chances = new double[profiles.languages().size()];
    Arrays.fill(chances, 1.0 / chances.length);
    for (int draw = 0; ; draw++) {
      profiles.weigh(chances, ngrams[random.nextInt(ngrams.length)], smoothing);
      if (draw % DRAWS_BETWEEN_LOOKS == 0 && (normalize(chances) > SURE || draw >= DRAWS_MAX)) {
        return chances;
      }
    }
  }

  /** Makes chances sum to one; the greatest. */
  private static double normalize(double[] chances) {
    double sum = 0;
    for (double chance : chances) {
      sum += chance;
    }
    double most = 0;
    for (int i = 0; i < chances.length; i++) {
      chances[i] /= sum;
      most = Math.max(most, chances[i]);
    }
    return most;
  }
}
