package dev.understudy.app;

import dev.understudy.app.settings.Settings;
import dev.understudy.chat.Feature;
import dev.understudy.evaluation.Case;
import dev.understudy.evaluation.Costs;
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
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Says before anything is asked which targets of a run are not there or cannot do what it asks. */
final class QualifyTargets {
  private final Plan plan;
  private final Suite suite;
  private final List<String> candidates;
  private final String incumbent;
  private final Costs costs;

  QualifyTargets(Plan plan, Suite suite, List<String> candidates, String incumbent, Costs costs) {
    this.plan = plan;
    this.suite = suite;
    this.candidates = candidates;
    this.incumbent = incumbent;
    this.costs = costs;
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
    objections.addAll(unpriced(answering));
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

  /** Who has no price, where cases demand that an answer costs no more than so much. */
  private List<String> unpriced(List<String> answering) {
    List<Case> priced = suite.cases().stream().filter(Case::needsPrice).toList();
    var objections = new ArrayList<String>();
    for (String name : answering) {
      if (!priced.isEmpty() && found(name).isPresent() && costs.of(first(name), 1, 1).isEmpty()) {
        objections.add(
            "no price is known of %s, so that the check cost of %d of %d cases cannot be judged, the first of them %s"
                .formatted(name, priced.size(), suite.cases().size(), priced.getFirst().id()));
      }
    }
    return objections;
  }

  /** Judges that have a part in what they judge, under their own name or behind a route's. */
  List<String> partial(String candidate) {
    var warnings = new ArrayList<String>();
    for (String judge : suite.judging().map(Judging::targets).orElse(List.of())) {
      for (String side : List.of(candidate, incumbent)) {
        Set<String> same = models(judge);
        same.retainAll(models(side));
        if (!same.isEmpty()) {
          warnings.add(
              "%s is judge and %s at once%s: models prefer their own answers"
                  .formatted(
                      judge,
                      side.equals(incumbent) ? "incumbent" : "candidate",
                      judge.equals(side) ? "" : ", as " + String.join(", ", same)));
        }
      }
    }
    return warnings;
  }

  /** The models that a name may lead to, whoever sells them. */
  private Set<String> models(String name) {
    Set<String> models = new TreeSet<>();
    found(name).ifPresent(route -> route.targets().forEach(target -> models.add(target.model())));
    if (models.isEmpty()) {
      models.add(model(name));
    }
    return models;
  }

  private static String model(String name) {
    return name.substring(name.indexOf('/') + 1);
  }

  /** What candidates lack that the incumbent's route has to offer: a rollout would refuse them. */
  List<String> warnings() {
    var warnings = new ArrayList<String>();
    for (String candidate : candidates) {
      if (found(candidate).isPresent()
          && found(incumbent).isPresent()
          && first(candidate).equals(first(incumbent))) {
        warnings.add(
            "warning: %s and %s both lead to %s: a model is no worse than itself"
                .formatted(candidate, incumbent, first(candidate)));
      }
    }
    Optional<Route> route = found(incumbent).filter(r -> plan.routeNames().contains(incumbent));
    if (route.isEmpty()) {
      return warnings;
    }
    RouteTarget serving = route.get().serving();
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
    return found(name).map(route -> route.serving().name()).orElse(name);
  }

  /** What no target under this name has, as far as is known. */
  private Set<Feature> lacks(String name) {
    return found(name)
        .map(route -> {
          Set<Feature> all = EnumSet.allOf(Feature.class);
          route.routeTargets().forEach(target -> all.retainAll(target.lacks()));
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
