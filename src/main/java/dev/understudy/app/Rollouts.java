package dev.understudy.app;

import dev.understudy.admin.AdminRefusal;
import dev.understudy.admin.RolloutResources;
import dev.understudy.app.settings.DeclaredRollout;
import dev.understudy.app.settings.Settings;
import dev.understudy.evaluation.Certificates;
import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Purpose;
import dev.understudy.gateway.Gateway;
import dev.understudy.journal.Scheduling;
import dev.understudy.json.Json;
import dev.understudy.rollout.PairJudge;
import dev.understudy.rollout.RolloutDesk;
import dev.understudy.rollout.RolloutState;
import dev.understudy.rollout.RolloutStore;
import dev.understudy.rollout.Rules;
import dev.understudy.routing.Affinity;
import dev.understudy.routing.Plan;
import dev.understudy.routing.Resolution;
import dev.understudy.routing.Route;
import dev.understudy.routing.RouteTarget;
import dev.understudy.routing.Split;
import dev.understudy.routing.Splits;
import dev.understudy.store.Database;
import dev.understudy.store.SqlRolloutStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

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
            (wanted, candidate, incumbent) ->
                objection(wanted, candidate, incumbent, settings, data),
            SuiteJudge::refuses,
            data.resolve("rollout"),
            environment));
  }

  private static Optional<String> objection(
      DeclaredRollout.Certificate wanted,
      String candidate,
      String incumbent,
      Settings settings,
      Path data) {
    try {
      return Certificates.objection(
          data.resolve("qualify"),
          new Certificates.Demand(
              candidate,
              incumbent,
              wanted.suite(),
              wanted.ageMax(),
              Behind.isInABox(settings, candidate) || Behind.isInABox(settings, incumbent)),
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
    this.desk =
        new RolloutDesk(
            store, isThere, InstantSource.system(), this::publish, Scheduling::comeBehindOthers);
    this.trying =
        new Trying(
            desk,
            InstantSource.system(),
            System::nanoTime,
            this::judge,
            checks.refuses(),
            Scheduling.behindOthers("pairs"));
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
  static Optional<RouteTarget> target(Plan plan, String name) {
    int slash = name.indexOf('/');
    if (slash < 1) {
      return Optional.empty();
    }
    // By way of a plan without routes: a route could have the target's very name.
    return plan.resolve(name) instanceof Resolution.Found(Route found)
        ? found.routeTargets().stream().filter(target -> target.name().equals(name)).findFirst()
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

  private RolloutState.Beginning beginning(String name, byte[] text, String file) {
    try {
      // What another gateway ended a moment ago is no objection.
      desk.refresh();
    } catch (IOException e) {
      throw new AdminRefusal(503, String.valueOf(e.getMessage()));
    }
    var beginnings = new Beginnings(gateway, checks, declared, desk.rollouts());
    return beginnings.of(name, text, file);
  }

  @Override
  public void close() {
    trying.close();
    desk.close();
  }
}
