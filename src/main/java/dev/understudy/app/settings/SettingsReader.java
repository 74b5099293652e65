package dev.understudy.app.settings;

import dev.understudy.app.settings.SettingsFile.LimitsBlock;
import dev.understudy.app.settings.SettingsFile.ServerBlock;
import dev.understudy.app.settings.SettingsFile.StoreBlock;
import dev.understudy.app.settings.SettingsFile.TelemetryBlock;
import dev.understudy.routing.BreakerRule;
import dev.understudy.routing.Lacking;
import dev.understudy.routing.Plan;
import dev.understudy.routing.Resolution;
import dev.understudy.routing.Route;
import dev.understudy.store.PostgresAddress;
import dev.understudy.text.ByteCount;
import dev.understudy.text.Entries;
import dev.understudy.text.Nearness;
import dev.understudy.text.Place;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import dev.understudy.vendor.BaseUrl;
import dev.understudy.vendor.Catalogue;
import dev.understudy.vendor.Kind;
import dev.understudy.vendor.Secret;
import dev.understudy.vendor.TokenExchange;
import dev.understudy.vendor.Vendor;
import dev.understudy.vendor.Vendors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Makes settings of what a file says and the environment holds. */
final class SettingsReader {
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:-]{1,255}");
  private static final long BODY_DEFAULT = 64L << 20;
  private static final long BODY_MAX = 1L << 30;
  private static final long HEAD_DEFAULT = 32 << 10;
  private static final long HEAD_MAX = 1 << 20;
  private static final long PROMPTS_DEFAULT = 8 << 10;
  private static final long PROMPTS_MAX = 16 << 10;
  private static final int CALLS_DEFAULT = 10_000;
  private static final int CONNECTIONS_DEFAULT = 8;

  private final Catalogue catalogue;
  private final Path file;
  private final Map<String, String> environment;
  private final Problems problems;
  private final TokenExchange tokens;
  private final List<String> notes = new ArrayList<>();

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
    var made = new VendorsReader(catalogue, file, environment, tokens, problems, notes);
    Vendors vendors = made.vendors(said.vendors());
    Set<String> unusable = made.unusable();
    boolean sandbox = said.sandbox().orElse(vendors.isEmpty() && unusable.isEmpty());
    Map<String, String> regions = made.regions(said.vendors(), vendors);
    List<Route> routes =
        new RouteReader(catalogue, problems, vendors, unusable, regions, sandbox)
            .routes(said.routes());
    BreakerRule breakers = new BreakersReader(problems).read(said.breakers());
    Plan plan = plan(catalogue, routes, vendors, regions, breakers);
    var access = new AccessReader(problems);
    var files = new NamedFiles(file, problems);
    return new Settings(
        vendors,
        routes,
        plan,
        access.callers(said.keys()),
        server(said.server(), access),
        store(said.store()),
        limits(said.limits()),
        said.log().prompts().orElse(false),
        new JournalReader(file, problems).read(said.journal()),
        telemetry(said.telemetry()),
        files.priceBooks(said.prices()),
        sandbox,
        made.origins(),
        notes,
        made.capacity(),
        files.contracts(said.contracts()),
        access.operators(said.server().operators()),
        files.settlement(said.settlement()),
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
        said.breakers().equals(BreakersReader.NOTHING_SAID)
            ? with.plan().breakers()
            : new BreakersReader(problems).read(said.breakers());
    return plan(catalogue, routes, with.vendors(), regions, rule);
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

  private Settings.Server server(ServerBlock said, AccessReader access) {
    return new Settings.Server(
        host(said.host(), "host"),
        said.port().orElse(8080),
        host(said.adminHost(), "admin-host"),
        said.adminPort().orElse(8081),
        said.adminToken().flatMap(access::adminToken));
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

  private Settings.Telemetry telemetry(TelemetryBlock said) {
    Optional<String> otlp =
        said.otlp()
            .map(Text::value)
            .or(() -> VendorReader.held(environment, "OTEL_EXPORTER_OTLP_ENDPOINT"));
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
        said.service()
            .map(Text::value)
            .or(() -> VendorReader.held(environment, "OTEL_SERVICE_NAME"))
            .orElse("understudy"),
        said.prompts().orElse(false),
        (int)
            bounded(
                said.promptsMax(),
                PROMPTS_DEFAULT,
                PROMPTS_MAX,
                "telemetry.prompts-max may be at most 16KiB"));
  }
}
