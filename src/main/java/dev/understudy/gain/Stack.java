package dev.understudy.gain;

import java.util.List;

/**
 * What is learned from outcomes before it is set right: topics, two lines over words, the means of
 * domains, and two forests over all of that and the form of a prompt.
 *
 * @param plain knows form and topics alone; it is asked where the domain is none that was seen
 * @param full knows the lines and the domains too
 */
record Stack(
    WordScale scale,
    Topics topics,
    WordLine cheapLine,
    WordLine strongLine,
    Domains domains,
    Forest plain,
    Forest full) {

  static final int PLAIN = Reading.FORM.size() + Topics.COUNT;
  static final int FULL = PLAIN + 6;
  private static final int PARTS = 5;

  /** What the two forests say, neither set right. */
  record Said(double plain, double full) {}

  static Stack of(List<Outcome> outcomes, List<Reading> readings, long seed) {
    WordScale scale = WordScale.of(readings);
    Topics topics = Topics.of(readings, scale, seed);
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
      List<Reading> read = Outcomes.at(readings, others);
      WordLine cheap = WordLine.of(read, scores(seen, false), scale, seed);
      WordLine strong = WordLine.of(read, scores(seen, true), scale, seed);
      Domains domains = Domains.of(seen);
      for (int i : folds.part(fold)) {
        further(readings.get(i), outcomes.get(i).domain(), scale, cheap, strong, domains, rows[i]);
      }
    }
    double[] gains = outcomes.stream().mapToDouble(Outcome::gain).toArray();
    double[][] narrow = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      narrow[i] = java.util.Arrays.copyOf(rows[i], PLAIN);
    }
    return new Stack(
        scale,
        topics,
        WordLine.of(readings, scores(outcomes, false), scale, seed),
        WordLine.of(readings, scores(outcomes, true), scale, seed),
        Domains.of(outcomes),
        Forest.of(narrow, gains, seed),
        Forest.of(rows, gains, seed + 1));
  }

  private static double[] scores(List<Outcome> outcomes, boolean strong) {
    return outcomes.stream().mapToDouble(o -> strong ? o.strong() : o.cheap()).toArray();
  }

  private static void plain(Reading reading, WordScale scale, Topics topics, double[] row) {
    System.arraycopy(reading.form, 0, row, 0, reading.form.length);
    topics.write(reading, scale, row, Reading.FORM.size());
  }

  private static void further(
      Reading reading,
      String domain,
      WordScale scale,
      WordLine cheap,
      WordLine strong,
      Domains domains,
      double[] row) {
    float[] scaled = scale.scaled(reading, reading.buckets.length);
    double cheapRight = cheap.chance(reading, scaled);
    double strongRight = strong.chance(reading, scaled);
    Domains.Means means = domains.of(domain);
    row[PLAIN] = cheapRight;
    row[PLAIN + 1] = strongRight;
    row[PLAIN + 2] = strongRight - cheapRight;
    row[PLAIN + 3] = means.cheap();
    row[PLAIN + 4] = means.strong();
    row[PLAIN + 5] = means.strong() - means.cheap();
  }

  Said of(Reading reading, String domain) {
    double[] row = new double[FULL];
    plain(reading, scale, topics, row);
    further(reading, domain, scale, cheapLine, strongLine, domains, row);
    return new Said(plain.of(row), full.of(row));
  }
}
