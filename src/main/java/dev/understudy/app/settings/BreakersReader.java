package dev.understudy.app.settings;

import dev.understudy.app.settings.SettingsFile.BreakersBlock;
import dev.understudy.routing.BreakerRule;
import dev.understudy.text.Decimal;
import dev.understudy.text.Problems;
import java.time.Duration;
import java.util.Optional;

/** Reads when a target that fails is taken out, and for how long. */
final class BreakersReader {
  /** The block that is not there. */
  static final BreakersBlock NOTHING_SAID =
      new BreakersBlock(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  private final Problems problems;

  BreakersReader(Problems problems) {
    this.problems = problems;
  }

  BreakerRule read(BreakersBlock said) {
    BreakerRule usual = BreakerRule.USUAL;
    Duration out = said.out().orElse(usual.out());
    return new BreakerRule(
        said.consecutive().orElse(usual.consecutive()),
        share(said.failures(), usual.share(), "failures"),
        said.calls().orElse(usual.callsMin()),
        said.window().orElse(usual.window()),
        said.slowAfter().orElse(usual.slowAfter()),
        share(said.slow(), usual.slowShare(), "slow"),
        out,
        said.outMax().filter(max -> max.compareTo(out) >= 0).orElse(longer(out, usual.outMax())),
        said.probe().orElse(usual.probe()));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private double share(Optional<Decimal> said, double usual, String name) {
    if (said.isEmpty()) {
      return usual;
    }
    double share = said.get().value().doubleValue();
    if (!(share > 0 && share <= 1)) {
      problems.add(
          said.get().place(),
          name + " must be more than 0 and at most 1, not " + said.get().value().toPlainString());
      return usual;
    }
    return share;
  }
}
