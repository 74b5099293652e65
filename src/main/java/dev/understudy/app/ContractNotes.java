package dev.understudy.app;

import dev.understudy.access.Glob;
import dev.understudy.app.settings.Settings;
import dev.understudy.contract.ContractBook;
import dev.understudy.contract.ContractState;
import dev.understudy.contract.ContractVersion;
import dev.understudy.contract.Party;
import dev.understudy.contract.Rules;
import dev.understudy.contract.Ruling;
import dev.understudy.contract.Subject;
import dev.understudy.routing.Route;
import dev.understudy.routing.RouteTarget;
import dev.understudy.vendor.Vendor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What an operator may want to know of contracts beside the vendors and routes there are. */
final class ContractNotes {
  private ContractNotes() {}

  /** A line for each: names that fit nothing, routes without a lawful target or failover. */
  static List<String> of(ContractBook book, Settings settings, Instant now) {
    var notes = new ArrayList<String>();
    List<RouteTarget> targets =
        settings.routes().stream().flatMap(route -> route.routeTargets().stream()).toList();
    for (ContractVersion version : book.at(now)) {
      for (Party party : version.parties()) {
        for (Glob vendor : party.vendors()) {
          if (settings.vendors().all().stream()
              .noneMatch(one -> vendor.matches(one.name()) || vendor.matches(one.kind()))) {
            notes.add(
                "%s: no vendor of the settings is %s of party %s"
                    .formatted(version.name(), vendor.text(), party.id()));
          }
        }
      }
      version
          .rights()
          .exclusivities()
          .forEach(clause -> {
            for (Glob model : clause.scope().models()) {
              if (targets.stream().noneMatch(one -> fits(model, one.target().model()))) {
                notes.add(
                    "%s: no target of a route is a model like %s"
                        .formatted(version.basis(clause.id()), model.text()));
              }
            }
          });
    }
    Map<String, String> kinds = Contracting.kinds(settings.vendors());
    Rules rules = ContractState.of(book, kinds, List.of(), now).rules();
    for (Route route : settings.routes()) {
      lawful(route, settings, rules, notes);
    }
    for (ContractVersion version : book.at(now)) {
      version
          .money()
          .capacity()
          .forEach(clause -> {
            for (String target : clause.spillTargets()) {
              spill(version, clause.id(), target, kinds, rules, notes);
            }
          });
    }
    return notes;
  }

  private static void spill(
      ContractVersion version,
      String clause,
      String target,
      Map<String, String> kinds,
      Rules rules,
      List<String> notes) {
    String[] parts = target.split("/", 2);
    String kind = kinds.get(parts[0]);
    if (parts.length < 2 || kind == null) {
      notes.add("%s: no vendor is on for %s".formatted(version.basis(clause), target));
      return;
    }
    Subject asker = Subject.asker("default", "default", Map.of(), Set.of());
    Ruling ruling = rules.judge(parts[0], kind, parts[1], "", asker);
    if (!ruling.allowed()) {
      notes.add(
          "%s: spill-over to %s is not lawful: %s"
              .formatted(version.basis(clause), target, ruling.text()));
    }
  }

  private static boolean fits(Glob glob, String model) {
    return glob.matches(model) || glob.matches(model.substring(model.lastIndexOf('/') + 1));
  }

  private static void lawful(Route route, Settings settings, Rules rules, List<String> notes) {
    Subject asker = Subject.asker("default", "default", Map.of(), Set.of());
    var allowed = new ArrayList<String>();
    var denied = new ArrayList<String>();
    for (RouteTarget target : route.routeTargets()) {
      String kind = settings.vendors().named(target.target().vendor()).map(Vendor::kind).orElse("");
      Ruling ruling =
          rules.judge(
              target.target().vendor(), kind, target.target().model(), target.region(), asker);
      if (ruling.allowed()) {
        allowed.add(target.name());
      } else {
        denied.add("%s (%s)".formatted(target.name(), ruling.text()));
      }
    }
    if (denied.isEmpty()) {
      return;
    }
    if (allowed.isEmpty()) {
      notes.add(
          "route %s has no lawful target: %s".formatted(route.name(), String.join(", ", denied)));
    } else if (allowed.size() == 1) {
      notes.add(
          "route %s has no lawful failover beside %s: %s"
              .formatted(route.name(), allowed.getFirst(), String.join(", ", denied)));
    }
  }
}
