package dev.understudy.admin;

import dev.understudy.contract.Clauses;
import dev.understudy.contract.Contract;
import dev.understudy.contract.ContractDesk;
import dev.understudy.contract.ContractState;
import dev.understudy.contract.ContractVersion;
import dev.understudy.contract.DryRun;
import dev.understudy.contract.FirstRefusal;
import dev.understudy.contract.Happening;
import dev.understudy.contract.Logged;
import dev.understudy.contract.Obligation;
import dev.understudy.contract.Obligations;
import dev.understudy.contract.Offer;
import dev.understudy.contract.SharePath;
import dev.understudy.contract.Trigger;
import dev.understudy.exchange.Facts;
import dev.understudy.json.Json;
import dev.understudy.text.Days;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Shows how contracts stand, takes down what happens under them, and says what a trigger would do.
 */
public final class ContractResources {
  private static final System.Logger LOG = System.getLogger(ContractResources.class.getName());
  private static final int CALENDAR_DAYS_MAX = 3_650;
  private static final int DRY_RUN_DAYS_MAX = 92;

  /** What two persons must agree on is told by persons, not by who shares a token. */
  private static final Set<Happening.Kind> OF_PERSONS =
      Set.of(
          Happening.Kind.DECLARE,
          Happening.Kind.METRIC,
          Happening.Kind.APPROVE,
          Happening.Kind.VERIFY,
          Happening.Kind.SETTLE);

  private final ContractDesk desk;
  private final Facts facts;
  private final DryRun.World world;
  private final InstantSource clock;
  private final boolean hasPersons;

  /**
   * Serves a desk.
   *
   * @param facts the attempts of the past, for dry runs
   * @param hasPersons whether operators have tokens of their own: then nothing is told without one
   */
  public ContractResources(
      ContractDesk desk, Facts facts, DryRun.World world, InstantSource clock, boolean hasPersons) {
    this.desk = desk;
    this.facts = facts;
    this.world = world;
    this.clock = clock;
    this.hasPersons = hasPersons;
  }

  public List<Resource> resources() {
    return List.of(
        Resource.get("/admin/contracts", _ -> Reply.json(page())),
        Resource.get("/admin/contracts/calendar", this::calendar),
        Resource.get("/admin/contracts/evidence", _ -> Reply.json(evidence())),
        Resource.post("/admin/contracts/evidence", this::tell),
        Resource.get("/admin/contracts/{contract}/triggers/{trigger}/dry-run", this::dryRun),
        Resource.get("/admin/contracts/{contract}/paths/{path}", this::path),
        Resource.get("/admin/contracts/{contract}/difference", this::difference));
  }

  // --- how they stand ---

  private ObjectNode page() {
    ContractState state = desk.state();
    Instant now = clock.instant();
    ObjectNode page = Json.object();
    ArrayNode list = page.putArray("contracts");
    for (Contract contract : state.book().contracts()) {
      ObjectNode one = list.addObject();
      one.put("contract", contract.id());
      contract.at(now).ifPresent(version -> one.put("in_force", version.version()));
      ArrayNode versions = one.putArray("versions");
      for (ContractVersion version : contract.versions()) {
        ObjectNode node = versions.addObject();
        node.put("version", version.version());
        node.put("from", contract.inForce(version).from().toString());
        contract.inForce(version).to().ifPresent(to -> node.put("to", to.toString()));
        version.effectOf().ifPresent(trigger -> node.put("effect_of", trigger));
      }
      contract
          .at(now)
          .ifPresent(version -> {
            ObjectNode clauses = one.putObject("clauses");
            Clauses.of(version).forEach(clauses::put);
            offers(state, version, one.putArray("offers"));
          });
      ArrayNode triggers = one.putArray("triggers");
      for (ContractState.Standing standing : state.triggers()) {
        if (standing.version().contract().equals(contract.id())
            && contract.inForce(standing.version()).contains(now)) {
          trigger(standing, triggers.addObject());
        }
      }
    }
    return page;
  }

  private static void offers(ContractState state, ContractVersion version, ArrayNode list) {
    for (FirstRefusal right : version.rights().refusals()) {
      for (Offer offer : state.facts().offers(version.contract(), right.id())) {
        ObjectNode one = list.addObject();
        one.put("clause", right.id());
        one.put("offer", offer.id());
        one.put("third", offer.third());
        one.put("state", word(offer.state()));
        one.put("units", offer.units().toPlainString());
        one.put("price", offer.price().toPlainString());
        one.put("taken", offer.taken().toPlainString());
        one.put("left", offer.left().toPlainString());
        one.put("routable", offer.isRoutable());
        offer.expires().ifPresent(day -> one.put("expires", day.toString()));
        ArrayNode notes = one.putArray("notes");
        offer.notes().forEach(notes::add);
      }
    }
  }

  private static void trigger(ContractState.Standing standing, ObjectNode one) {
    one.put("trigger", standing.trigger().id());
    one.put("version", standing.version().version());
    one.put("phase", word(standing.state().phase()));
    standing.state().met().ifPresent(at -> one.put("met", at.toString()));
    standing.state().due().ifPresent(at -> one.put("verification_due", at.toString()));
    standing.state().effective().ifPresent(at -> one.put("effective", at.toString()));
    one.put("yes", standing.state().yes());
    one.put("no", standing.state().no());
    ArrayNode waiting = one.putArray("waiting_for_approval");
    standing.state().waiting().forEach(waiting::add);
  }

  private static String word(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }

  private Reply calendar(AdminRequest request) {
    int days = request.whole("days", 1, CALENDAR_DAYS_MAX, 90);
    LocalDate today = clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
    ObjectNode page = Json.object();
    ArrayNode list = page.putArray("obligations");
    for (Obligation one : Obligations.of(desk.state(), desk.log(), today, today.plusDays(days))) {
      ObjectNode node = list.addObject();
      node.put("due", one.due().toString());
      node.put("clause", one.clause().toString());
      node.put("what", one.what());
      one.raised(today).ifPresent(raised -> node.put("raised", raised));
    }
    return Reply.json(page);
  }

  private Reply difference(AdminRequest request) {
    Contract contract = contract(request.named("contract"));
    int from = request.whole("from", 1, 999_999, 1);
    int to = request.whole("to", 1, 999_999, contract.versions().getLast().version());
    ContractVersion before = version(contract, from);
    ContractVersion after = version(contract, to);
    ObjectNode page = Json.object();
    ArrayNode lines = page.putArray("difference");
    Clauses.difference(before, after).forEach(lines::add);
    return Reply.json(page);
  }

  private static ContractVersion version(Contract contract, int number) {
    return contract
        .version(number)
        .orElseThrow(() ->
            new AdminRefusal(404, "there is no version %d of %s".formatted(number, contract.id())));
  }

  private Contract contract(String id) {
    return desk.state()
        .book()
        .contract(id)
        .orElseThrow(() -> new AdminRefusal(404, "there is no contract " + shown(id)));
  }

  private static String shown(String text) {
    return text.length() > 100 ? text.substring(0, 100) + "…" : text;
  }

  // --- what happened ---

  private ObjectNode evidence() {
    List<Logged> log = desk.log();
    ObjectNode page = Json.object();
    page.put("count", log.size());
    page.put("head", log.isEmpty() ? Logged.START : log.getLast().hash());
    Optional<String> fault = Logged.fault(log);
    page.put("whole", fault.isEmpty());
    fault.ifPresent(text -> page.put("fault", text));
    ArrayNode list = page.putArray("evidence");
    log.forEach(one -> write(one, list.addObject()));
    return page;
  }

  private static void write(Logged one, ObjectNode node) {
    Happening what = one.what();
    node.put("number", one.number());
    node.put("kind", what.kind().word());
    node.put("contract", what.contract());
    node.put("clause", what.clause());
    node.put("at", what.at().toString());
    node.put("told_by", one.by());
    node.put("taken_at", one.takenAt().toString());
    ObjectNode details = node.putObject("details");
    what.details().forEach(details::put);
    node.put("hash", one.hash());
  }

  private Reply tell(AdminRequest request) {
    ObjectNode said = request.json();
    Happening what = happening(said);
    String by = request.operator();
    if ((hasPersons || OF_PERSONS.contains(what.kind())) && by.equals(Doorkeeper.SHARED)) {
      throw new AdminRefusal(
          403,
          "%s is told by a person with a token of their own; make one with understudy admin-token --for NAME"
              .formatted(what.kind().word()));
    }
    try {
      Logged taken = desk.tell(by, what);
      LOG.log(
          Level.INFO,
          "contracts: {0} of {1} {2}, told by {3}",
          what.kind().word(),
          what.contract(),
          what.clause(),
          by);
      ObjectNode page = Json.object();
      write(taken, page);
      return Reply.json(201, page);
    } catch (ContractDesk.Refused e) {
      throw new AdminRefusal(409, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new AdminRefusal(503, "nothing was taken down: " + e.getMessage());
    }
  }

  private Happening happening(ObjectNode said) {
    for (String member : said.propertyNames()) {
      if (!Set.of("kind", "contract", "clause", "at", "details").contains(member)) {
        throw new AdminRefusal(
            400,
            "unknown member " + shown(member) + "; known: kind, contract, clause, at, details");
      }
    }
    String word = said.path("kind").asString("");
    Happening.Kind kind =
        Happening.Kind.of(word)
            .orElseThrow(() ->
                new AdminRefusal(
                    400,
                    "unknown kind %s; known: %s".formatted(shown(word), Happening.Kind.words())));
    Instant at = clock.instant();
    String given = said.path("at").asString("");
    if (!given.isEmpty()) {
      try {
        at =
            given.contains("T")
                ? Days.moment(given)
                : Days.day(given).atStartOfDay(ZoneOffset.UTC).toInstant();
      } catch (DateTimeParseException e) {
        throw new AdminRefusal(400, "at must be a day or an instant, such as 2026-08-31");
      } catch (IllegalArgumentException e) {
        throw new AdminRefusal(400, "at: " + e.getMessage());
      }
    }
    var details = new TreeMap<String, String>();
    JsonNode all = said.path("details");
    if (!all.isMissingNode() && !all.isObject()) {
      throw new AdminRefusal(400, "details must be an object of texts");
    }
    all.properties()
        .forEach(detail -> {
          if (!detail.getValue().isString()) {
            throw new AdminRefusal(400, "details." + shown(detail.getKey()) + " must be a text");
          }
          details.put(detail.getKey(), detail.getValue().asString());
        });
    return new Happening(
        kind, said.path("contract").asString(""), said.path("clause").asString(""), at, details);
  }

  // --- what would be ---

  private Reply dryRun(AdminRequest request) {
    int days = request.whole("days", 1, DRY_RUN_DAYS_MAX, 7);
    Instant now = clock.instant();
    Contract contract = contract(request.named("contract"));
    ContractVersion version =
        contract
            .at(now)
            .orElseThrow(() -> new AdminRefusal(409, contract.id() + " is not in force"));
    Trigger trigger =
        version.rights().triggers().stream()
            .filter(one -> one.id().equals(request.named("trigger")))
            .findFirst()
            .orElseThrow(() ->
                new AdminRefusal(
                    404,
                    "there is no trigger %s in %s"
                        .formatted(shown(request.named("trigger")), version.name())));
    try {
      DryRun run =
          DryRun.of(
              desk.state(), version, trigger, facts, now.minus(Duration.ofDays(days)), now, world);
      ObjectNode page = page(run);
      ArrayNode notices = page.putArray("notices_due");
      LocalDate today = now.atZone(ZoneOffset.UTC).toLocalDate();
      version
          .parties()
          .forEach(party ->
              notices.add(
                  "notice of the effects to %s; sent today it counts as received on %s"
                      .formatted(party.id(), version.duties().notice().received(today))));
      return Reply.json(page);
    } catch (IOException e) {
      throw new AdminRefusal(503, "past calls cannot be read: " + e.getMessage());
    }
  }

  private static ObjectNode page(DryRun run) {
    ObjectNode page = Json.object();
    page.put("from", run.from().toString());
    page.put("until", run.until().toString());
    page.put("attempts", run.attempts());
    ArrayNode lost = page.putArray("lost");
    for (DryRun.Lost one : run.lost()) {
      ObjectNode node = lost.addObject();
      node.put("route", one.route());
      node.put("target", one.target());
      node.put("why", one.why());
      one.substitute().ifPresent(name -> node.put("substitute", name));
      node.put("attempts", one.attempts());
      node.put("per_day", one.perDay().toPlainString());
      node.put("input_tokens", one.input());
      node.put("output_tokens", one.output());
      node.put("peak_tokens_per_minute", one.peakPerMinute());
      ObjectNode paid = node.putObject("paid");
      one.paid().forEach((currency, amount) -> paid.put(currency, amount.toPlainString()));
      one.instead().ifPresent(money -> node.put("instead", money.toString()));
      node.put("quality", one.quality());
      one.capacityPerMinute()
          .ifPresent(it -> node.put("capacity_tokens_per_minute", it.toPlainString()));
      one.gapPerMinute().ifPresent(it -> node.put("capacity_gap", it.toPlainString()));
    }
    ArrayNode difference = page.putArray("difference");
    run.difference().forEach(difference::add);
    ArrayNode statements = page.putArray("statements_changed");
    run.statements().forEach(statements::add);
    return page;
  }

  private Reply path(AdminRequest request) {
    Instant now = clock.instant();
    Contract contract = contract(request.named("contract"));
    SharePath path =
        contract
            .at(now)
            .flatMap(version ->
                version.duties().paths().stream()
                    .filter(one -> one.id().equals(request.named("path")))
                    .findFirst())
            .orElseThrow(
                () -> new AdminRefusal(404, "there is no path " + shown(request.named("path"))));
    int days = request.whole("days", 1, DRY_RUN_DAYS_MAX, 30);
    try {
      SharePath.Standing standing =
          path.standing(desk.state().book(), facts, now.minus(Duration.ofDays(days)), now);
      ObjectNode page = Json.object();
      page.put("path", path.id());
      page.put("away_from", path.awayFrom().id());
      page.put("binding", path.binding());
      standing(standing, page);
      ArrayNode course = page.putArray("course");
      for (SharePath.Point point : path.course(desk.state().book(), facts, now)) {
        ObjectNode one = course.addObject();
        one.put("until", point.until().toString());
        one.put("target", point.target().toPlainString());
        point.stood().ifPresent(stood -> standing(stood, one));
      }
      return Reply.json(page);
    } catch (IOException e) {
      throw new AdminRefusal(503, "past calls cannot be read: " + e.getMessage());
    }
  }

  private static void standing(SharePath.Standing standing, ObjectNode into) {
    into.put("target", standing.target().toPlainString());
    ObjectNode units = into.putObject("by_units");
    standing.byUnits().forEach((unit, share) -> units.put(unit, share.toPlainString()));
    standing.byTokens().ifPresent(share -> into.put("by_tokens", share.toPlainString()));
    into.put("words", standing.inWords());
    if (standing.isKnown()) {
      into.put("behind", standing.isBehind());
    }
  }
}
