package dev.understudy.app;

import dev.understudy.admin.ContractResources;
import dev.understudy.admin.Resource;
import dev.understudy.app.settings.Settings;
import dev.understudy.contract.Burn;
import dev.understudy.contract.CarveOut;
import dev.understudy.contract.ContractBook;
import dev.understudy.contract.ContractDesk;
import dev.understudy.contract.DryRun;
import dev.understudy.contract.Happening;
import dev.understudy.contract.Party;
import dev.understudy.contract.Rules;
import dev.understudy.evaluation.Certificates;
import dev.understudy.money.Cost;
import dev.understudy.money.Money;
import dev.understudy.pricing.Ask;
import dev.understudy.pricing.Prices;
import dev.understudy.routing.Health;
import dev.understudy.routing.Plan;
import dev.understudy.routing.Resolution;
import dev.understudy.routing.Standing;
import dev.understudy.routing.Vitals;
import dev.understudy.store.Database;
import dev.understudy.store.SqlEvidenceStore;
import dev.understudy.store.SqlFacts;
import dev.understudy.vendor.Vendor;
import dev.understudy.vendor.Vendors;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Contracts of a running gateway: in step with the database and so with other replicas, and witness
 * of the outages that carve-outs ask for.
 */
final class Contracting implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Contracting.class.getName());

  /** So long what another replica took down may go unnoticed; obeyed within a second. */
  private static final long LOOK_MILLIS = 300;

  /** An outage of less is none. */
  private static final Duration SEEN_MIN = Duration.ofSeconds(30);

  /** So often an outage that goes on is taken down again; it lapses after twice as long. */
  private static final Duration SEEN_AGAIN = Duration.ofMinutes(5);

  /** So often it is reckoned how commitments press: the past is read for it. */
  private static final Duration BURN_AGAIN = Duration.ofMinutes(10);

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ContractDesk desk;
  private final Database database;
  private final InstantSource clock = InstantSource.system();
  private final String witness;
  private final boolean hasPersons;
  private volatile Map<String, String> kinds;
  private final Map<String, Instant> outSince = new HashMap<>();
  private final Map<String, Instant> told = new HashMap<>();
  private final Thread looking = Thread.ofVirtual().name("contracts").unstarted(this::look);
  private Supplier<Optional<Health>> health = Optional::empty;
  private volatile boolean closed;
  private volatile Burn burn = Burn.NONE;
  private Instant burnt = Instant.EPOCH;

  private Contracting(Settings settings, Database database) throws IOException {
    this.database = database;
    var random = new byte[4];
    new SecureRandom().nextBytes(random);
    this.witness = HexFormat.of().formatHex(random);
    this.hasPersons = !settings.operators().isEmpty();
    this.kinds = kinds(settings.vendors());
    this.desk =
        new ContractDesk(
            settings.contracts(), kinds(settings.vendors()), new SqlEvidenceStore(database), clock);
    if (!settings.contracts().isEmpty()) {
      // Without what happened since they were agreed, calls could go where they may not.
      desk.refresh();
    }
  }

  /**
   * Takes what was agreed, and reads what happened since.
   *
   * @throws IOException if there are contracts, and what happened cannot be read
   */
  static Contracting begin(Settings settings, Database database) throws IOException {
    return new Contracting(settings, database);
  }

  static Map<String, String> kinds(Vendors vendors) {
    return vendors.all().stream().collect(Collectors.toMap(Vendor::name, Vendor::kind));
  }

  Rules rules() {
    return desk.rules();
  }

  ContractDesk desk() {
    return desk;
  }

  /** Prices by which what a commitment pays for anyhow, and would be left over, costs nothing. */
  Health.Prices marginal(Health.Prices prices) {
    return (target, request) -> {
      Burn now = burn;
      boolean sunk =
          !now.all().isEmpty()
              && now.prefers(
                  target.vendor(),
                  kinds.getOrDefault(target.vendor(), target.vendor()),
                  target.model());
      return sunk ? 0 : prices.of(target, request);
    };
  }

  /** Begins to keep in step. */
  synchronized void start(Health targets) {
    health = () -> Optional.of(targets);
    looking.start();
  }

  /** The settings were read again. */
  void replace(Settings again) {
    kinds = kinds(again.vendors());
    desk.replace(again.contracts(), kinds);
  }

  List<Resource> resources(
      Supplier<Plan> plan,
      Supplier<Prices> prices,
      Function<String, Optional<String>> regions,
      Path data) {
    return new ContractResources(
            desk, new SqlFacts(database), world(plan, prices, regions, data), clock, hasPersons)
        .resources();
  }

  private DryRun.World world(
      Supplier<Plan> plan,
      Supplier<Prices> prices,
      Function<String, Optional<String>> regions,
      Path data) {
    return new DryRun.World() {
      @Override
      public List<DryRun.Way> targets(String route) {
        return switch (plan.get().resolve(route)) {
          case Resolution.Unknown _ -> List.of();
          case Resolution.Found(var found) ->
              found.routeTargets().stream()
                  .map(target ->
                      new DryRun.Way(
                          target.target().vendor(),
                          desk.vendors()
                              .getOrDefault(target.target().vendor(), target.target().vendor()),
                          target.target().model(),
                          target.region()))
                  .toList();
        };
      }

      @Override
      public Optional<Money> price(DryRun.Way at, Instant when, long input, long output) {
        Cost cost =
            prices
                .get()
                .estimate(
                    new Ask(
                        at.vendor(),
                        at.kind(),
                        at.model(),
                        regions.apply(at.vendor()),
                        Optional.empty(),
                        when,
                        input,
                        output));
        return cost.isWhole() ? Optional.of(cost.total()) : Optional.empty();
      }

      @Override
      public String quality(String route, String incumbent, String candidate) {
        try {
          return Certificates.objection(
                  data.resolve("qualify"),
                  new Certificates.Demand(
                      candidate, incumbent, Optional.empty(), Duration.ofDays(365), false),
                  clock.instant())
              .map(why -> "not qualified: " + why)
              .orElse("qualified");
        } catch (IOException e) {
          return "not known: " + e.getMessage();
        }
      }
    };
  }

  // --- keeping in step ---

  private void look() {
    boolean away = false;
    while (paused()) {
      if (desk.agreed().isEmpty()) {
        continue;
      }
      try {
        desk.refresh();
        witness();
        reckonBurn();
        if (away) {
          LOG.log(Level.INFO, "what happens under contracts is read from the database again");
        }
        away = false;
      } catch (IOException | RuntimeException e) {
        if (!away && !closed) {
          LOG.log(Level.WARNING, "rules of contracts stay as they are: {0}", e.getMessage());
        }
        away = true;
      }
    }
  }

  private void reckonBurn() throws IOException {
    Instant now = clock.instant();
    if (burnt.plus(BURN_AGAIN).isBefore(now)) {
      burnt = now;
      burn = Burn.of(desk.state().book(), new SqlFacts(database), now);
    }
  }

  /** Takes down when a vendor that a carve-out asks about goes out, and when it is back. */
  private void witness() throws IOException {
    Optional<Health> targets = health.get();
    Set<String> watched = watched(desk.agreed());
    if (targets.isEmpty() || watched.isEmpty()) {
      return;
    }
    Instant now = clock.instant();
    for (String vendor : watched) {
      if (isOut(vendor, targets.get())) {
        Instant since = outSince.computeIfAbsent(vendor, _ -> now);
        Instant last = told.get(vendor);
        boolean again = last == null || last.plus(SEEN_AGAIN).isBefore(now);
        if (again && since.plus(SEEN_MIN).isBefore(now)) {
          tell(Happening.Kind.OUTAGE, vendor, now, "since", since.toString());
          told.put(vendor, now);
        }
      } else {
        outSince.remove(vendor);
        if (told.containsKey(vendor)) {
          tell(Happening.Kind.RETURN, vendor, now, "evidence", "targets answer again");
          told.remove(vendor);
        }
      }
    }
  }

  private void tell(Happening.Kind kind, String vendor, Instant at, String name, String value)
      throws IOException {
    try {
      desk.tell(
          ContractDesk.GATEWAY,
          Happening.of(kind, "", "", at, "vendor", vendor, "witness", witness, name, value));
    } catch (ContractDesk.Refused e) {
      LOG.log(Level.WARNING, "{0} of {1} is not taken down: {2}", kind, vendor, e.getMessage());
    }
  }

  /** The vendors that outages in carve-outs are about. */
  private Set<String> watched(ContractBook book) {
    List<Party> parties =
        book.versions().stream()
            .flatMap(version -> version.rights().exclusivities().stream())
            .flatMap(clause -> clause.carveOuts().stream())
            .map(CarveOut::outageOf)
            .flatMap(Optional::stream)
            .toList();
    return desk.vendors().entrySet().stream()
        .filter(vendor ->
            parties.stream().anyMatch(party -> party.serves(vendor.getKey(), vendor.getValue())))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** Whether all of its targets of which anything is known are out. */
  private static boolean isOut(String vendor, Health health) {
    boolean known = false;
    long now = health.now();
    for (Vitals vitals : health.all()) {
      if (vitals.target().startsWith(vendor + "/")) {
        known = true;
        if (vitals.breaker().standing(now) == Standing.IN) {
          return false;
        }
      }
    }
    return known;
  }

  private boolean paused() {
    try {
      Thread.sleep(LOOK_MILLIS);
      return !closed;
    } catch (InterruptedException e) {
      return false;
    }
  }

  @Override
  public void close() {
    closed = true;
    looking.interrupt();
    try {
      if (looking.getState() != Thread.State.NEW) {
        looking.join(PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
