package dev.understudy.statistics;

/** What one share, or two from different samples, may really be. */
public final class Proportions {
  private Proportions() {}

  /**
   * The score interval of a share (Wilson 1927): good at every size, also near none and all.
   *
   * @param successes of {@code trials}
   * @param level the confidence, such as 0.95
   */
  public static Interval wilson(long successes, long trials, double level) {
    check((double) successes, trials);
    double z = Curves.normalQuantile(1 - (1 - level) / 2);
    double n = trials;
    double p = successes / n;
    double center = p + z * z / (2 * n);
    double half = z * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    double scale = 1 + z * z / n;
    return new Interval(
        successes == 0 ? 0 : (center - half) / scale,
        successes == trials ? 1 : (center + half) / scale);
  }

  /** The interval that covers at least as often as it says (Clopper and Pearson 1934). */
  public static Interval clopperPearson(long successes, long trials, double level) {
    check((double) successes, trials);
    double tail = (1 - level) / 2;
    double hits = successes;
    double misses = (double) trials - hits;
    double lower = successes == 0 ? 0 : Curves.betaQuantile(tail, hits, misses + 1);
    double upper = successes == trials ? 1 : Curves.betaQuantile(1 - tail, hits + 1, misses);
    return new Interval(lower, upper);
  }

  /**
   * The most that a share may be, with this confidence, after so many failures; for none it is
   * about three in {@code trials}.
   *
   * @param failures whole, or, where trials stand for clusters, as many as their rate comes to
   *     (Korn and Graubard 1998, Survey Methodology 24(2))
   */
  public static double atMost(double failures, long trials, double level) {
    check(failures, trials);
    double passed = trials - failures;
    return passed <= 0 ? 1 : Curves.betaQuantile(level, failures + 1, passed);
  }

  /** Likewise the least; none for no failure. */
  public static double atLeast(double failures, long trials, double level) {
    check(failures, trials);
    return failures <= 0 ? 0 : Curves.betaQuantile(1 - level, failures, trials - failures + 1);
  }

  /** The difference of two shares of different samples (Newcombe 1998, method 10). */
  public static Interval difference(
      long successes1, long trials1, long successes2, long trials2, double level) {
    Interval first = wilson(successes1, trials1, level);
    Interval second = wilson(successes2, trials2, level);
    double p1 = (double) successes1 / trials1;
    double p2 = (double) successes2 / trials2;
    double down = Math.hypot(p1 - first.lower(), second.upper() - p2);
    double up = Math.hypot(first.upper() - p1, p2 - second.lower());
    return new Interval(p1 - p2 - down, p1 - p2 + up).within(-1, 1);
  }

  private static void check(double successes, long trials) {
    if (trials <= 0 || successes < 0 || successes > trials) {
      throw new IllegalArgumentException("%s of %d".formatted(successes, trials));
    }
  }
}
