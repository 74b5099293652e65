package dev.understudy.admin;

import dev.understudy.access.Caller;
import dev.understudy.access.DeskRefusal;
import dev.understudy.access.KeyDesk;
import dev.understudy.access.KeySecret;
import dev.understudy.access.Organisation;
import dev.understudy.access.Team;
import dev.understudy.access.Terms;
import dev.understudy.access.TermsJson;
import dev.understudy.access.VirtualKey;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.limits.Currencies;
import dev.understudy.text.Nearness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Keys, teams and organisations at the operators' door. */
public final class KeyResources {
  private static final Duration OVERLAP_USUAL = Duration.ofHours(24);
  private static final int PAGE_MAX = 1_000;
  private static final int PAGE_USUAL = 100;

  private final KeyDesk desk;
  private final Supplier<List<String>> settingsKeys;
  private final Currencies currencies;

  /**
   * Shows and changes what is at a desk.
   *
   * @param settingsKeys the names of the keys in the settings file, which are only shown
   * @param currencies those that budgets may be in
   */
  public KeyResources(KeyDesk desk, Supplier<List<String>> settingsKeys, Currencies currencies) {
    this.desk = desk;
    this.settingsKeys = settingsKeys;
    this.currencies = currencies;
  }

  /** All of them. */
  public List<Resource> resources() {
    return List.of(
        Resource.get("/admin/keys", request -> answer(() -> list(request))),
        Resource.post("/admin/keys", request -> answer(() -> create(request.json()))),
        Resource.get(
            "/admin/keys/{key}", request -> answer(() -> shown(desk.key(request.named("key"))))),
        Resource.patch(
            "/admin/keys/{key}",
            request -> answer(() -> change(request.named("key"), request.json()))),
        Resource.delete(
            "/admin/keys/{key}",
            request ->
                answer(() -> {
                  desk.forget(request.named("key"));
                  return Reply.done();
                })),
        Resource.post(
            "/admin/keys/{key}/rotate",
            request -> answer(() -> rotate(request.named("key"), request.json()))),
        Resource.post(
            "/admin/keys/{key}/revoke",
            request ->
                answer(() -> {
                  check(request.json(), List.of());
                  return shown(desk.revoke(request.named("key")));
                })),
        Resource.get("/admin/teams", _ -> answer(this::teams)),
        Resource.post("/admin/teams", request -> answer(() -> createTeam(request.json()))),
        Resource.get(
            "/admin/teams/{team}",
            request -> answer(() -> Reply.json(json(desk.team(request.named("team")))))),
        Resource.patch(
            "/admin/teams/{team}",
            request ->
                answer(() -> {
                  ObjectNode said = check(request.json(), TermsJson.MEMBERS);
                  return Reply.json(
                      json(desk.changeTeam(request.named("team"), terms -> terms(said, terms))));
                })),
        Resource.delete(
            "/admin/teams/{team}",
            request ->
                answer(() -> {
                  desk.removeTeam(request.named("team"));
                  return Reply.done();
                })),
        Resource.get("/admin/organisations", _ -> answer(this::organisations)),
        Resource.post(
            "/admin/organisations", request -> answer(() -> createOrganisation(request.json()))),
        Resource.get(
            "/admin/organisations/{organisation}",
            request ->
                answer(() -> Reply.json(json(desk.organisation(request.named("organisation")))))),
        Resource.patch(
            "/admin/organisations/{organisation}",
            request ->
                answer(() -> {
                  ObjectNode said = check(request.json(), TermsJson.MEMBERS);
                  return Reply.json(
                      json(
                          desk.changeOrganisation(
                              request.named("organisation"), terms -> terms(said, terms))));
                })),
        Resource.delete(
            "/admin/organisations/{organisation}",
            request ->
                answer(() -> {
                  desk.removeOrganisation(request.named("organisation"));
                  return Reply.done();
                })));
  }

  /** What is done for a request. */
  private interface Work {
    Reply done() throws DeskRefusal;
  }

  private static Reply answer(Work work) {
    try {
      return work.done();
    } catch (DeskRefusal e) {
      int status =
          switch (e.kind()) {
            case UNKNOWN -> 404;
            case CONFLICT -> 409;
            case WRONG -> 400;
            case AWAY -> 503;
          };
      throw new AdminRefusal(status, String.valueOf(e.getMessage()));
    } catch (Malformed | IllegalArgumentException e) {
      throw new AdminRefusal(400, String.valueOf(e.getMessage()));
    }
  }

  // --- keys ---

  private Reply list(AdminRequest request) throws DeskRefusal {
    int limit = request.whole("limit", 1, PAGE_MAX, PAGE_USUAL);
    Optional<String> team = request.query("team");
    if (team.isPresent()) {
      desk.team(team.get());
    }
    Optional<VirtualKey.State> state = request.query("state").map(KeyResources::state);
    String after = request.query("after").orElse("");
    Instant now = desk.now();
    ObjectNode page = Json.object();
    ArrayNode keys = page.putArray("keys");
    for (VirtualKey key : desk.directory().keys().values()) {
      if (key.id().compareTo(after) <= 0
          || (team.isPresent() && !team.get().equals(key.team()))
          || (state.isPresent() && state.get() != key.state(now))) {
        continue;
      }
      if (keys.size() == limit) {
        page.put("next", keys.get(limit - 1).path("id").asString());
        break;
      }
      keys.add(json(key, now));
    }
    ArrayNode ofSettings = page.putArray("settings_keys");
    settingsKeys.get().forEach(ofSettings::add);
    return Reply.json(page);
  }

  private static VirtualKey.State state(String text) {
    for (VirtualKey.State state : VirtualKey.State.values()) {
      if (state.name().toLowerCase(Locale.ROOT).equals(text)) {
        return state;
      }
    }
    throw new AdminRefusal(400, "state must be active, expired or revoked");
  }

  private Reply create(ObjectNode said) throws DeskRefusal {
    check(said, with("name", "team", "tags", "expires"));
    KeyDesk.Issued issued =
        desk.create(
            new KeyDesk.Wish(
                text(said, "name"),
                text(said, "team").orElse(Caller.DEFAULT),
                tags(said, Map.of()),
                terms(said, Terms.NONE),
                text(said, "expires").map(when -> Moments.moment("expires", when, desk.now()))));
    return issued(201, issued).with("Location", "/admin/keys/" + issued.key().id());
  }

  private Reply rotate(String key, ObjectNode said) throws DeskRefusal {
    check(said, List.of("overlap"));
    return issued(
        200,
        desk.rotate(
            key,
            text(said, "overlap")
                .map(span -> Moments.span("overlap", span))
                .orElse(OVERLAP_USUAL)));
  }

  private Reply change(String key, ObjectNode said) throws DeskRefusal {
    check(said, with("name", "tags", "expires"));
    Optional<String> name = text(said, "name");
    Instant now = desk.now();
    return shown(
        desk.change(
            key,
            before -> {
              VirtualKey after = before.withTerms(terms(said, before.terms()));
              after = after.withTags(tags(said, after.tags()));
              if (said.has("expires")) {
                after =
                    after.withExpiry(
                        text(said, "expires").map(when -> Moments.moment("expires", when, now)));
              }
              return name.isPresent() ? after.withName(name.get()) : after;
            }));
  }

  private Reply issued(int status, KeyDesk.Issued issued) {
    ObjectNode shown = Json.object();
    shown.put("key", issued.text().reveal());
    shown.setAll(json(issued.key(), desk.now()));
    return Reply.json(status, shown);
  }

  private Reply shown(VirtualKey key) {
    return Reply.json(json(key, desk.now()));
  }

  private ObjectNode json(VirtualKey key, Instant now) {
    ObjectNode one = Json.object();
    one.put("id", key.id()).put("name", key.name()).put("team", key.team());
    Team team = desk.directory().teams().get(key.team());
    if (team != null) {
      one.put("organisation", team.organisation());
    }
    one.put("state", key.state(now).name().toLowerCase(Locale.ROOT));
    ObjectNode tags = one.putObject("tags");
    key.tags().forEach(tags::put);
    TermsJson.write(key.terms(), one);
    one.put("created_at", key.createdAt().toString());
    key.expiresAt().ifPresent(at -> one.put("expires_at", at.toString()));
    key.revokedAt().ifPresent(at -> one.put("revoked_at", at.toString()));
    ArrayNode secrets = one.putArray("secrets");
    for (KeySecret secret : key.secrets()) {
      ObjectNode shown = secrets.addObject();
      shown.put("prefix", secret.hint()).put("created_at", secret.createdAt().toString());
      secret.until().ifPresent(at -> shown.put("taken_until", at.toString()));
    }
    return one;
  }

  // --- teams and organisations ---

  private Reply teams() {
    ObjectNode page = Json.object();
    ArrayNode teams = page.putArray("teams");
    desk.directory().teams().values().forEach(team -> teams.add(json(team)));
    return Reply.json(page);
  }

  private Reply createTeam(ObjectNode said) throws DeskRefusal {
    check(said, with("name", "organisation"));
    return Reply.json(
        201,
        json(
            desk.create(
                new Team(
                    needed(said, "name"),
                    text(said, "organisation").orElse(Caller.DEFAULT),
                    terms(said, Terms.NONE)))));
  }

  private static ObjectNode json(Team team) {
    ObjectNode one = Json.object();
    one.put("name", team.name()).put("organisation", team.organisation());
    TermsJson.write(team.terms(), one);
    return one;
  }

  private Reply organisations() {
    ObjectNode page = Json.object();
    ArrayNode organisations = page.putArray("organisations");
    desk.directory().organisations().values().forEach(one -> organisations.add(json(one)));
    return Reply.json(page);
  }

  private Reply createOrganisation(ObjectNode said) throws DeskRefusal {
    check(said, with("name"));
    return Reply.json(
        201, json(desk.create(new Organisation(needed(said, "name"), terms(said, Terms.NONE)))));
  }

  private static ObjectNode json(Organisation organisation) {
    ObjectNode one = Json.object().put("name", organisation.name());
    TermsJson.write(organisation.terms(), one);
    return one;
  }

  // --- what is sent ---

  private static List<String> with(String... members) {
    var all = new ArrayList<>(List.of(members));
    all.addAll(TermsJson.MEMBERS);
    return all;
  }

  /** The terms as they are sent; a budget that could never be counted is refused now. */
  private Terms terms(ObjectNode said, Terms base) {
    Terms read = TermsJson.read(said, base);
    Optional<String> objection = currencies.objection(read.limits());
    if (objection.isPresent()) {
      throw new IllegalArgumentException(objection.get());
    }
    return read;
  }

  private static ObjectNode check(ObjectNode said, List<String> known) {
    for (String member : said.propertyNames()) {
      if (!known.contains(member)) {
        throw new Malformed(
            "",
            "unknown member %s%s".formatted(Nearness.quoted(member), Nearness.hint(member, known)));
      }
    }
    return said;
  }

  private static String needed(ObjectNode said, String member) {
    return text(said, member).orElseThrow(() -> new Malformed(member, "is missing"));
  }

  private static Optional<String> text(ObjectNode said, String member) {
    JsonNode value = said.path(member);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isString()) {
      throw new Malformed(member, "must be text");
    }
    return Optional.of(value.asString());
  }

  /** Tags as they are after a change: a tag that is null goes, and null takes all. */
  private static Map<String, String> tags(ObjectNode said, Map<String, String> before) {
    JsonNode value = said.path("tags");
    if (value.isMissingNode()) {
      return before;
    }
    if (value.isNull()) {
      return Map.of();
    }
    if (!(value instanceof ObjectNode object)) {
      throw new Malformed("tags", "must be an object of texts");
    }
    var after = new TreeMap<>(before);
    for (Map.Entry<String, JsonNode> tag : object.properties()) {
      if (tag.getValue().isNull()) {
        after.remove(tag.getKey());
      } else if (tag.getValue().isString()) {
        after.put(tag.getKey(), tag.getValue().asString());
      } else {
        throw new Malformed("tags", "must be an object of texts");
      }
    }
    return after;
  }
}
