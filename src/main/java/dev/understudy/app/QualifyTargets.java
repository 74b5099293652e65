package dev.understudy.app;

import dev.understudy.app.settings.Settings;
import dev.understudy.chat.Feature;
import dev.understudy.evaluation.Case;
import dev.understudy.evaluation.Judging;
import dev.understudy.evaluation.Suite;
import dev.understudy.routing.Plan;
import dev.understudy.routing.Resolution;
import dev.understudy.routing.Route;
import dev.understudy.routing.RouteTarget;
import dev.understudy.sandbox.Sandbox;
import dev.understudy.sandbox.SandboxSettings;
import dev.understudy.text.Nearness;
import dev.understudy.vendor.Catalogue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Says before anything is asked which targets of a run are not there or cannot do what it asks. */
final class QualifyTargets {
  private final Plan plan;
  private final Suite suite;
  private final List<String> candidates;
  private final String incumbent;

  QualifyTargets(Plan plan, Suite suite, List<String> candidates, String incumbent) {
    this.plan = plan;
    this.suite = suite;
    this.candidates = candidates;
    this.incumbent = incumbent;
  }

  /** The plan of a gateway that is started with these settings, vendors in the box included. */
  static Plan plan(Settings settings) throws IOException {
    if (!settings.sandbox()) {
      return settings.plan();
    }
    try (Sandbox box = Sandbox.start(SandboxSettings.defaults())) {
      return settings.with(SandboxVendors.of(box, Catalogue.load(), settings.vendors())).plan();
    }
  }

  /**
   * What makes the run pointless.
   *
   * @param whole whether the plan is that of the gateway which is asked, so that a name that it
   *     does not know is nobody's
   */
  List<String> objections(boolean whole) {
    var objections = new ArrayList<String>();
    var answering = new ArrayList<>(candidates);
    answering.add(incumbent);
    if (whole) {
      var all = new ArrayList<>(answering);
      all.addAll(suite.judging().map(Judging::targets).orElse(List.of()));
      for (String name : all) {
        if (plan.resolve(name) instanceof Resolution.Unknown(String asked, List<String> near)) {
          objections.add(
              "there is no target and no route %s%s"
                  .formatted(
                      Nearness.quoted(asked),
                      near.isEmpty()
                          ? "; vendors that are on: " + String.join(", ", plan.vendorNames())
                          : "; near: " + String.join(", ", near)));
        }
      }
    }
    List<Case> tools = suite.cases().stream().filter(c -> !c.toolsJson().isEmpty()).toList();
    if (!tools.isEmpty()) {
      for (String name : answering) {
        if (lacks(name).contains(Feature.TOOLS)) {
          objections.add(
              "%s does not take tools, which %d of %d cases offer, the first of them %s"
                  .formatted(name, tools.size(), suite.cases().size(), tools.getFirst().id()));
        }
      }
    }
    return objections;
  }

  /** What candidates lack that the incumbent's route has to offer: a rollout would refuse them. */
  List<String> warnings() {
    var warnings = new ArrayList<String>();
    Optional<Route> route = found(incumbent).filter(r -> plan.routeNames().contains(incumbent));
    if (route.isEmpty()) {
      return warnings;
    }
    RouteTarget serving = route.get().tiers().getFirst().targets().getFirst();
    for (String candidate : candidates) {
      Set<Feature> lacks = lacks(candidate);
      lacks.removeAll(serving.lacks());
      if (!lacks.isEmpty()) {
        warnings.add(
            "warning: %s does not take %s, which %s on route %s does: a rollout needs lacking: pass"
                .formatted(
                    candidate,
                    lacks.stream().map(Feature::text).sorted().collect(Collectors.joining(", ")),
                    serving.name(),
                    incumbent));
      }
    }
    return warnings;
  }

  /**
   * Who answers under a name as long as nobody fails, for estimates; the name where that is open.
   */
  String first(String name) {
    return found(name)
        .map(route -> route.tiers().getFirst().targets().getFirst().name())
        .orElse(name);
  }

  /** What no target under this name has, as far as is known. */
  private Set<Feature> lacks(String name) {
    return found(name)
        .map(route -> {
          Set<Feature> all = EnumSet.allOf(Feature.class);
          route.tiers().stream()
              .flatMap(tier -> tier.targets().stream())
              .forEach(target -> all.retainAll(target.lacks()));
          return all;
        })
        .orElseGet(() -> EnumSet.noneOf(Feature.class));
  }

  private Optional<Route> found(String name) {
    return plan.resolve(name) instanceof Resolution.Found(Route route)
        ? Optional.of(route)
        : Optional.empty();
  }
}
