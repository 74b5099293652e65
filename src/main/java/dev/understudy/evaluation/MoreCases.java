package dev.understudy.evaluation;

import dev.understudy.evaluation.Verdict.Comparison;
import dev.understudy.statistics.Planning;
import java.util.List;
import java.util.Optional;

/** Reckons how many cases more would settle what is undecided, were the difference as it seems. */
final class MoreCases {
  private MoreCases() {}

  /** Empty where no number is known to do. */
  static Optional<Long> of(Suite suite, List<Pair> judged, Comparison all) {
    double squares = 0;
    for (Pair pair : judged) {
      double off = pair.difference(suite.metric()).orElseThrow() - all.difference();
      squares += off * off;
    }
    double variance = squares / Math.max(1, judged.size() - 1);
    if (variance == 0) {
      return alike(suite, judged.size(), all);
    }
    double room =
        all.difference() > -suite.margin()
            ? all.difference()
            : -2 * suite.margin() - all.difference();
    double needed =
        Planning.nonInferiority(variance, suite.margin(), room, suite.alpha(), suite.power());
    if (Double.isInfinite(needed) || needed > 1e9) {
      return Optional.empty();
    }
    long more = (long) Math.ceil(needed) - judged.size();
    return more > 0 ? Optional.of(more) : Optional.empty();
  }

  /** Nothing told the two apart so far: how many such cases the score interval wants. */
  private static Optional<Long> alike(Suite suite, int pairs, Comparison all) {
    if (all.outcomes().isEmpty() || all.difference() != 0) {
      return Optional.empty();
    }
    double scale = suite.isCompared() ? 2 : 1;
    if (suite.margin() * scale >= 1) {
      return Optional.empty();
    }
    double needed = Planning.alike(suite.margin() * scale, suite.alpha());
    return needed > pairs ? Optional.of((long) Math.ceil(needed) - pairs) : Optional.empty();
  }
}
