package dev.understudy.gain;

import java.util.Arrays;
import java.util.List;

/**
 * What is learned from outcomes before it is set right: topics, two lines over words and form, the
 * means of domains, and two forests over all of that and the form of a prompt.
 *
 * @param plain knows form and topics alone; it is asked where the domain is none that was seen
 * @param full knows the lines and the domains too
 */
record Stack(
    WordScale scale,
    FormScale formScale,
    Topics topics,
    WordLine cheapLine,
    WordLine strongLine,
    Domains domains,
    Forest plain,
    Forest full) {

  static final int PLAIN = Reading.FORM.size() + Topics.COUNT;
  static final int FULL = PLAIN + 6;
  private static final int PARTS = 5;

  /** How strongly the lines are drawn to nothing. */
  private static final double SHRINKAGE = 10;

  /** What the two forests and the two lines together say, none set right. */
  record Said(double plain, double full, double line) {}

  static Stack of(List<Outcome> outcomes, List<Reading> readings, long seed) {
    WordScale scale = WordScale.of(readings);
    FormScale formScale = FormScale.of(readings);
    Topics topics = Topics.of(readings, scale, seed);
    List<WordLine.Row> read =
        readings.stream().map(reading -> new WordLine.Row(reading, scale, formScale)).toList();
    double[][] rows = new double[readings.size()][FULL];
    for (int i = 0; i < rows.length; i++) {
      plain(readings.get(i), scale, topics, rows[i]);
    }
    // What lines and domains say of a row must not have been learned from that row, or the forest
    // would trust them more than they deserve.
    Folds folds = Folds.byPrompt(outcomes, PARTS, seed + 1);
    for (int fold = 0; fold < folds.count(); fold++) {
      int[] others = folds.others(fold);
      List<Outcome> seen = Outcomes.at(outcomes, others);
      Domains domains = Domains.of(seen);
      WordLine cheap = line(Outcomes.at(read, others), seen, false);
      WordLine strong = line(Outcomes.at(read, others), seen, true);
      for (int i : folds.part(fold)) {
        WordLine.Row row = read.get(i);
        further(cheap.of(row), strong.of(row), domains.of(outcomes.get(i).domain()), rows[i]);
      }
    }
    double[] gains = outcomes.stream().mapToDouble(Outcome::gain).toArray();
    double[][] narrow = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      narrow[i] = Arrays.copyOf(rows[i], PLAIN);
    }
    Domains all = Domains.of(outcomes);
    return new Stack(
        scale,
        formScale,
        topics,
        line(read, outcomes, false),
        line(read, outcomes, true),
        all,
        Forest.of(narrow, gains, seed),
        Forest.of(rows, gains, seed + 1));
  }

  private static WordLine line(List<WordLine.Row> rows, List<Outcome> outcomes, boolean strong) {
    return WordLine.of(
        rows,
        outcomes.stream().mapToDouble(o -> strong ? o.strong() : o.cheap()).toArray(),
        SHRINKAGE);
  }

  private static void plain(Reading reading, WordScale scale, Topics topics, double[] row) {
    System.arraycopy(reading.form, 0, row, 0, reading.form.length);
    topics.write(reading, scale, row, Reading.FORM.size());
  }

  private static void further(
      double cheapRight, double strongRight, Domains.Means means, double[] row) {
    row[PLAIN] = cheapRight;
    row[PLAIN + 1] = strongRight;
    row[PLAIN + 2] = strongRight - cheapRight;
    row[PLAIN + 3] = means.cheap();
    row[PLAIN + 4] = means.strong();
    row[PLAIN + 5] = means.strong() - means.cheap();
  }

  Said of(Reading reading, String domain) {
    return of(reading, domains.of(domain));
  }

  /** What they say where the domain was never seen. */
  Said withoutDomain(Reading reading) {
    return of(reading, domains.all);
  }

  private Said of(Reading reading, Domains.Means means) {
    double[] row = new double[FULL];
    plain(reading, scale, topics, row);
    var read = new WordLine.Row(reading, scale, formScale);
    further(cheapLine.of(read), strongLine.of(read), means, row);
    return new Said(plain.of(row), full.of(row), row[PLAIN + 2]);
  }
}
