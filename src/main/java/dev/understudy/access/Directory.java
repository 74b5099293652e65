package dev.understudy.access;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All organisations, teams and keys as they stand at one version, one immutable value.
 *
 * @param version grows by one with every change
 */
public record Directory(
    long version,
    Map<String, Organisation> organisations,
    Map<String, Team> teams,
    Map<String, VirtualKey> keys) {
  /** Only the team and the organisation {@code default}, which are always there. */
  public static final Directory EMPTY = new Directory(0, Map.of(), Map.of(), Map.of());

  static final int ORGANISATIONS_MAX = 1_000;
  static final int TEAMS_MAX = 10_000;
  static final int KEYS_MAX = 100_000;

  public Directory {
    var withDefault = new TreeMap<>(organisations);
    withDefault.putIfAbsent(Caller.DEFAULT, new Organisation(Caller.DEFAULT, Terms.NONE));
    organisations = Collections.unmodifiableMap(withDefault);
    var teamsWithDefault = new TreeMap<>(teams);
    teamsWithDefault.putIfAbsent(
        Caller.DEFAULT, new Team(Caller.DEFAULT, Caller.DEFAULT, Terms.NONE));
    teams = Collections.unmodifiableMap(teamsWithDefault);
    keys = Collections.unmodifiableMap(new TreeMap<>(keys));
  }

  public static Directory of(
      long version, List<Organisation> organisations, List<Team> teams, List<VirtualKey> keys) {
    var byName = new TreeMap<String, Organisation>();
    organisations.forEach(one -> byName.put(one.name(), one));
    var teamsByName = new TreeMap<String, Team>();
    teams.forEach(one -> teamsByName.put(one.name(), one));
    var byId = new TreeMap<String, VirtualKey>();
    keys.forEach(one -> byId.put(one.id(), one));
    return new Directory(version, byName, teamsByName, byId);
  }

  /** What it is after one change; the change must fit it. */
  public Directory after(Change change) {
    var nextOrganisations = new TreeMap<>(organisations);
    var nextTeams = new TreeMap<>(teams);
    var nextKeys = new TreeMap<>(keys);
    switch (change) {
      case Change.PutOrganisation(Organisation it) -> nextOrganisations.put(it.name(), it);
      case Change.RemoveOrganisation(String name) -> nextOrganisations.remove(name);
      case Change.PutTeam(Team it) -> nextTeams.put(it.name(), it);
      case Change.RemoveTeam(String name) -> nextTeams.remove(name);
      case Change.PutKey(VirtualKey it) -> nextKeys.put(it.id(), it);
      case Change.RemoveKey(String id) -> nextKeys.remove(id);
    }
    return new Directory(version + 1, nextOrganisations, nextTeams, nextKeys);
  }

  /**
   * Who is let in by it.
   *
   * @param settings the keys of the settings file, which belong to the team {@code default}
   */
  public Callers callers(Callers settings) {
    var held = new ArrayList<Callers.Held>();
    var memberships = new HashMap<String, Membership>();
    Membership usual = membership(Caller.DEFAULT);
    for (Callers.Held key : settings.keys()) {
      Caller caller = usual.caller(key.caller().keyId(), key.caller().name(), Map.of(), Terms.NONE);
      held.add(new Callers.Held(key.digest(), caller, key.until(), key.revoked()));
    }
    for (VirtualKey key : keys.values()) {
      Caller caller =
          memberships
              .computeIfAbsent(key.team(), this::membership)
              .caller(key.id(), key.name(), key.tags(), key.terms());
      for (KeySecret secret : key.secrets()) {
        held.add(
            new Callers.Held(
                secret.digest(),
                caller,
                earlier(key.expiresAt(), secret.until()),
                key.revokedAt()));
      }
    }
    return new Callers(held, usual.caller(Caller.LOOPBACK, Caller.LOOPBACK, Map.of(), Terms.NONE));
  }

  /** What all keys of a team have in common. */
  private record Membership(String team, String organisation, Reach reach, List<Scope> scopes) {
    Caller caller(String id, String name, Map<String, String> tags, Terms terms) {
      return new Caller(
          id,
          name,
          team,
          organisation,
          tags,
          reach.and(terms.reach()),
          List.of(
              scopes.getFirst(), scopes.getLast(), new Scope(Caller.keyScope(id), terms.limits())));
    }
  }

  private Membership membership(String name) {
    Team team =
        Optional.ofNullable(teams.get(name))
            .orElseThrow(() -> new IllegalStateException("there is no team " + name));
    Organisation organisation =
        Optional.ofNullable(organisations.get(team.organisation()))
            .orElseThrow(() -> new IllegalStateException("team " + name + " is of nobody"));
    return new Membership(
        name,
        organisation.name(),
        organisation.terms().reach().and(team.terms().reach()),
        List.of(
            new Scope(Caller.organisationScope(organisation.name()), organisation.terms().limits()),
            new Scope(Caller.teamScope(name), team.terms().limits())));
  }

  private static Optional<Instant> earlier(Optional<Instant> a, Optional<Instant> b) {
    if (a.isEmpty() || b.isEmpty()) {
      return a.isEmpty() ? b : a;
    }
    return a.get().isBefore(b.get()) ? a : b;
  }
}
