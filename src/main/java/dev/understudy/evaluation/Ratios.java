package dev.understudy.evaluation;

import dev.understudy.evaluation.Verdict.Ratio;
import dev.understudy.money.Money;
import dev.understudy.statistics.Bootstrap;
import java.util.Arrays;
import java.util.Currency;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What the candidate takes of something for each that the incumbent takes, with bootstrap
 * intervals.
 */
final class Ratios {
  private static final int DRAWS = 2_000;
  private static final long SEED = 20_240_611;

  private Ratios() {}

  static Optional<Ratio> of(List<Pair> judged, ToDoubleFunction<Answer.Given> figure) {
    return quotient(means(judged, Pair::candidate, figure), means(judged, Pair::incumbent, figure));
  }

  /** Only where every answer has a price, all in one currency. */
  static Optional<Ratio> costs(List<Pair> judged, Costs costs) {
    var currencies = new HashSet<Currency>();
    for (Pair pair : judged) {
      for (Side side : List.of(pair.candidate(), pair.incumbent())) {
        for (Answer.Given answer : ((Side.Judged) side).answers()) {
          Optional<Money> cost = costs.of(answer);
          if (cost.isEmpty()) {
            return Optional.empty();
          }
          currencies.add(cost.get().currency());
        }
      }
    }
    return currencies.size() == 1
        ? of(judged, a -> costs.of(a).map(m -> m.amount().doubleValue()).orElse(0.0))
        : Optional.empty();
  }

  private static Optional<Ratio> quotient(double[] candidate, double[] incumbent) {
    double below = Arrays.stream(incumbent).sum();
    if (below <= 0 || Arrays.stream(candidate).sum() <= 0) {
      return Optional.empty();
    }
    Bootstrap.Figure quotient =
        drawn -> {
          double above = 0;
          double under = 0;
          for (int i : drawn) {
            above += candidate[i];
            under += incumbent[i];
          }
          return under == 0 ? Double.MAX_VALUE : above / under;
        };
    return Optional.of(
        new Ratio(
            Arrays.stream(candidate).sum() / below,
            new Bootstrap(DRAWS, SEED).percentile(candidate.length, 0.95, quotient)));
  }

  /** Of each cluster, summed over its cases: those are drawn whole. */
  private static double[] means(
      List<Pair> judged, Function<Pair, Side> side, ToDoubleFunction<Answer.Given> figure) {
    var sums = new LinkedHashMap<String, Double>();
    for (Pair pair : judged) {
      double mean =
          ((Side.Judged) side.apply(pair))
              .answers().stream().mapToDouble(figure).average().orElse(0);
      sums.merge(pair.asked().cluster(), mean, Double::sum);
    }
    return sums.values().stream().mapToDouble(Double::doubleValue).toArray();
  }
}
