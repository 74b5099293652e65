package dev.understudy.app.settings;

import dev.understudy.access.Callers;
import dev.understudy.access.Digest;
import dev.understudy.app.settings.SettingsFile.BreakersBlock;
import dev.understudy.app.settings.SettingsFile.JournalBlock;
import dev.understudy.app.settings.SettingsFile.LimitsBlock;
import dev.understudy.app.settings.SettingsFile.ServerBlock;
import dev.understudy.app.settings.SettingsFile.StoreBlock;
import dev.understudy.app.settings.SettingsFile.TelemetryBlock;
import dev.understudy.contract.ContractBook;
import dev.understudy.contract.ContractChecks;
import dev.understudy.contract.ContractDesk;
import dev.understudy.contract.ContractReader;
import dev.understudy.contract.ContractVersion;
import dev.understudy.routing.BreakerRule;
import dev.understudy.routing.Lacking;
import dev.understudy.routing.Plan;
import dev.understudy.routing.Resolution;
import dev.understudy.routing.Route;
import dev.understudy.store.PostgresAddress;
import dev.understudy.text.ByteCount;
import dev.understudy.text.Decimal;
import dev.understudy.text.Entries;
import dev.understudy.text.Nearness;
import dev.understudy.text.Place;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import dev.understudy.text.YamlReader;
import dev.understudy.vendor.BaseUrl;
import dev.understudy.vendor.Catalogue;
import dev.understudy.vendor.Kind;
import dev.understudy.vendor.Secret;
import dev.understudy.vendor.TokenExchange;
import dev.understudy.vendor.Vendor;
import dev.understudy.vendor.Vendors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Makes settings of what a file says and the environment holds. */
final class SettingsReader {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:-]{1,255}");
  private static final Pattern KEY = Pattern.compile("[!-~]*");
  private static final int KEY_LENGTH_MIN = 16;
  private static final int KEY_LENGTH_MAX = 4_096;
  private static final long BODY_DEFAULT = 64L << 20;
  private static final long BODY_MAX = 1L << 30;
  private static final long HEAD_DEFAULT = 32 << 10;
  private static final long HEAD_MAX = 1 << 20;
  private static final int CALLS_DEFAULT = 10_000;
  private static final int CONNECTIONS_DEFAULT = 8;

  private final Catalogue catalogue;
  private final Path file;
  private final Map<String, String> environment;
  private final Problems problems;
  private final TokenExchange tokens;
  private final List<String> notes = new ArrayList<>();
  private final Map<String, Settings.Origin> origins = new LinkedHashMap<>();
  private final Map<String, List<ModelCapacity>> capacity = new LinkedHashMap<>();

  SettingsReader(
      Catalogue catalogue,
      Path file,
      Map<String, String> environment,
      TokenExchange tokens,
      Problems problems) {
    this.tokens = tokens;
    this.catalogue = catalogue;
    this.file = file;
    this.environment = environment;
    this.problems = problems;
  }

  /** Whatever can be made; if there are problems, it is of no use. */
  Settings settings(SettingsFile said) {
    var unusable = new LinkedHashSet<>(said.vendors().broken());
    Vendors vendors = vendors(said.vendors(), unusable);
    boolean sandbox = said.sandbox().orElse(vendors.isEmpty() && unusable.isEmpty());
    Map<String, String> regions = regions(said.vendors(), vendors);
    List<Route> routes =
        new RouteReader(catalogue, problems, vendors, unusable, regions, sandbox)
            .routes(said.routes());
    BreakerRule breakers = breakers(said.breakers());
    Plan plan = plan(catalogue, routes, vendors, regions, breakers);
    return new Settings(
        vendors,
        routes,
        plan,
        callers(said.keys()),
        server(said.server()),
        store(said.store()),
        limits(said.limits()),
        said.log().prompts().orElse(false),
        keeping(said.journal()),
        telemetry(said.telemetry()),
        priceBooks(said.prices()),
        sandbox,
        origins,
        notes,
        capacity,
        contracts(said.contracts()),
        operators(said.server().operators()),
        settlement(said.settlement()),
        rollouts(said.rollouts(), plan, sandbox));
  }

  /** What would be refused when one begins is a note: routes and suites may be there by then. */
  private List<DeclaredRollout> rollouts(Entries<RolloutBlock> said, Plan plan, boolean sandbox) {
    List<DeclaredRollout> all = new RolloutReader(problems, file).read(said);
    for (DeclaredRollout one : all) {
      if (!plan.routeNames().contains(one.route())) {
        notes.add(
            "rollout %s cannot begin yet: there is no route %s%s"
                .formatted(
                    one.name(),
                    Nearness.quoted(one.route()),
                    Nearness.hint(one.route(), plan.routeNames())));
      }
      String vendor = one.candidate().substring(0, one.candidate().indexOf('/'));
      if (plan.resolve(one.candidate()) instanceof Resolution.Unknown
          && !(sandbox && Settings.SANDBOX_VENDORS.contains(vendor))) {
        notes.add(
            "rollout %s cannot begin yet: vendor %s of its candidate is not on"
                .formatted(one.name(), Nearness.quoted(vendor)));
      }
      one.suite()
          .filter(suite -> !Files.isReadable(suite))
          .ifPresent(suite ->
              notes.add(
                  "rollout %s cannot begin yet: the suite %s cannot be read"
                      .formatted(one.name(), suite)));
    }
    return all;
  }

  /** The plan of a text that holds routes only; if there are problems, it is of no use. */
  Plan plan(PlanFile said, Settings with) {
    Map<String, String> regions = with.plan().regions();
    List<Route> routes =
        new RouteReader(catalogue, problems, with.vendors(), Set.of(), regions, with.sandbox())
            .routes(said.routes());
    if (said.routes().all().isEmpty() && problems.isEmpty()) {
      problems.add(new Place(file.toString(), 1, 1), "there are no routes: name them under routes");
    }
    BreakerRule rule =
        said.breakers().equals(NOTHING_SAID) ? with.plan().breakers() : breakers(said.breakers());
    return plan(catalogue, routes, with.vendors(), regions, rule);
  }

  private static final BreakersBlock NOTHING_SAID =
      new BreakersBlock(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /** Where vendors answer, as far as the file or the environment says. */
  private Map<String, String> regions(Entries<VendorBlock> said, Vendors vendors) {
    var regions = new LinkedHashMap<String, String>();
    for (Vendor vendor : vendors.all()) {
      for (Kind.PlaceName place :
          catalogue.kind(vendor.kind()).map(Kind::places).orElse(List.of())) {
        if (!place.name().equals("project")) {
          place.variables().stream()
              .flatMap(variable -> held(variable).stream())
              .findFirst()
              .or(place::usual)
              .ifPresent(where -> regions.put(vendor.name(), where));
        }
      }
    }
    for (var entry : said.all()) {
      entry
          .value()
          .region()
          .or(() -> entry.value().location())
          .ifPresent(where -> regions.put(entry.name().value(), where.value()));
    }
    return regions;
  }

  private BreakerRule breakers(BreakersBlock said) {
    BreakerRule usual = BreakerRule.USUAL;
    Duration out = said.out().orElse(usual.out());
    return new BreakerRule(
        said.consecutive().orElse(usual.consecutive()),
        share(said.failures(), usual.share(), "failures"),
        said.calls().orElse(usual.callsMin()),
        said.window().orElse(usual.window()),
        said.slowAfter().orElse(usual.slowAfter()),
        share(said.slow(), usual.slowShare(), "slow"),
        out,
        said.outMax().filter(max -> max.compareTo(out) >= 0).orElse(longer(out, usual.outMax())),
        said.probe().orElse(usual.probe()));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private double share(Optional<Decimal> said, double usual, String name) {
    if (said.isEmpty()) {
      return usual;
    }
    double share = said.get().value().doubleValue();
    if (!(share > 0 && share <= 1)) {
      problems.add(
          said.get().place(),
          name + " must be more than 0 and at most 1, not " + said.get().value().toPlainString());
      return usual;
    }
    return share;
  }

  static Plan plan(
      Catalogue catalogue,
      List<Route> routes,
      Vendors vendors,
      Map<String, String> regions,
      BreakerRule breakers) {
    var names = new ArrayList<Plan.VendorName>();
    var seen = new LinkedHashSet<String>();
    for (Vendor vendor : vendors.all()) {
      Optional<Kind> kind = catalogue.kind(vendor.kind());
      // The aliases of a kind lead to the first of its vendors only.
      boolean first = seen.add(vendor.kind());
      var other = new ArrayList<String>();
      if (first && kind.isPresent()) {
        other.add(kind.get().name());
        other.addAll(kind.get().aliases());
      }
      names.add(
          new Plan.VendorName(
              vendor.name(),
              other,
              kind.map(Kind::modelPrefixes).orElse(List.of()),
              regions.getOrDefault(vendor.name(), ""),
              kind.map(TargetNames::lacking).orElse(Lacking.NOTHING)));
    }
    return new Plan(routes, names, breakers);
  }

  private Vendors vendors(Entries<VendorBlock> said, Set<String> unusable) {
    var found = new ArrayList<Vendor>();
    var taken = new LinkedHashSet<>(unusable);
    for (var entry : said.all()) {
      Text name = entry.name();
      taken.add(name.value());
      if (!NAME.matcher(name.value()).matches()) {
        problems.add(
            name.place(),
            "a vendor's name is up to 64 letters, digits, dots, dashes and underscores");
        unusable.add(name.value());
      } else if (!entry.value().enabled().orElse(true)) {
        notes.add("vendor " + name.value() + " is switched off");
      } else {
        var reader = new VendorReader(catalogue, file, environment, tokens, problems);
        boolean whole = !said.broken().contains(name.value());
        Optional<Vendor> vendor = reader.vendor(name, entry.value(), whole);
        vendor.ifPresentOrElse(found::add, () -> unusable.add(name.value()));
        origins.put(name.value(), new Settings.Origin(true, reader.keySources()));
        capacity.put(name.value(), new CapacityReader(problems).read(entry.value().capacity()));
      }
    }
    for (Kind kind : catalogue.kinds()) {
      if (!taken.contains(kind.name()) && kind.aliases().stream().noneMatch(taken::contains)) {
        switchedOn(kind).ifPresent(found::add);
      }
    }
    return new Vendors(found);
  }

  /** A vendor that no block names, if its usual environment variable is set. */
  private Optional<Vendor> switchedOn(Kind kind) {
    Optional<String> variable = VendorReader.switchedOnBy(kind, environment);
    if (variable.isEmpty()) {
      return Optional.empty();
    }
    // A variable may be there for another program, so what is wrong is a note and no problem.
    var faults = new Problems();
    var reader = new VendorReader(catalogue, file, environment, tokens, faults);
    var place = new Place(kind.name(), 1, 1);
    var name = new Text(place, kind.name(), kind.name(), List.of());
    Optional<Vendor> vendor = reader.vendor(name, VendorReader.NOTHING_SAID, true);
    if (vendor.isEmpty()) {
      String why = String.join("; ", faults.lines()).replace(place + ": ", "");
      notes.add("vendor " + kind.name() + " is off although " + variable.get() + " is set: " + why);
      return Optional.empty();
    }
    origins.put(kind.name(), new Settings.Origin(false, reader.keySources()));
    return vendor;
  }

  private Callers callers(Entries<Text> said) {
    var keys = new LinkedHashMap<String, String>();
    var owners = new HashMap<Secret, String>();
    for (var entry : said.all()) {
      String name = entry.name().value();
      Text key = entry.value();
      int length = key.value().length();
      if (!NAME.matcher(name).matches()) {
        problems.add(
            entry.name().place(),
            "a caller's name is up to 64 letters, digits, dots, dashes and underscores");
      } else if (length < KEY_LENGTH_MIN || length > KEY_LENGTH_MAX) {
        problems.add(
            key.place(),
            "the key of %s must have from %d to %d characters"
                .formatted(name, KEY_LENGTH_MIN, KEY_LENGTH_MAX));
      } else if (!KEY.matcher(key.value()).matches()) {
        problems.add(
            key.place(),
            "the key of " + name + " holds white space, control or non-ASCII characters");
      } else {
        String owner = owners.putIfAbsent(new Secret(key.value()), name);
        if (owner != null) {
          problems.add(key.place(), "the key of " + name + " is that of " + owner + " too");
        }
        keys.put(name, key.value());
      }
    }
    return keys.isEmpty() ? Callers.NONE : new Callers(keys);
  }

  private Settings.Server server(ServerBlock said) {
    return new Settings.Server(
        host(said.host(), "host"),
        said.port().orElse(8080),
        host(said.adminHost(), "admin-host"),
        said.adminPort().orElse(8081),
        said.adminToken().flatMap(this::adminToken));
  }

  private Optional<Secret> adminToken(Text said) {
    if (said.value().length() < KEY_LENGTH_MIN || !KEY.matcher(said.value()).matches()) {
      problems.add(
          said.place(),
          "admin-token must have %d visible ASCII characters or more".formatted(KEY_LENGTH_MIN));
      return Optional.empty();
    }
    return Optional.of(new Secret(said.value()));
  }

  private Optional<PostgresAddress> store(StoreBlock said) {
    if (said.url().isEmpty()) {
      said.user().ifPresent(user -> problems.add(user.place(), "user needs url"));
      said.password().ifPresent(password -> problems.add(password.place(), "password needs url"));
      return Optional.empty();
    }
    try {
      return Optional.of(
          PostgresAddress.parse(
              said.url().get().value(),
              said.user().map(Text::value),
              said.password().map(password -> new Secret(password.value())),
              said.connections().orElse(CONNECTIONS_DEFAULT)));
    } catch (IllegalArgumentException e) {
      problems.add(said.url().get().place(), "url " + e.getMessage());
      return Optional.empty();
    }
  }

  private String host(Optional<Text> said, String field) {
    said.filter(text -> !HOST.matcher(text.value()).matches())
        .ifPresent(
            text -> problems.add(text.place(), field + " must be an IP address or a host's name"));
    return said.map(Text::value).orElse("127.0.0.1");
  }

  private Settings.Limits limits(LimitsBlock said) {
    return new Settings.Limits(
        bounded(said.body(), BODY_DEFAULT, BODY_MAX, "limits.body may be at most 1GiB"),
        (int) bounded(said.headers(), HEAD_DEFAULT, HEAD_MAX, "limits.headers may be at most 1MiB"),
        said.calls().orElse(CALLS_DEFAULT),
        new CountingReader(file, problems).counting(said));
  }

  private long bounded(Optional<ByteCount> said, long byDefault, long max, String problem) {
    long bytes = said.map(ByteCount::bytes).orElse(byDefault);
    if (bytes > max) {
      problems.add(new Place(file.toString(), 1, 1), problem);
    }
    return bytes;
  }

  private static final long PROMPTS_DEFAULT = 8 << 10;
  private static final long PROMPTS_MAX = 16 << 10;

  private Settings.Keeping keeping(JournalBlock said) {
    Duration window = said.window().orElse(WINDOW_USUAL);
    if (window.compareTo(WINDOW_MIN) < 0 || window.compareTo(WINDOW_MAX) > 0) {
      problems.add(new Place(file.toString(), 1, 1), "journal.window must be from 1ms to 10s");
    }
    long waitingMax = said.waitingMax().map(ByteCount::bytes).orElse(WAITING_USUAL);
    if (waitingMax < WAITING_MIN) {
      problems.add(new Place(file.toString(), 1, 1), "journal.waiting-max must be at least 16MiB");
    }
    boolean refuse = false;
    if (said.whenFull().isPresent()) {
      Text word = said.whenFull().get();
      refuse = word.value().equals("refuse");
      if (!refuse && !word.value().equals("serve")) {
        problems.add(word.place(), "journal.when-full must be serve or refuse");
      }
    }
    Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
    return new Settings.Keeping(
        said.folder().map(text -> folder.resolve(text.value())),
        window,
        said.strict().orElse(false),
        waitingMax,
        refuse,
        said.exchangesDays().orElse(30),
        said.attemptsDays().orElse(400));
  }

  private static final Duration WINDOW_USUAL = Duration.ofMillis(100);
  private static final Duration WINDOW_MIN = Duration.ofMillis(1);
  private static final Duration WINDOW_MAX = Duration.ofSeconds(10);
  private static final long WAITING_USUAL = 4L << 30;
  private static final long WAITING_MIN = 16L << 20;

  private Settings.Telemetry telemetry(TelemetryBlock said) {
    Optional<String> otlp =
        said.otlp().map(Text::value).or(() -> held("OTEL_EXPORTER_OTLP_ENDPOINT"));
    if (otlp.isPresent()) {
      try {
        otlp = Optional.of(BaseUrl.of(otlp.get()).toString());
      } catch (IllegalArgumentException e) {
        if (said.otlp().isPresent()) {
          problems.add(said.otlp().get().place(), "otlp " + e.getMessage());
        } else {
          notes.add("traces are off: OTEL_EXPORTER_OTLP_ENDPOINT " + e.getMessage());
          otlp = Optional.empty();
        }
      }
    }
    return new Settings.Telemetry(
        otlp,
        HeaderFields.read(said.headers(), problems),
        said.service().map(Text::value).or(() -> held("OTEL_SERVICE_NAME")).orElse("understudy"),
        said.prompts().orElse(false),
        (int)
            bounded(
                said.promptsMax(),
                PROMPTS_DEFAULT,
                PROMPTS_MAX,
                "telemetry.prompts-max may be at most 16KiB"));
  }

  private List<Path> priceBooks(SettingsFile.PricesBlock said) {
    var books = new ArrayList<Path>();
    Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
    for (Text book : said.books()) {
      Path path = folder.resolve(book.value());
      if (Files.isReadable(path)) {
        books.add(path);
      } else {
        problems.add(book.place(), "there is no price book " + Nearness.quoted(book.written()));
      }
    }
    return books;
  }

  private Optional<Settings.Settlement> settlement(SettingsFile.SettlementBlock said) {
    Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
    Optional<Path> tariffs = said.tariffs().map(text -> folder.resolve(text.value()));
    if (tariffs.isPresent() && !Files.isReadable(tariffs.get())) {
      Text text = said.tariffs().orElseThrow();
      problems.add(text.place(), "there is no file of tariffs " + Nearness.quoted(text.written()));
    }
    if (said.day().isEmpty()) {
      said.as()
          .or(said::out)
          .or(said::tariffs)
          .ifPresent(text ->
              problems.add(
                  text.place(), "nothing is settled by itself without a day; add settlement.day"));
    }
    return said.day()
        .map(day ->
            new Settings.Settlement(
                day,
                said.months().orElse(12),
                said.as().map(Text::value),
                said.out().map(text -> folder.resolve(text.value())),
                tariffs));
  }

  private ContractBook contracts(List<Text> said) {
    Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
    var versions = new ArrayList<ContractVersion>();
    int before = problems.total();
    for (Text name : said) {
      Path path = folder.resolve(name.value());
      try (var in = Files.newInputStream(path)) {
        ContractReader.read(name.value(), in.readNBytes(YamlReader.BYTES_MAX + 1), problems)
            .ifPresent(versions::add);
      } catch (IOException e) {
        problems.add(name.place(), "there is no contract " + Nearness.quoted(name.written()));
      }
    }
    var book = new ContractBook(versions);
    if (problems.total() == before) {
      ContractChecks.of(book, problems);
    }
    return book;
  }

  private Map<String, Digest> operators(Entries<Text> said) {
    var operators = new LinkedHashMap<String, Digest>();
    for (var entry : said.all()) {
      if (!entry.name().value().matches("[A-Za-z0-9][A-Za-z0-9@._-]{0,63}")
          || entry.name().value().equals(ContractDesk.GATEWAY)
          || entry.name().value().equals("admin")) {
        problems.add(
            entry.name().place(),
            "an operator's name is up to 64 letters, digits, dots, dashes and @, and neither admin nor gateway");
      } else if (!entry.value().value().matches("[0-9a-f]{64}")) {
        problems.add(
            entry.value().place(),
            "must be the SHA-256 of a token, as understudy admin-token --for NAME prints it; never the token");
      } else if (operators.containsValue(Digest.ofHex(entry.value().value()))) {
        problems.add(entry.value().place(), "another operator has this token too");
      } else {
        operators.put(entry.name().value(), Digest.ofHex(entry.value().value()));
      }
    }
    return operators;
  }

  private Optional<String> held(String variable) {
    return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isEmpty());
  }
}
