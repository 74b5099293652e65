package dev.understudy.app.settings;

import dev.understudy.app.settings.RouteBlock.GainBlock;
import dev.understudy.gain.GainModel;
import dev.understudy.gain.Proof;
import dev.understudy.gain.RouterFile;
import dev.understudy.routing.Balance;
import dev.understudy.routing.GainRule;
import dev.understudy.routing.RouteTarget;
import dev.understudy.routing.Target;
import dev.understudy.text.Decimal;
import dev.understudy.text.Nearness;
import dev.understudy.text.Place;
import dev.understudy.text.Problems;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Makes the rule of a route that chooses by gain, if its router may serve. */
final class GainReader {
  private final Problems problems;

  GainReader(Problems problems) {
    this.problems = problems;
  }

  /**
   * The rule of a route; empty where it does not choose by gain, or a problem was reported.
   *
   * @param at the route's name
   * @param priorities its targets, by priority
   */
  Optional<GainRule> rule(
      RouteBlock route, Balance balance, Place at, Collection<List<RouteTarget>> priorities) {
    if (balance != Balance.GAIN) {
      route
          .gain()
          .ifPresent(block ->
              problems.add(block.router().place(), "a router is of use with balance: gain only"));
      return Optional.empty();
    }
    if (route.gain().isEmpty()) {
      problems.add(at, "balance: gain needs a router: name its file under gain, as router");
      return Optional.empty();
    }
    route
        .affinity()
        .filter(text -> !text.value().equals("none"))
        .ifPresent(text ->
            problems.add(
                text.place(),
                "with balance: gain each request is decided by itself: affinity can only be none"));
    if (priorities.size() != 1 || priorities.iterator().next().size() != 2) {
      if (problems.isEmpty()) {
        problems.add(
            at,
            "balance: gain chooses between two targets of one priority, the cheap one first; others"
                + " go under fallback");
      }
      return Optional.empty();
    }
    List<RouteTarget> two = priorities.iterator().next();
    GainBlock block = route.gain().get();
    return router(block)
        .flatMap(router -> rule(block, router, two.get(0).target(), two.get(1).target()));
  }

  private Optional<RouterFile> router(GainBlock block) {
    try {
      return Optional.of(RouterFile.read(Path.of(block.router().value())));
    } catch (NoSuchFileException e) {
      problems.add(
          block.router().place(),
          "there is no file "
              + block.router().written()
              + "; make it with understudy router train");
    } catch (InvalidPathException e) {
      problems.add(
          block.router().place(),
          Nearness.quoted(block.router().written()) + " is no path of a file");
    } catch (IOException e) {
      problems.add(block.router().place(), String.valueOf(e.getMessage()));
    }
    return Optional.empty();
  }

  private Optional<GainRule> rule(GainBlock block, RouterFile router, Target cheap, Target strong) {
    Place place = block.router().place();
    boolean unproven = block.unproven().orElse(false);
    GainModel model = router.model();
    if (!unproven) {
      String of = model.about().cheap() + " and " + model.about().strong();
      String here = cheap.name() + " and " + strong.name();
      if (!of.equals(here)) {
        problems.add(
            place,
            "this router was learned for %s, not for %s; unproven: true lets it serve all the same"
                .formatted(of, here));
        return Optional.empty();
      }
      Optional<String> objection = objection(router);
      if (objection.isPresent()) {
        problems.add(
            place,
            "this router %s: understudy router check %s --outcomes FILE does that; unproven: true"
                    .formatted(objection.get(), block.router().written())
                + " lets it serve all the same");
        return Optional.empty();
      }
    }
    double proven = router.proof().map(Proof::threshold).orElse(Double.POSITIVE_INFINITY);
    double most = unproven ? Double.POSITIVE_INFINITY : proven;
    return rule(block, model, cheap, strong, most);
  }

  private static Optional<String> objection(RouterFile router) {
    if (router.proof().isEmpty()) {
      return Optional.of("was not checked on outcomes that it did not learn from");
    }
    return switch (router.proof().get().verdict()) {
      case QUALIFIED -> Optional.empty();
      case REJECTED -> Optional.of("was checked, and rejected");
      case UNDECIDED -> Optional.of("was checked, and it is undecided whether it is good enough");
    };
  }

  private Optional<GainRule> rule(
      GainBlock block, GainModel model, Target cheap, Target strong, double most) {
    List<Decimal> said =
        List.of(block.threshold(), block.share(), block.valuePerPoint()).stream()
            .flatMap(Optional::stream)
            .toList();
    if (said.size() != 1) {
      problems.add(
          said.size() > 1 ? said.get(1).place() : block.router().place(),
          "a route by gain has one of threshold, share and value-per-point");
      return Optional.empty();
    }
    double value = said.getFirst().value().doubleValue();
    if (block.threshold().isPresent()) {
      return within(said.getFirst(), -2, 2, "threshold")
          ? Optional.of(new GainRule(model, cheap, strong, value, Double.NaN, most))
          : Optional.empty();
    }
    if (block.share().isPresent()) {
      return within(said.getFirst(), 0, 1, "share")
          ? Optional.of(
              new GainRule(model, cheap, strong, model.thresholdFor(value), Double.NaN, most))
          : Optional.empty();
    }
    if (!(value > 0) || value > 1e9) {
      problems.add(
          said.getFirst().place(), "value-per-point must be more than 0 and at most 1000000000");
      return Optional.empty();
    }
    return Optional.of(new GainRule(model, cheap, strong, Double.NaN, value, most));
  }

  private boolean within(Decimal said, double min, double max, String name) {
    double value = said.value().doubleValue();
    if (value < min || value > max) {
      problems.add(
          said.place(),
          "%s must be from %s to %s, not %s"
              .formatted(name, min, max, said.value().toPlainString()));
      return false;
    }
    return true;
  }
}
