package dev.understudy.evaluation;

import dev.understudy.statistics.Ranks;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How much of a win rate is owed to the length of answers (Dubois et al. 2024, arXiv 2404.04475).
 *
 * @param raw the win rate as judged
 * @param controlled the win rate were both answers of one length
 * @param candidateLength mean, in characters
 * @param spearman of preference with the difference of lengths
 * @param weight of the length on the logistic scale; above zero if longer answers are preferred
 * @param isThroughout whether one side's answers are much longer nearly everywhere, so that length
 *     and merit cannot be told apart by any curve over these pairs
 */
public record LengthControl(
    double raw,
    double controlled,
    double candidateLength,
    double incumbentLength,
    double spearman,
    double weight,
    boolean isThroughout) {
  /** Fewer pairs than this tell nothing of lengths. */
  static final int PAIRS_MIN = 30;

  /**
   * The weight of the length in 34 published fits of AlpacaEval 2, where it is near this for every
   * model: with one candidate alone length and merit cannot be told apart by the data.
   */
  static final double USUAL_WEIGHT = 1.756;

  static final double USUAL_SPREAD = 0.346;

  /** How much cases differ in what they ask, as a standard deviation: a ridge of 0.25. */
  private static final double CASES = 2;

  private static final double LONGER = 1.5;
  private static final double THROUGHOUT = 0.9;
  private static final double WARN = 0.1;
  private static final double WARN_OF_ROOM = 0.25;

  /**
   * One judged pair.
   *
   * @param preference for the candidate, from 0 to 1
   */
  public record Row(double preference, int candidateLength, int incumbentLength) {}

  /** From one comparison, whose cases are taken to differ in what they ask. */
  public static Optional<LengthControl> of(List<Row> rows) {
    double[] gaps = gaps(rows);
    if (rows.size() < PAIRS_MIN || gaps.length == 0) {
      return Optional.empty();
    }
    double[] preferences = rows.stream().mapToDouble(Row::preference).toArray();
    var figures = new double[rows.size()][];
    for (int i = 0; i < gaps.length; i++) {
      figures[i] = new double[] {gaps[i], 1};
    }
    var logit =
        new Logit(
            CASES,
            new double[] {USUAL_WEIGHT, 0},
            new double[] {1 / (USUAL_SPREAD * USUAL_SPREAD), 0.01});
    double[] weights = logit.fit(figures, preferences);
    return Optional.of(made(rows, preferences, logit.chance(weights[1]), weights[0]));
  }

  /**
   * With what is known of how hard each case is, from the outside.
   *
   * @param difficulty of each row's case, higher where the candidate's kind wins more easily
   */
  public static Optional<LengthControl> of(List<Row> rows, double[] difficulty) {
    double[] gaps = gaps(rows);
    if (rows.size() < PAIRS_MIN || gaps.length == 0) {
      return Optional.empty();
    }
    double[] preferences = rows.stream().mapToDouble(Row::preference).toArray();
    var figures = new double[rows.size()][];
    for (int i = 0; i < gaps.length; i++) {
      figures[i] = new double[] {gaps[i], difficulty[i], 1};
    }
    var logit =
        new Logit(
            0,
            new double[] {USUAL_WEIGHT, 1, 0},
            new double[] {1 / (USUAL_SPREAD * USUAL_SPREAD), 1, 0.01});
    double[] weights = logit.fit(figures, preferences);
    double sum = 0;
    for (double hard : difficulty) {
      sum += logit.chance(weights[1] * hard + weights[2]);
    }
    return Optional.of(made(rows, preferences, sum / difficulty.length, weights[0]));
  }

  /** The candidate's surplus over its own spread, bent so that very long answers gain no more. */
  static double[] gaps(List<Row> rows) {
    double[] gaps =
        rows.stream().mapToDouble(r -> r.candidateLength() - r.incumbentLength()).toArray();
    double mean = Arrays.stream(gaps).average().orElse(0);
    double squares = Arrays.stream(gaps).map(g -> (g - mean) * (g - mean)).sum();
    double deviation = Math.sqrt(squares / Math.max(1, gaps.length));
    return deviation == 0
        ? new double[0]
        : Arrays.stream(gaps).map(g -> Math.tanh(g / deviation)).toArray();
  }

  static LengthControl made(
      List<Row> rows, double[] preferences, double controlled, double weight) {
    double[] gaps =
        rows.stream().mapToDouble(r -> r.candidateLength() - r.incumbentLength()).toArray();
    return new LengthControl(
        Arrays.stream(preferences).average().orElse(0.5),
        controlled,
        rows.stream().mapToInt(Row::candidateLength).average().orElse(0),
        rows.stream().mapToInt(Row::incumbentLength).average().orElse(0),
        Ranks.spearman(preferences, gaps),
        weight,
        isThroughout(rows));
  }

  /** By more than half of the shorter one, in nine of ten pairs. */
  private static boolean isThroughout(List<Row> rows) {
    long longer =
        rows.stream().filter(r -> r.candidateLength() > LONGER * r.incumbentLength()).count();
    long shorter =
        rows.stream().filter(r -> r.incumbentLength() > LONGER * r.candidateLength()).count();
    return Math.max(longer, shorter) >= THROUGHOUT * rows.size();
  }

  /** Whether length moves the win rate by more than ten points, or a quarter of its room. */
  public boolean isLarge() {
    double room = Math.min(raw, 1 - raw);
    return Math.abs(controlled - raw) > Math.min(WARN, WARN_OF_ROOM * Math.max(room, 0.04));
  }
}
