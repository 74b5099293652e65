package dev.understudy.evaluation;

import dev.understudy.statistics.Agreement;
import dev.understudy.statistics.Bootstrap;
import dev.understudy.statistics.Curves;
import dev.understudy.statistics.Interval;
import dev.understudy.statistics.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether judges agree with people, and what the rate is once their error is taken off.
 *
 * @param labels cases that both a person and the judges judged
 * @param kappa NaN where both always say the same one thing
 * @param interval of kappa, 95 %, by bootstrap over the cases
 * @param corrected the rate by prediction-powered inference; empty with fewer than two labels
 */
public record LabelHealth(
    int labels, double kappa, Interval interval, Optional<Corrected> corrected) {
  /** Fewer labels than this say little. */
  public static final int LABELS_MIN = 100;

  /** A judge below it is not to be used. */
  public static final double KAPPA_MIN = 0.4;

  private static final int DRAWS = 2_000;
  private static final long SEED = 20_230_123;

  /**
   * What people would say of all cases: the judges' mean over all of them, and what people said
   * beyond the judges where they said something (Angelopoulos et al. 2023).
   */
  public record Corrected(double rate, double standardError, Interval interval) {}

  /** One case that a person and the judges judged, as words and as numbers from 0 to 1. */
  record Both(String person, String judges, double personValue, double judgesValue) {}

  /**
   * Compares.
   *
   * @param all the judges' values of every case
   * @param level of the corrected rate's interval
   */
  static Optional<LabelHealth> of(List<Both> labelled, double[] all, double level) {
    if (labelled.isEmpty()) {
      return Optional.empty();
    }
    List<String> people = labelled.stream().map(Both::person).toList();
    List<String> judges = labelled.stream().map(Both::judges).toList();
    double kappa = Agreement.kappa(people, judges);
    var words = people.stream().distinct().sorted().toList();
    var more = new ArrayList<>(words);
    judges.stream().distinct().filter(w -> !words.contains(w)).forEach(more::add);
    int[] person = people.stream().mapToInt(more::indexOf).toArray();
    int[] judge = judges.stream().mapToInt(more::indexOf).toArray();
    Interval interval =
        new Bootstrap(DRAWS, SEED)
            .percentile(
                person.length,
                0.95,
                drawn -> {
                  long[][] table = new long[more.size()][more.size()];
                  for (int i : drawn) {
                    table[person[i]][judge[i]]++;
                  }
                  double drawnKappa = Agreement.kappa(table);
                  // All of one kind were drawn: they agree, but not beyond chance.
                  return Double.isNaN(drawnKappa) ? 0 : drawnKappa;
                });
    return Optional.of(
        new LabelHealth(person.length, kappa, interval, corrected(labelled, all, level)));
  }

  private static Optional<Corrected> corrected(List<Both> labelled, double[] all, double level) {
    if (labelled.size() < 2 || all.length < 2) {
      return Optional.empty();
    }
    Sample judged = Sample.of(all);
    Sample beyond =
        Sample.of(labelled.stream().mapToDouble(b -> b.personValue() - b.judgesValue()).toArray());
    double rate = judged.mean() + beyond.mean();
    double error = Math.sqrt(judged.variance() / all.length + beyond.variance() / labelled.size());
    double t = Curves.tQuantile(1 - (1 - level) / 2, Math.max(1, labelled.size() - 1));
    return Optional.of(new Corrected(rate, error, Interval.around(rate, t * error).within(0, 1)));
  }

  /** Whether it is known that the judges do not agree with people well enough. */
  public boolean isBelowGate() {
    return labels >= LABELS_MIN && !(kappa >= KAPPA_MIN);
  }
}
