package dev.understudy.statistics;

/**
 * Yes or no of a candidate and an incumbent, asked the same questions.
 *
 * @param both questions that both got right
 * @param onlyCandidate that only the candidate did
 * @param onlyIncumbent that only the incumbent did
 * @param neither that nobody did
 */
public record PairedOutcomes(long both, long onlyCandidate, long onlyIncumbent, long neither) {
  public PairedOutcomes {
    if (both < 0 || onlyCandidate < 0 || onlyIncumbent < 0 || neither < 0) {
      throw new IllegalArgumentException("counts are not negative");
    }
  }

  public long pairs() {
    return both + onlyCandidate + onlyIncumbent + neither;
  }

  /** Questions that told the two apart. */
  public long discordant() {
    return onlyCandidate + onlyIncumbent;
  }

  /** The candidate's share less the incumbent's. */
  public double difference() {
    return (double) (onlyCandidate - onlyIncumbent) / pairs();
  }

  /** Of the difference. */
  public double standardError() {
    double gap = onlyCandidate - onlyIncumbent;
    return Math.sqrt(discordant() - gap * gap / pairs()) / pairs();
  }

  /** The differences as numbers, each -1, 0 or 1; their variance has n - 1 below. */
  public Sample differences() {
    double n = pairs();
    double gap = onlyCandidate - onlyIncumbent;
    return new Sample(
        Math.toIntExact(pairs()),
        difference(),
        n < 2 ? 0 : (discordant() - gap * gap / n) / (n - 1));
  }

  /**
   * Of the difference if the samples were not the same questions; to show what pairing is worth.
   */
  public double unpairedStandardError() {
    double n = pairs();
    double candidate = (both + onlyCandidate) / n;
    double incumbent = (both + onlyIncumbent) / n;
    return Math.sqrt(candidate * (1 - candidate) / n + incumbent * (1 - incumbent) / n);
  }

  /** The difference's interval by the normal curve; too narrow where little told them apart. */
  public Interval wald(double level) {
    double z = Curves.normalQuantile(1 - (1 - level) / 2);
    return Interval.around(difference(), z * standardError());
  }

  /** McNemar's statistic, with one degree of freedom. */
  public double chiSquare() {
    double gap = onlyCandidate - onlyIncumbent;
    return discordant() == 0 ? 0 : gap * gap / discordant();
  }

  /** The same, corrected for continuity. */
  public double chiSquareCorrected() {
    double gap = Math.max(0, Math.abs(onlyCandidate - onlyIncumbent) - 1);
    return discordant() == 0 ? 0 : gap * gap / discordant();
  }

  /**
   * McNemar's exact test: the chance of so lopsided a split of the discordant pairs, or more so.
   */
  public double exactP() {
    long n = discordant();
    if (n == 0) {
      return 1;
    }
    long fewer = Math.min(onlyCandidate, onlyIncumbent);
    return Math.min(1, 2 * Curves.binomialUpTo(fewer, n, 0.5));
  }

  /** The same with half the weight of the split that was seen; less timid. */
  public double midP() {
    long n = discordant();
    if (n == 0) {
      return 1;
    }
    long fewer = Math.min(onlyCandidate, onlyIncumbent);
    double below = Curves.binomialUpTo(fewer, n, 0.5);
    double at = Curves.binomialAt(fewer, n, 0.5);
    return Math.min(1, 2 * below - at);
  }

  /**
   * The difference's score interval (Tango 1998, Statistics in Medicine 17:891-908): keeps its
   * confidence for few pairs and few discordant ones.
   */
  public Interval tango(double level) {
    double z = Curves.normalQuantile(1 - (1 - level) / 2);
    double seen = difference();
    double lower = seen <= -1 ? -1 : Roots.bisect(d -> score(d) - z, -1 + 1e-12, seen, 1e-13);
    double upper = seen >= 1 ? 1 : Roots.bisect(d -> score(d) + z, seen, 1 - 1e-12, 1e-13);
    return new Interval(lower, upper);
  }

  /** The chance of a difference as good as this, were {@code assumed} the truth, by the score. */
  public double pAtLeast(double assumed) {
    double score = score(assumed);
    return score == Double.MAX_VALUE
        ? 0
        : score == -Double.MAX_VALUE ? 1 : Curves.normalAbove(score);
  }

  /** How many standard errors the difference lies above {@code assumed}, were that the truth. */
  double score(double assumed) {
    double n = pairs();
    double b = onlyCandidate;
    double c = onlyIncumbent;
    double linear = -b - c + (2 * n - b + c) * assumed;
    double constant = -c * assumed * (1 - assumed);
    double root = Math.sqrt(Math.max(0, linear * linear - 8 * n * constant));
    double lossShare = (root - linear) / (4 * n);
    double variance = n * (2 * lossShare + assumed * (1 - assumed));
    double gap = b - c - n * assumed;
    if (variance <= 0) {
      return gap == 0 ? 0 : Math.signum(gap) * Double.MAX_VALUE;
    }
    return gap / Math.sqrt(variance);
  }

  /** The difference's interval by Newcombe's method 10 for pairs (1998, 17:2635-2650). */
  public Interval newcombe(double level) {
    double n = pairs();
    long candidate = both + onlyCandidate;
    long incumbent = both + onlyIncumbent;
    Interval first = Proportions.wilson(candidate, pairs(), level);
    Interval second = Proportions.wilson(incumbent, pairs(), level);
    double p1 = candidate / n;
    double p2 = incumbent / n;
    double phi = correlation();
    double d1 = p1 - first.lower();
    double u1 = first.upper() - p1;
    double d2 = p2 - second.lower();
    double u2 = second.upper() - p2;
    double down = Math.sqrt(Math.max(0, d1 * d1 - 2 * phi * d1 * u2 + u2 * u2));
    double up = Math.sqrt(Math.max(0, u1 * u1 - 2 * phi * u1 * d2 + d2 * d2));
    return new Interval(p1 - p2 - down, p1 - p2 + up).within(-1, 1);
  }

  private double correlation() {
    double margins =
        (double) (both + onlyCandidate)
            * (onlyIncumbent + neither)
            * (both + onlyIncumbent)
            * (onlyCandidate + neither);
    if (margins == 0) {
      return 0;
    }
    double crossed = (double) both * neither - (double) onlyCandidate * onlyIncumbent;
    double n = pairs();
    // Newcombe corrects a positive association for continuity, since the estimate is too sure.
    double corrected = crossed > 0 ? Math.max(crossed - n / 2, 0) : crossed;
    return corrected / Math.sqrt(margins);
  }

  /** The chance of a difference as good as this, were the candidate worse by the whole margin. */
  public double nonInferiorityP(double margin) {
    double error = standardError();
    double above = difference() + margin;
    if (error == 0) {
      return above > 0 ? 0 : 1;
    }
    return Curves.normalAbove(above / error);
  }

  /** One-sided, by the normal curve. */
  public double lowerBound(double level) {
    return difference() - Curves.normalQuantile(level) * standardError();
  }
}
