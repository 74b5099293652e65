package dev.understudy.app;

import dev.understudy.admin.AdminRefusal;
import dev.understudy.app.settings.BadSettings;
import dev.understudy.app.settings.DeclaredRollout;
import dev.understudy.chat.Feature;
import dev.understudy.gateway.Gateway;
import dev.understudy.json.Json;
import dev.understudy.rollout.RolloutState;
import dev.understudy.routing.Plan;
import dev.understudy.routing.Request;
import dev.understudy.routing.Route;
import dev.understudy.routing.RouteTarget;
import dev.understudy.text.Nearness;
import dev.understudy.text.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/** Makes a rollout of what was declared, if that fits what is in force. */
final class Beginnings {
  /** A request of some length, to see whether there is a price. */
  private static final Request A_REQUEST = new Request("", "", Set.of(), Set.of(), 4_000, "", 0);

  private final Gateway gateway;
  private final Rollouts.Checks checks;
  private final List<DeclaredRollout> declared;
  private final List<RolloutState> standing;

  /**
   * Will look at what is in force now.
   *
   * @param declared the settings' own
   * @param standing those that have begun
   */
  Beginnings(
      Gateway gateway,
      Rollouts.Checks checks,
      List<DeclaredRollout> declared,
      List<RolloutState> standing) {
    this.gateway = gateway;
    this.checks = checks;
    this.declared = declared;
    this.standing = standing;
  }

  /**
   * The rollout of that name.
   *
   * @param text what an operator sent to declare it; empty for the settings' own
   * @param file what the operator calls that text; empty if it has no name
   * @throws AdminRefusal if there is none, or it does not fit
   */
  RolloutState.Beginning of(String name, byte[] text, String file) {
    DeclaredRollout wanted = text.length == 0 ? declared(name) : sent(name, text, file);
    DeclaredRollout.Places places = wanted.places();
    Plan plan = gateway.plan();
    Route route =
        plan.routes().stream()
            .filter(one -> one.name().equals(wanted.route()))
            .findFirst()
            .orElseThrow(() ->
                refused(
                    places.route(),
                    "there is no route %s%s"
                        .formatted(
                            Nearness.quoted(wanted.route()),
                            Nearness.hint(wanted.route(), plan.routeNames()))));
    String incumbent = route.serve().name();
    if (incumbent.equals(wanted.candidate())) {
      throw refused(
          places.candidate(), "%s serves route %s already".formatted(incumbent, route.name()));
    }
    isFree(route, incumbent, places.route());
    RouteTarget candidate =
        Rollouts.target(plan, wanted.candidate())
            .filter(found -> gateway.vendors().named(found.target().vendor()).isPresent())
            .orElseThrow(() ->
                refused(
                    places.candidate(),
                    "the vendor of %s is not on; there are %s"
                        .formatted(wanted.candidate(), String.join(", ", plan.vendorNames()))));
    check(route, candidate, wanted);
    wanted
        .certificate()
        .flatMap(certificate ->
            checks.qualifications().objection(certificate, wanted.candidate(), incumbent))
        .ifPresent(why -> {
          throw refused(
              places.certificate(),
              "there is no certificate for %s: %s".formatted(wanted.candidate(), why));
        });
    return new RolloutState.Beginning(
        UUID.randomUUID().toString(),
        name,
        route.name(),
        wanted.candidate(),
        incumbent,
        Json.text(kept(wanted)),
        wanted.rules());
  }

  private ObjectNode kept(DeclaredRollout wanted) {
    ObjectNode kept = Json.object();
    // Read now, so that a suite that cannot judge is heard of before anything is copied.
    wanted
        .suite()
        .ifPresent(suite -> {
          try {
            checks.judge().of(suite, _ -> {});
          } catch (AdminRefusal e) {
            throw refused(wanted.places().suite(), e.getMessage());
          }
          kept.put("suite", suite.toAbsolutePath().toString());
        });
    return kept;
  }

  /** A route is under one rollout at a time, and its settings say who serves it. */
  private void isFree(Route route, String incumbent, Place place) {
    for (RolloutState other : standing) {
      if (!other.route().equals(route.name())) {
        continue;
      }
      if (other.isOpen()) {
        throw refused(
            place,
            "route %s is under rollout %s already, which is %s"
                .formatted(route.name(), other.name(), other.status().word()));
      }
      if (other.status() == RolloutState.Status.PROMOTED && !other.candidate().equals(incumbent)) {
        throw refused(
            place,
            "route %s is served by %s since rollout %s: write serve: %s into its settings first, or"
                    .formatted(route.name(), other.candidate(), other.name(), other.candidate())
                + " abort that rollout");
      }
    }
  }

  private void check(Route route, RouteTarget candidate, DeclaredRollout wanted) {
    Place place = wanted.places().candidate();
    if (!route.regions().isEmpty() && route.regions().stream().noneMatch(candidate::isIn)) {
      throw refused(
          place,
          "route %s answers in %s, and %s"
              .formatted(
                  route.name(),
                  String.join(" or ", route.regions()),
                  candidate.region().isEmpty()
                      ? "it is not known where %s does".formatted(candidate.name())
                      : "%s answers in %s".formatted(candidate.name(), candidate.region())));
    }
    RouteTarget serving = route.serving();
    var lacks = new ArrayList<Feature>(candidate.lacks());
    lacks.removeAll(serving.lacks());
    if (!lacks.isEmpty() && !wanted.lackingPasses()) {
      throw refused(
          place,
          "%s does not take %s, which %s does; with lacking: pass such requests pass it by"
              .formatted(
                  candidate.name(),
                  lacks.stream().map(Feature::text).sorted().collect(Collectors.joining(", ")),
                  serving.name()));
    }
    if (Double.isNaN(checks.prices().of(candidate.target(), A_REQUEST))) {
      throw refused(
          place,
          ("%s has no price, so that neither its cost nor what its copies may cost can be held to;"
                  + " give it one in a price book under prices, 0 if it costs nothing")
              .formatted(candidate.name()));
    }
  }

  private DeclaredRollout declared(String name) {
    return declared.stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new AdminRefusal(
                404,
                "the settings declare no rollout %s%s"
                    .formatted(
                        Nearness.quoted(name),
                        Nearness.hint(
                            name, declared.stream().map(DeclaredRollout::name).toList()))));
  }

  private DeclaredRollout sent(String name, byte[] text, String file) {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
      throw new AdminRefusal(
          400, "a rollout's name is up to 64 letters, digits, points, underscores and hyphens");
    }
    try {
      return DeclaredRollout.read(name, file, text, checks.base(), checks.environment());
    } catch (BadSettings e) {
      throw new AdminRefusal(400, String.join("\n", e.lines()));
    }
  }

  private static AdminRefusal refused(Place place, String why) {
    return new AdminRefusal(409, place + ": " + why);
  }
}
