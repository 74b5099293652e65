package dev.understudy.app.settings;

import dev.understudy.app.settings.RouteBlock.CascadeBlock;
import dev.understudy.app.settings.RouteBlock.CouncilBlock;
import dev.understudy.routing.Review;
import dev.understudy.routing.RouteTarget;
import dev.understudy.routing.Tier;
import dev.understudy.routing.Waits;
import dev.understudy.text.Decimal;
import dev.understudy.text.Place;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Makes reviews of what a route's block says about its cascade or council. */
final class ReviewReader {
  private static final String SAMPLED = "sampled";
  private static final String[] SAMPLINGS = {"always", SAMPLED};

  private final TargetNames names;
  private final TargetReader targets;
  private final Choices choices;
  private final Problems problems;

  ReviewReader(TargetNames names, TargetReader targets, Choices choices, Problems problems) {
    this.names = names;
    this.targets = targets;
    this.choices = choices;
    this.problems = problems;
  }

  /**
   * The review of a route, if it has one.
   *
   * @param of its targets by priority
   */
  Optional<Review> review(RouteBlock block, List<Tier> of) {
    if (block.cascade().isPresent() && block.council().isPresent()) {
      problems.add(
          block.council().get().checker().place(), "a route has either a cascade or a council");
      return Optional.empty();
    }
    return block
        .cascade()
        .<Review>flatMap(said -> cascade(said, block, of))
        .or(() -> block.council().flatMap(this::council));
  }

  private Optional<Review> cascade(CascadeBlock said, RouteBlock block, List<Tier> of) {
    if (of.size() < 2) {
      Place at =
          said.threshold()
              .map(Decimal::place)
              .or(() -> said.judge().map(Text::place))
              .or(() -> block.serve().map(Text::place))
              .or(() -> block.targets().stream().findFirst().map(one -> one.target().place()))
              .orElse(new Place("", 1, 1));
      problems.add(at, "a cascade needs somebody to ask next: name others under fallback");
    }
    double threshold = choices.within(said.threshold(), 0, 1, 0.5, "threshold");
    Optional<RouteTarget> judge =
        said.judge().flatMap(names::of).map(target -> targets.plain(target, Waits.NONE));
    return Optional.of(new Review.Cascade(threshold, judge));
  }

  private Optional<Review> council(CouncilBlock said) {
    boolean sampled =
        said.on()
            .flatMap(text -> choices.choice(text, "sampling", SAMPLINGS, Function.identity()))
            .filter(SAMPLED::equals)
            .isPresent();
    if (!sampled && said.share().isPresent()) {
      problems.add(said.share().get().place(), "a share is of use with on: sampled only");
    }
    double share = sampled ? choices.within(said.share(), 0, 1, 0.1, "share") : 1;
    Review.Action action =
        said.action()
            .flatMap(
                text -> choices.choice(text, "action", Review.Action.values(), Review.Action::text))
            .orElse(Review.Action.ANNOTATE);
    return names
        .of(said.checker())
        .map(target -> new Review.Council(targets.plain(target, Waits.NONE), share, action));
  }
}
