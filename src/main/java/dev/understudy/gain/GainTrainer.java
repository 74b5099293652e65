package dev.understudy.gain;

import java.util.Arrays;
import java.util.List;

/**
 * Learns a model from outcomes. Whatever is chosen or set right is chosen on parts that were not
 * learned from, and nothing is chosen on data that is not handed in.
 */
public final class GainTrainer {
  /** Fewer outcomes teach nothing. */
  public static final int OUTCOMES_MIN = 100;

  /** More are not taken at once. */
  public static final int OUTCOMES_MAX = 200_000;

  /** So many outcomes must tell the two models apart. */
  public static final int TELLING_MIN = 20;

  private static final int PARTS = 5;

  /**
   * Over the root of the number of outcomes: less of an area is chance, and what the list has first
   * is the safer choice. A hundredth at a thousand outcomes.
   */
  private static final double BETTER_MIN = 0.32;

  /** Estimates that are kept to find thresholds by, from the least to the greatest. */
  static final int QUANTILES = 101;

  private GainTrainer() {}

  /**
   * Learns.
   *
   * @param cheap the cheap target's name
   * @param strong the strong target's name
   * @param seed the same outcomes and seed give the same model
   * @throws IllegalArgumentException if these outcomes teach nothing, with the reason
   */
  public static GainModel train(List<Outcome> outcomes, String cheap, String strong, long seed) {
    check(outcomes);
    List<Reading> readings = outcomes.stream().map(o -> Reading.of(o.prompt())).toList();
    Stack.Said[] said = new Stack.Said[outcomes.size()];
    Stack.Said[] unseen = new Stack.Said[outcomes.size()];
    Folds folds = Folds.byPrompt(outcomes, PARTS, seed + 2);
    for (int fold = 0; fold < folds.count(); fold++) {
      int[] others = folds.others(fold);
      Stack stack = Stack.of(Outcomes.at(outcomes, others), Outcomes.at(readings, others), seed);
      for (int i : folds.part(fold)) {
        said[i] = stack.of(readings.get(i), outcomes.get(i).domain());
        unseen[i] = stack.withoutDomain(readings.get(i));
      }
    }
    double[] gains = outcomes.stream().mapToDouble(Outcome::gain).toArray();
    Mix mix = Mix.CHOICE.getFirst();
    double[] best = mixed(said, mix);
    double area = GainCurve.of(best, outcomes).area();
    double betterMin = BETTER_MIN / Math.sqrt(outcomes.size());
    for (Mix other : Mix.CHOICE) {
      double[] scores = mixed(said, other);
      double found = GainCurve.of(scores, outcomes).area();
      if (found > area + betterMin) {
        mix = other;
        best = scores;
        area = found;
      }
    }
    Isotonic known = Isotonic.of(best, gains);
    double[] estimates = Arrays.stream(best).map(known::of).sorted().toArray();
    float[] quantiles = new float[QUANTILES];
    for (int i = 0; i < QUANTILES; i++) {
      int at = (int) Math.round((double) i * (estimates.length - 1) / (QUANTILES - 1));
      quantiles[i] = (float) estimates[at];
    }
    return new GainModel(
        new GainModel.About(
            cheap,
            strong,
            outcomes.size(),
            outcomes.stream().mapToDouble(Outcome::cheap).average().orElse(0),
            outcomes.stream().mapToDouble(Outcome::strong).average().orElse(0),
            area,
            seed),
        Stack.of(outcomes, readings, seed),
        mix,
        known,
        Isotonic.of(mixed(unseen, Mix.UNSEEN_DOMAIN), gains),
        usual(readings),
        quantiles,
        outcomes.stream().mapToInt(o -> GainModel.hash(o.prompt())).sorted().toArray());
  }

  private static double[] mixed(Stack.Said[] said, Mix mix) {
    return Arrays.stream(said).mapToDouble(mix::of).toArray();
  }

  private static void check(List<Outcome> outcomes) {
    if (outcomes.size() < OUTCOMES_MIN) {
      throw new IllegalArgumentException(
          "%d outcomes are too few to learn from: at least %d are needed"
              .formatted(outcomes.size(), OUTCOMES_MIN));
    }
    // Checked before prompts are compared, which takes time.
    if (outcomes.size() > OUTCOMES_MAX) {
      throw new IllegalArgumentException(
          "%d outcomes are more than the %d that are learned from at once"
              .formatted(outcomes.size(), OUTCOMES_MAX));
    }
    long different = outcomes.stream().map(Outcome::plainPrompt).distinct().count();
    if (different < OUTCOMES_MIN) {
      throw new IllegalArgumentException(
          "%d outcomes have only %d different prompts: at least %d are needed"
              .formatted(outcomes.size(), different, OUTCOMES_MIN));
    }
    long telling = outcomes.stream().filter(o -> o.gain() != 0).count();
    if (telling < TELLING_MIN) {
      throw new IllegalArgumentException(
          "only %d outcomes tell the two models apart: at least %d are needed"
              .formatted(telling, TELLING_MIN));
    }
    double gain = outcomes.stream().mapToDouble(Outcome::gain).average().orElse(0);
    if (!(gain > 0)) {
      throw new IllegalArgumentException(
          "the strong model is no better over these outcomes (mean gain %.4f): nothing is gained"
                  .formatted(gain)
              + " by asking it");
    }
  }

  private static float[] usual(List<Reading> readings) {
    float[] usual = new float[Reading.FORM.size()];
    for (int figure = 0; figure < usual.length; figure++) {
      int at = figure;
      double[] sorted = readings.stream().mapToDouble(r -> r.form[at]).sorted().toArray();
      usual[figure] = (float) sorted[sorted.length / 2];
    }
    return usual;
  }
}
