package dev.understudy.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The cases that count for nobody, by why: each case once, for the first reason that holds.
 *
 * @param asked all cases of the run
 * @param failed by a vendor
 * @param cut by a limit on the answer's length
 * @param unjudged by judges that said nothing, or for want of a price
 */
record Uncounted(int asked, int failed, int cut, int unjudged) {

  static Uncounted of(List<Pair> pairs, Suite.Metric metric) {
    int failed = 0;
    int cut = 0;
    int unjudged = 0;
    for (Pair pair : pairs) {
      if (has(pair, Side.Reason.FAILED)) {
        failed++;
      } else if (has(pair, Side.Reason.CUT)) {
        cut++;
      } else if (pair.difference(metric).isEmpty()) {
        unjudged++;
      }
    }
    return new Uncounted(pairs.size(), failed, cut, unjudged);
  }

  private static boolean has(Pair pair, Side.Reason reason) {
    return (pair.candidate() instanceof Side.Unjudged c && c.reason() == reason)
        || (pair.incumbent() instanceof Side.Unjudged i && i.reason() == reason);
  }

  /**
   * Why there is no verdict, if too many are missing: what is left was not drawn by chance, since
   * it is the hard questions that answers are cut at and judges stumble over.
   */
  Optional<String> tooMany(Suite suite) {
    int missing = failed + cut + unjudged;
    if (missing <= suite.failuresMax() * asked) {
      return Optional.empty();
    }
    var why = new ArrayList<String>();
    if (failed > 0) {
      why.add("vendors failed " + failed);
    }
    if (cut > 0) {
      why.add("%d were cut by a limit on their length".formatted(cut));
    }
    if (unjudged > 0) {
      why.add("%d could not be judged".formatted(unjudged));
    }
    return Optional.of(
        "%d of %d cases count for nobody (%s), more than the %s that the suite allows"
            .formatted(
                missing, asked, String.join(", ", why), Judgement.percent(suite.failuresMax())));
  }

  /** One line for each reason, with an example. */
  List<String> warnings(List<Pair> pairs) {
    var warnings = new ArrayList<String>();
    if (failed > 0) {
      warnings.add(
          "%d of %d cases were failed by a vendor and count for nobody%s"
              .formatted(failed, asked, failure(pairs)));
    }
    if (cut > 0) {
      warnings.add(
          "%d of %d cases have an answer that was cut by a limit on its length and count for nobody; a higher max-tokens lets them count"
              .formatted(cut, asked));
    }
    if (unjudged > 0) {
      warnings.add(
          "%d of %d cases could not be judged and count for nobody, as: %s"
              .formatted(unjudged, asked, silence(pairs)));
    }
    return warnings;
  }

  /** What one of them said, so that nobody has to look for it in the cases. */
  private static String failure(List<Pair> pairs) {
    return pairs.stream()
        .flatMap(pair ->
            Stream.concat(
                said("candidate", pair.candidate()).stream(),
                said("incumbent", pair.incumbent()).stream()))
        .findFirst()
        .map(", as the "::concat)
        .orElse("");
  }

  private static Optional<String> said(String who, Side side) {
    return side instanceof Side.Unjudged(Side.Reason reason, String message)
            && reason == Side.Reason.FAILED
        ? Optional.of(who + "'s: " + message)
        : Optional.empty();
  }

  private static String silence(List<Pair> pairs) {
    String why = "";
    for (Pair pair : pairs) {
      for (Side side : List.of(pair.candidate(), pair.incumbent())) {
        if (side instanceof Side.Unjudged(Side.Reason reason, String message)
            && reason == Side.Reason.JUDGE) {
          why = message;
        }
      }
      for (Duel duel : pair.duels()) {
        if (duel.preference().isEmpty()) {
          why = duel.silence();
        }
      }
    }
    return why;
  }
}
