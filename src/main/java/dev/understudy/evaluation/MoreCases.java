package dev.understudy.evaluation;

import dev.understudy.evaluation.Verdict.Comparison;
import dev.understudy.statistics.ClusteredSample;
import dev.understudy.statistics.Planning;
import java.util.List;
import java.util.Optional;

/** Reckons how many cases more would settle what is undecided, were the difference as it seems. */
final class MoreCases {
  private MoreCases() {}

  /** Empty where no number is known to do, or where it is not the number that is wanting. */
  static Optional<Long> of(Suite suite, List<Pair> judged, Comparison all) {
    if (all.interval().lower() > -suite.margin()) {
      return Optional.empty();
    }
    ClusteredSample sample =
        ClusteredSample.of(
            judged.stream()
                .map(pair ->
                    new ClusteredSample.Value(
                        pair.asked().cluster(), pair.difference(suite.metric()).orElseThrow()))
                .toList());
    // Of one case, were each a witness of its own: cases of one cluster bring less.
    double variance = sample.correctedError() * sample.correctedError() * judged.size();
    double room =
        all.difference() > -suite.margin()
            ? all.difference()
            : -2 * suite.margin() - all.difference();
    double needed =
        variance > 0
            ? Planning.nonInferiority(variance, suite.margin(), room, suite.alpha(), suite.power())
            : 0;
    if (needed <= judged.size()) {
      needed = alike(suite, sample, all);
    }
    // As many cases to a cluster as there are now.
    if (Double.isNaN(needed) || needed > 1e9) {
      return Optional.empty();
    }
    long more = (long) Math.ceil(needed) - judged.size();
    return more > 0 ? Optional.of(more) : Optional.empty();
  }

  /** Little told the two apart so far: how many such cases it takes by their number alone. */
  private static double alike(Suite suite, ClusteredSample sample, Comparison all) {
    double most = suite.isCompared() ? 0.5 : 1;
    if (suite.margin() >= most || all.difference() <= -suite.margin()) {
      return Double.NaN;
    }
    if (all.outcomes().isPresent()) {
      return all.difference() == 0 ? Planning.alike(suite.margin() / most, suite.alpha()) : 0;
    }
    double fall = (all.difference() + suite.margin()) / (all.difference() + most);
    double clusters = Math.log(suite.alpha()) / Math.log1p(-fall);
    return Math.ceil(Math.nextUp(clusters)) * sample.count() / sample.clusters();
  }
}
