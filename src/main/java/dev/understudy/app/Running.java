package dev.understudy.app;

import dev.understudy.admin.AdminServer;
import dev.understudy.admin.CompareResource;
import dev.understudy.admin.Doorkeeper;
import dev.understudy.admin.JournalResources;
import dev.understudy.admin.KeyResources;
import dev.understudy.admin.LimitResources;
import dev.understudy.admin.Pages;
import dev.understudy.admin.Reply;
import dev.understudy.admin.Resource;
import dev.understudy.admin.SettlementResources;
import dev.understudy.admin.TargetsPage;
import dev.understudy.app.settings.Settings;
import dev.understudy.capacity.Capacity;
import dev.understudy.capacity.CapacityReport;
import dev.understudy.exchange.Journal;
import dev.understudy.gateway.Counsel;
import dev.understudy.gateway.Gate;
import dev.understudy.gateway.Gateway;
import dev.understudy.gateway.HttpComparer;
import dev.understudy.limits.Limiting;
import dev.understudy.limits.Tariff;
import dev.understudy.pricing.Prices;
import dev.understudy.routing.Health;
import dev.understudy.sandbox.Sandbox;
import dev.understudy.sandbox.SandboxSettings;
import dev.understudy.store.Database;
import dev.understudy.store.SqlPlanStore;
import dev.understudy.store.SqlStatementStore;
import dev.understudy.telemetry.ExchangeLines;
import dev.understudy.telemetry.LogJournal;
import dev.understudy.telemetry.Metrics;
import dev.understudy.telemetry.PricedJournal;
import dev.understudy.telemetry.RecentExchanges;
import dev.understudy.telemetry.Spans;
import dev.understudy.vendor.Catalogue;
import dev.understudy.vendor.Secret;
import dev.understudy.vendor.Vendor;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The product while it runs: wired by hand, stopped in the reverse order. */
final class Running implements AutoCloseable {
  /** The embedded database, in the data folder. */
  static final String DATABASE = "understudy.db";

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final AtomicReference<Gateway> door = new AtomicReference<>();
  private final AtomicReference<Keyring> keyring = new AtomicReference<>();
  private Optional<Secret> freshToken = Optional.empty();
  private volatile Settings settings;
  private List<String> sandboxed = List.of();
  private int adminPort;

  /**
   * Starts the vendors in the box if the settings want them, the callers' door, and then the
   * operators'.
   *
   * @param log where the line of each exchange goes
   * @param data the folder in which data is kept
   * @throws IOException if a port cannot be listened on, or what is kept cannot be used
   * @throws IllegalArgumentException if a variable for traces or a price book says what cannot be
   *     followed
   */
  static Running start(
      Settings settings, Map<String, String> environment, OutputStream log, Path data)
      throws IOException {
    return start(settings, environment, log, data, () -> settings);
  }

  /**
   * The same, with settings that can be read again.
   *
   * @param source where they are read
   */
  static Running start(
      Settings settings,
      Map<String, String> environment,
      OutputStream log,
      Path data,
      PlanDesk.Source source)
      throws IOException {
    var running = new Running(settings);
    try {
      running.open(environment, log, data, source);
      return running;
    } catch (IOException | RuntimeException e) {
      running.close();
      throw e;
    }
  }

  /** The same for a run of which nothing is kept. */
  static Running start(Settings settings, Map<String, String> environment, OutputStream log)
      throws IOException {
    Path data = Files.createTempDirectory("understudy");
    Running running = start(settings, environment, log, data);
    running.parts.addLast(() -> removeAll(data));
    return running;
  }

  /** Removes a folder with all that is in it. */
  static void removeAll(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> below = Files.walk(folder)) {
      all = below.toList();
    }
    for (Path path : all.reversed()) {
      Files.deleteIfExists(path);
    }
  }

  private Running(Settings settings) {
    this.settings = settings;
  }

  private void open(
      Map<String, String> environment, OutputStream log, Path data, PlanDesk.Source source)
      throws IOException {
    Instant startedAt = Instant.now();
    List<Vendor> doubles = List.of();
    if (settings.sandbox()) {
      Sandbox box = keep(Sandbox.start(SandboxSettings.defaults()));
      doubles = SandboxVendors.of(box, Catalogue.load(), settings.vendors());
      sandboxed = doubles.stream().map(Vendor::name).toList();
      settings = settings.with(doubles);
    }
    Optional<Database> shared = settings.store().map(address -> keep(Database.shared(address)));
    var plans =
        keep(
            new PlanDesk(
                settings, doubles, environment, source, data, shared.map(SqlPlanStore::new)));
    LogJournal lines = keep(new LogJournal(log));
    var recent = new RecentExchanges();
    var metrics =
        new Metrics(Version.number(), plans.plan(), () -> gateway().openCalls(), lines::dropped);
    var journals =
        new ArrayList<Journal>(
            List.of(new ExchangeLines(lines, recent, settings.logPrompts()), metrics));
    var traced = settings.telemetry();
    Spans.from(traced.over(environment), Version.number(), traced.prompts())
        .ifPresent(spans -> {
          LibraryLogs.withoutSpans();
          journals.add(keep(spans));
        });
    AdminToken token = AdminToken.inForce(environment, settings.server().adminToken(), data);
    freshToken = token.fresh();
    Doorkeeper doorkeeper = token.doorkeeper().and(settings.operators());
    Database kept = shared.orElseGet(() -> keep(Database.embedded(data.resolve(DATABASE))));
    Keyring keys = keep(keyring(data, kept, shared.isPresent()));
    keyring.set(keys);
    Contracting contracts = keep(Contracting.begin(settings, kept));
    var prices = new PriceFiles(settings.priceBooks(), data);
    refuseUnknownNames(plans, prices);
    var regions = new Regions(settings.vendors());
    PricedJournal priced =
        keep(new PricedJournal(Journal.all(journals.toArray(Journal[]::new)), regions::of));
    Optional<Path> embedded =
        shared.isPresent() ? Optional.empty() : Optional.of(data.resolve(DATABASE));
    KeptCalls calls =
        keep(KeptCalls.open(settings.keeping(), data, kept, embedded, prices, regions));
    metrics.showJournal(calls::standing);
    var targetPrices =
        new TargetPrices(prices::inForce, settings.vendors(), regions::of, InstantSource.system());
    var limits = settings.limits();
    var capacity = new Capacity(settings.capacityBook(), InstantSource.system());
    metrics.show(capacity);
    Limiting counting = keep(Counting.begin(limits.counting(), data));
    metrics.show(counting);
    Gateway gateway =
        new Gateway(
            new Gateway.Settings(
                settings.server().host(),
                settings.server().port(),
                Runtime.getRuntime().availableProcessors(),
                limits.bodyMax(),
                limits.headMax(),
                limits.callsMax()),
            plans.plan(),
            settings.vendors(),
            keys.callers(),
            calls
                .journal()
                .then(priced)
                .withContent(settings.logPrompts() || traced.prompts() ? traced.promptsMax() : 0),
            InstantSource.system(),
            new Gateway.Limits(
                counting.limiter(),
                new Tariff(prices::inForce, regions::of, limits.counting().currencies())),
            new Counsel(
                Gate.OPEN,
                Health.Headrooms.UNKNOWN,
                contracts.marginal(targetPrices),
                contracts::rules,
                new ListedModels(prices::inForce, sandboxed, InstantSource.system())),
            capacity);
    door.set(gateway);
    // Once the door is open: reading the list takes longer than opening it.
    prices.into(priced);
    keys.start(gateway::replace);
    contracts.start(gateway.health());
    PaidTwice.warn(settings, prices::awaited);
    SettlementJob settling = settlement(contracts, kept, prices, data);
    metrics.watch(gateway.health());
    Rollouts rollouts = keep(Rollouts.of(gateway, settings, kept, targetPrices, environment, data));
    plans.start(
        gateway,
        again -> {
          if (keys.wouldOpen(again.callers())) {
            // Behind a proxy on this machine that would be everybody.
            throw new IllegalArgumentException(
                "the settings hold no key any more, and without any key callers on this machine are"
                    + " let in; make one with understudy keys create, or restart if that is meant");
          }
          Runnable books = prices.again(again.priceBooks(), priced);
          return () -> {
            regions.replace(again.vendors());
            targetPrices.replace(again.vendors());
            books.run();
            keys.replaceSettings(again.callers());
            capacity.replace(again.capacityBook());
            contracts.replace(again);
            settings = again;
            warnOfUnknownNames(plans, prices);
            settling.replace(terms(again, data));
            rollouts.replace(again.rollouts());
            PaidTwice.warn(again, prices::awaited);
          };
        });
    AdminServer admin =
        keep(
            AdminServer.open(
                InetAddress.getByName(settings.server().adminHost()),
                settings.server().adminPort(),
                doorkeeper,
                resources(
                    new GatewayPages(startedAt, metrics, recent, calls.records(), gateway),
                    new KeyResources(
                        keys.desk(),
                        () -> keys.ofSettings().names(),
                        limits.counting().currencies()),
                    new LimitResources(counting, () -> keys.callers().scopes()),
                    new JournalResources(calls::standing, calls.records()),
                    plans,
                    capacity,
                    contracts.resources(gateway::plan, prices::inForce, regions::of, data),
                    FiguresDesk.resources(
                        () -> settings, data, kept, () -> contracts.desk().state().book()),
                    new SettlementResources(new SqlStatementStore(kept)).resources(),
                    rollouts.resources().resources())));
    adminPort = admin.port();
    rollouts.start();
    keep(Compaction.begin(gateway::openCalls));
  }

  /** A contract about nothing that is known is refused before calls rely on it. */
  private void refuseUnknownNames(PlanDesk plans, PriceFiles prices) {
    KnownNames.Unknown unknown = unknownNames(plans, prices::read);
    if (!unknown.errors().isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", unknown.errors()));
    }
    unknown.warnings().forEach(Running::warn);
  }

  /** What runs goes on: a price list may have lost a model since, and clauses about it are kept. */
  private void warnOfUnknownNames(PlanDesk plans, PriceFiles prices) {
    KnownNames.Unknown unknown = unknownNames(plans, prices::inForce);
    unknown.errors().forEach(Running::warn);
    unknown.warnings().forEach(Running::warn);
  }

  private KnownNames.Unknown unknownNames(PlanDesk plans, Supplier<Prices> prices) {
    return KnownNames.of(settings, plans.plan().routes(), prices)
        .in(settings.contracts(), Instant.now());
  }

  private static void warn(String line) {
    System.getLogger(Running.class.getName()).log(System.Logger.Level.WARNING, line);
  }

  /** Settles by itself, while the settings say when. */
  private SettlementJob settlement(
      Contracting contracts, Database kept, PriceFiles prices, Path data) {
    SettlementJob job =
        keep(
            new SettlementJob(
                terms(settings, data),
                () -> contracts.desk().state().book(),
                kept,
                () -> ListWitness.lists(prices.inForce()),
                InstantSource.system()));
    job.start();
    return job;
  }

  private static Optional<SettlementJob.Terms> terms(Settings settings, Path data) {
    return settings.settlement().map(said -> SettlementJob.Terms.of(said, data));
  }

  /** Everything at the operators' door: whoever has resources adds them here. */
  private List<Resource> resources(
      Pages pages,
      KeyResources keys,
      LimitResources limits,
      JournalResources journal,
      PlanDesk plans,
      Capacity capacity,
      List<Resource> contracts,
      List<Resource> figures,
      List<Resource> settlement,
      List<Resource> rollouts) {
    return Stream.of(
            pages.resources(),
            keys.resources(),
            limits.resources(),
            journal.resources(),
            plans.resources(),
            contracts,
            settlement,
            rollouts,
            new TargetsPage(() -> gateway().health()).resources(),
            new CompareResource(new HttpComparer(this::callersDoor), pages::exchange).resources(),
            figures,
            List.of(
                Resource.get(
                    "/admin/capacity",
                    _ -> Reply.json(CapacityReport.json(capacity, Capacity.now())))))
        .flatMap(List::stream)
        .toList();
  }

  private Keyring keyring(Path data, Database kept, boolean isShared) throws IOException {
    return new Keyring(
        data,
        kept,
        isShared ? Optional.empty() : Optional.of(data.resolve(DATABASE)),
        settings.callers());
  }

  private <T extends AutoCloseable> T keep(T part) {
    parts.push(part);
    return part;
  }

  /** Where callers find it, as this machine sees it. */
  private URI callersDoor() {
    return URI.create("http://" + Greeting.address(settings.server().host(), gateway().port()));
  }

  /** The settings as they came out, the vendors in the box among the others. */
  Settings settings() {
    return settings;
  }

  /** The names of the vendors that the sandbox plays. */
  List<String> sandboxed() {
    return sandboxed;
  }

  /** The admin token, if it was made up at this start: to be shown once. */
  Optional<Secret> freshToken() {
    return freshToken;
  }

  Keyring keyring() {
    Keyring keys = keyring.get();
    if (keys == null) {
      throw new IllegalStateException("the gateway has not started");
    }
    return keys;
  }

  Gateway gateway() {
    Gateway gateway = door.get();
    if (gateway == null) {
      throw new IllegalStateException("the gateway has not started");
    }
    return gateway;
  }

  int adminPort() {
    return adminPort;
  }

  /** Stops taking calls; those under way may go on for so long. */
  void close(Duration patience) {
    Gateway gateway = door.get();
    if (gateway != null) {
      gateway.close(patience);
    }
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        System.getLogger(Running.class.getName())
            .log(System.Logger.Level.WARNING, "a part did not stop well", e);
      }
    }
  }

  @Override
  public void close() {
    close(Duration.ZERO);
  }
}
