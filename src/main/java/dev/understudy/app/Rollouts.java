package dev.understudy.app;

import dev.understudy.admin.AdminRefusal;
import dev.understudy.admin.RolloutResources;
import dev.understudy.app.settings.BadSettings;
import dev.understudy.app.settings.DeclaredRollout;
import dev.understudy.app.settings.Settings;
import dev.understudy.chat.Feature;
import dev.understudy.evaluation.Certificates;
import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Purpose;
import dev.understudy.gateway.Gateway;
import dev.understudy.json.Json;
import dev.understudy.rollout.PairJudge;
import dev.understudy.rollout.RolloutDesk;
import dev.understudy.rollout.RolloutState;
import dev.understudy.rollout.RolloutStore;
import dev.understudy.rollout.Rules;
import dev.understudy.routing.Affinity;
import dev.understudy.routing.Plan;
import dev.understudy.routing.Request;
import dev.understudy.routing.Resolution;
import dev.understudy.routing.Route;
import dev.understudy.routing.RouteTarget;
import dev.understudy.routing.Split;
import dev.understudy.routing.Splits;
import dev.understudy.routing.Target;
import dev.understudy.store.Database;
import dev.understudy.store.SqlRolloutStore;
import dev.understudy.text.Nearness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/** Rollouts of a running gateway: what is declared becomes a rollout, and a rollout a split. */
final class Rollouts implements AutoCloseable {
  private final Gateway gateway;
  private final Checks checks;
  private final RolloutDesk desk;
  private final Trying trying;
  private final Map<String, PairJudge> judges = new ConcurrentHashMap<>();
  private volatile List<DeclaredRollout> declared;
  private volatile List<RolloutState> standing = List.of();

  /**
   * What is asked before a rollout begins, and while it goes on.
   *
   * @param prices what a request costs at a target; NaN where that is not known
   * @param judge makes the judge of a suite's file
   * @param qualifications why there is no certificate such as a rollout needs
   * @param refuses knows a refusal by its words
   * @param base beside which files lie that an operator names
   */
  record Checks(
      TargetPrices prices,
      Judging judge,
      Qualifications qualifications,
      Predicate<String> refuses,
      Path base,
      Map<String, String> environment) {}

  /** Makes the judge of a suite's file. */
  @FunctionalInterface
  interface Judging {
    /**
     * The judge.
     *
     * @param heard hears of the calls that are put to judges that are models
     * @throws AdminRefusal if the file is no suite that could judge live answers
     */
    PairJudge of(Path suite, Consumer<Exchange> heard);
  }

  /** Knows certificates of qualification. */
  @FunctionalInterface
  interface Qualifications {
    /** Why there is none such as is wanted; empty if there is. */
    Optional<String> objection(
        DeclaredRollout.Certificate wanted, String candidate, String incumbent);
  }

  /** The rollouts of a running gateway, kept in its store. */
  static Rollouts of(
      Gateway gateway,
      Settings settings,
      Database kept,
      TargetPrices prices,
      Map<String, String> environment,
      Path data) {
    Path file = data.resolve(Running.DATABASE);
    boolean shared = settings.store().isPresent();
    return new Rollouts(
        gateway,
        new SqlRolloutStore(kept),
        // A file is made by whoever first writes: only to look, none is.
        () -> shared || Files.exists(file),
        settings.rollouts(),
        new Checks(
            prices,
            (suite, heard) -> SuiteJudge.of(suite, gateway.asker(Purpose.JUDGE, heard)),
            (wanted, candidate, incumbent) -> objection(wanted, candidate, incumbent, data),
            SuiteJudge::refuses,
            data.resolve("rollout"),
            environment));
  }

  private static Optional<String> objection(
      DeclaredRollout.Certificate wanted, String candidate, String incumbent, Path data) {
    try {
      return Certificates.objection(
          data.resolve("qualify"),
          new Certificates.Demand(candidate, incumbent, wanted.suite(), wanted.ageMax()),
          Instant.now());
    } catch (IOException e) {
      return Optional.of("the certificates cannot be read: " + e.getMessage());
    }
  }

  Rollouts(
      Gateway gateway,
      RolloutStore store,
      BooleanSupplier isThere,
      List<DeclaredRollout> declared,
      Checks checks) {
    this.gateway = gateway;
    this.declared = declared;
    this.checks = checks;
    this.desk = new RolloutDesk(store, isThere, InstantSource.system(), this::publish);
    this.trying =
        new Trying(desk, InstantSource.system(), System::nanoTime, this::judge, checks.refuses());
  }

  /** From now on what is kept is in force. */
  void start() {
    gateway.heed(trying);
    desk.start();
  }

  /** The settings were read again, or another plan is in force. */
  void replace(List<DeclaredRollout> others) {
    declared = others;
    publish(standing);
  }

  RolloutResources resources() {
    return new RolloutResources(desk, this::beginning, trying::add);
  }

  // --- what is in force ---

  private synchronized void publish(List<RolloutState> all) {
    standing = all;
    Plan plan = gateway.plan();
    // Of several on one route the one that began last.
    Map<String, RolloutState> byRoute = new HashMap<>();
    for (RolloutState state : all) {
      if (state.isInForce()) {
        byRoute.put(state.route(), state);
      }
    }
    Map<String, Split> splits = new HashMap<>();
    for (RolloutState state : byRoute.values()) {
      split(state, plan).ifPresent(split -> splits.put(state.route(), split));
    }
    gateway.replace(new Splits(splits));
    Set<String> ids = new HashSet<>();
    byRoute.values().forEach(state -> ids.add(state.id()));
    trying.keepOnly(ids);
    judges.keySet().retainAll(ids);
  }

  private static Optional<Split> split(RolloutState state, Plan plan) {
    Optional<RouteTarget> candidate = target(plan, state.candidate());
    Optional<RouteTarget> incumbent = target(plan, state.incumbent());
    if (candidate.isEmpty() || !plan.routeNames().contains(state.route())) {
      return Optional.empty();
    }
    Rules rules = state.rules();
    boolean promoted = !state.isOpen();
    double share = promoted ? rules.rehearsal() : rules.shadow();
    Optional<Split.Copying> copying =
        (promoted ? incumbent : candidate)
            .filter(_ -> share > 0)
            .map(to ->
                new Split.Copying(
                    to,
                    share,
                    promoted ? Purpose.REHEARSAL : Purpose.SHADOW,
                    rules.copies().atOnce(),
                    rules.copies().waiting()));
    return Optional.of(
        new Split(
            state.id(),
            state.name(),
            candidate.get(),
            state.share(),
            switch (rules.stickiness()) {
              case CONVERSATION -> Affinity.CONVERSATION;
              case USER -> Affinity.USER;
            },
            copying));
  }

  /** A target as any caller could name it, with what is known of its model. */
  private static Optional<RouteTarget> target(Plan plan, String name) {
    int slash = name.indexOf('/');
    if (slash < 1) {
      return Optional.empty();
    }
    // By way of a plan without routes: a route could have the target's very name.
    return plan.resolve(name) instanceof Resolution.Found(Route found)
        ? found.tiers().stream()
            .flatMap(tier -> tier.targets().stream())
            .filter(target -> target.name().equals(name))
            .findFirst()
        : Optional.empty();
  }

  private PairJudge judge(String id) {
    return judges.computeIfAbsent(
        id,
        _ ->
            standing.stream()
                .filter(state -> state.id().equals(id))
                .findFirst()
                .map(state -> Json.parseObject(state.declared()).path("suite").asString(""))
                .filter(suite -> !suite.isEmpty())
                .map(suite -> checks.judge().of(Path.of(suite), call -> trying.spent(id, call)))
                .orElse(PairJudge.NONE));
  }

  // --- what is to begin ---

  private RolloutState.Beginning beginning(String name, byte[] text) {
    DeclaredRollout wanted = text.length == 0 ? declared(name) : sent(name, text);
    Plan plan = gateway.plan();
    Route route =
        plan.routes().stream()
            .filter(one -> one.name().equals(wanted.route()))
            .findFirst()
            .orElseThrow(() ->
                refused(
                    "there is no route %s%s"
                        .formatted(
                            Nearness.quoted(wanted.route()),
                            Nearness.hint(wanted.route(), plan.routeNames()))));
    Target serve = route.serve();
    String incumbent = serve.name();
    if (incumbent.equals(wanted.candidate())) {
      throw refused("%s serves route %s already".formatted(incumbent, route.name()));
    }
    for (RolloutState other : desk.rollouts()) {
      if (other.status() == RolloutState.Status.PROMOTED
          && other.route().equals(route.name())
          && !other.candidate().equals(incumbent)) {
        throw refused(
            "route %s is served by %s since rollout %s: write serve: %s into its settings first, or"
                    .formatted(route.name(), other.candidate(), other.name(), other.candidate())
                + " abort that rollout");
      }
    }
    RouteTarget candidate =
        target(plan, wanted.candidate())
            .filter(found -> gateway.vendors().named(found.target().vendor()).isPresent())
            .orElseThrow(() ->
                refused(
                    "the vendor of %s is not on; there are %s"
                        .formatted(wanted.candidate(), String.join(", ", plan.vendorNames()))));
    check(route, candidate, wanted);
    wanted
        .certificate()
        .flatMap(certificate ->
            checks.qualifications().objection(certificate, wanted.candidate(), incumbent))
        .ifPresent(why -> {
          throw refused("there is no certificate for %s: %s".formatted(wanted.candidate(), why));
        });
    ObjectNode kept = Json.object();
    // Read now, so that a suite that cannot judge is heard of before anything is copied.
    wanted
        .suite()
        .ifPresent(suite -> {
          checks.judge().of(suite, _ -> {});
          kept.put("suite", suite.toAbsolutePath().toString());
        });
    return new RolloutState.Beginning(
        UUID.randomUUID().toString(),
        name,
        route.name(),
        wanted.candidate(),
        incumbent,
        Json.text(kept),
        wanted.rules());
  }

  private void check(Route route, RouteTarget candidate, DeclaredRollout wanted) {
    if (!route.regions().isEmpty() && route.regions().stream().noneMatch(candidate::isIn)) {
      throw refused(
          "route %s answers in %s, and %s"
              .formatted(
                  route.name(),
                  String.join(" or ", route.regions()),
                  candidate.region().isEmpty()
                      ? "it is not known where %s does".formatted(candidate.name())
                      : "%s answers in %s".formatted(candidate.name(), candidate.region())));
    }
    RouteTarget serving = route.tiers().getFirst().targets().getFirst();
    var lacks = new ArrayList<Feature>(candidate.lacks());
    lacks.removeAll(serving.lacks());
    if (!lacks.isEmpty() && !wanted.lackingPasses()) {
      throw refused(
          "%s does not take %s, which %s does; with lacking: pass such requests pass it by"
              .formatted(
                  candidate.name(),
                  lacks.stream().map(Feature::text).sorted().collect(Collectors.joining(", ")),
                  serving.name()));
    }
    double price = checks.prices().of(candidate.target(), A_REQUEST);
    if (Double.isNaN(price)) {
      throw refused(
          ("%s has no price, so that neither its cost nor what its copies may cost can be held to;"
                  + " give it one in a price book under prices, 0 if it costs nothing")
              .formatted(candidate.name()));
    }
  }

  /** A request of some length, to see whether there is a price. */
  private static final Request A_REQUEST = new Request("", "", Set.of(), Set.of(), 4_000, "", 0);

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

  private DeclaredRollout sent(String name, byte[] text) {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
      throw refused(
          "a rollout's name is up to 64 letters, digits, points, underscores and hyphens");
    }
    try {
      return DeclaredRollout.read(name, text, checks.base(), checks.environment());
    } catch (BadSettings e) {
      throw new AdminRefusal(400, String.join("\n", e.lines()));
    }
  }

  private static AdminRefusal refused(String why) {
    return new AdminRefusal(409, why);
  }

  @Override
  public void close() {
    desk.close();
  }
}
