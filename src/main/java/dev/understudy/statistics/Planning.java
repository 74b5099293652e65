package dev.understudy.statistics;

/** How many questions it takes. */
public final class Planning {
  private Planning() {}

  /**
   * Questions until a difference of {@code effect} is found with this power by a paired two-sided
   * test (Miller 2024, arXiv 2411.00640).
   *
   * @param between variance of the difference between questions
   * @param candidateWithin variance of the candidate's score on one question
   * @param incumbentWithin likewise of the incumbent's
   * @param repeats answers to each question
   */
  public static double pairs(
      double between,
      double candidateWithin,
      double incumbentWithin,
      int repeats,
      double effect,
      double alpha,
      double power) {
    double z = Curves.normalQuantile(1 - alpha / 2) + Curves.normalQuantile(power);
    double variance = between + (candidateWithin + incumbentWithin) / repeats;
    return z * z * variance / (effect * effect);
  }

  /**
   * Questions until non-inferiority within {@code margin} is shown, one-sided.
   *
   * @param variance of one pair's difference
   * @param difference the candidate's true gain, negative for a loss, which must stay below the
   *     margin
   * @return infinite where the loss lies at the margin or beyond
   */
  public static double nonInferiority(
      double variance, double margin, double difference, double alpha, double power) {
    double room = margin + difference;
    if (room <= 0) {
      return Double.POSITIVE_INFINITY;
    }
    double z = Curves.normalQuantile(1 - alpha) + Curves.normalQuantile(power);
    return z * z * variance / (room * room);
  }

  /**
   * Questions of a yes or no kind until non-inferiority is shown, one-sided, by McNemar's
   * reasoning.
   *
   * @param discordant share of the questions that tell the two apart
   * @param loss the candidate's true loss, 0 if they are equal; must stay below the margin
   * @return infinite where the loss lies at the margin or beyond
   */
  public static double mcNemar(
      double discordant, double margin, double loss, double alpha, double power) {
    double room = margin - loss;
    if (room <= 0) {
      return Double.POSITIVE_INFINITY;
    }
    double z =
        Curves.normalQuantile(1 - alpha) * Math.sqrt(discordant)
            + Curves.normalQuantile(power) * Math.sqrt(Math.max(0, discordant - room * room));
    return z * z / (room * room);
  }

  /** The chance of showing non-inferiority with so many pairs, one-sided. */
  public static double power(
      double variance, double margin, double difference, double alpha, int pairs) {
    double error = Math.sqrt(variance / pairs);
    if (error == 0) {
      return margin + difference > 0 ? 1 : 0;
    }
    return Curves.normalAbove(Curves.normalQuantile(1 - alpha) - (margin + difference) / error);
  }

  /**
   * Questions of a yes or no kind until non-inferiority is shown by the score interval, if not one
   * tells the two apart: its end is then {@code z² / (n + z²)} away.
   */
  public static double alike(double margin, double alpha) {
    double z = Curves.normalQuantile(1 - alpha);
    return Math.nextUp(z * z * (1 - margin) / margin);
  }
}
