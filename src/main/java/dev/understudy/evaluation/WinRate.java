package dev.understudy.evaluation;

import dev.understudy.statistics.Sample;
import java.util.List;
import java.util.Optional;

/**
 * How far judges prefer one side over many pairs: the mean preference, as AlpacaEval has it.
 *
 * @param rate from 0 to 1
 * @param standardError of the rate; 0 for a single pair
 * @param pairs with a verdict; those without one are in {@code silent}
 */
public record WinRate(
    double rate, double standardError, int wins, int losses, int ties, int pairs, int silent) {

  /**
   * Counts.
   *
   * @param preferences from 0 to 1; empty where the judge said nothing, which counts for nobody
   */
  public static WinRate of(List<Optional<Double>> preferences) {
    double[] heard =
        preferences.stream().flatMap(Optional::stream).mapToDouble(Double::doubleValue).toArray();
    if (heard.length == 0) {
      return new WinRate(0.5, 0, 0, 0, 0, 0, preferences.size());
    }
    int wins = 0;
    int losses = 0;
    for (double p : heard) {
      wins += p > 0.5 ? 1 : 0;
      losses += p < 0.5 ? 1 : 0;
    }
    Sample sample = Sample.of(heard);
    return new WinRate(
        sample.mean(),
        heard.length < 2 ? 0 : sample.standardError(),
        wins,
        losses,
        heard.length - wins - losses,
        heard.length,
        preferences.size() - heard.length);
  }

  /** With every preference rounded to a win or a loss. */
  public double discrete() {
    return pairs == 0 ? 0.5 : (wins + ties / 2.0) / pairs;
  }
}
