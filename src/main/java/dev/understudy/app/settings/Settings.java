package dev.understudy.app.settings;

import dev.understudy.access.Callers;
import dev.understudy.access.Digest;
import dev.understudy.capacity.Capacity;
import dev.understudy.contract.ContractBook;
import dev.understudy.limits.Currencies;
import dev.understudy.routing.Plan;
import dev.understudy.routing.Route;
import dev.understudy.store.PostgresAddress;
import dev.understudy.text.Problems;
import dev.understudy.text.YamlReader;
import dev.understudy.vendor.Catalogue;
import dev.understudy.vendor.Secret;
import dev.understudy.vendor.TokenExchange;
import dev.understudy.vendor.Vendor;
import dev.understudy.vendor.Vendors;
import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a settings file and the environment come to.
 *
 * @param vendors all that are on
 * @param routes in the order of the file; their targets are all on, or those of the sandbox
 * @param plan the routes and vendors as names
 * @param store the database that gateways share; empty: a file in the data folder
 * @param keeping how finished calls are written down and booked
 * @param priceBooks files with price books that come before the list
 * @param sandbox whether vendors in a box are to answer for the {@link #SANDBOX_VENDORS}
 * @param origins where each vendor comes from, by its name
 * @param notes what an operator may want to know, a line each
 * @param capacity what is said of the limits of each vendor's models, by its name
 * @param contracts what was agreed with whom
 * @param operators persons with admin tokens of their own, by their names
 * @param settlement when contracts are settled by themselves; empty: by hand only
 * @param rollouts those that may be begun
 */
public record Settings(
    Vendors vendors,
    List<Route> routes,
    Plan plan,
    Callers callers,
    Server server,
    Optional<PostgresAddress> store,
    Limits limits,
    boolean logPrompts,
    Keeping keeping,
    Telemetry telemetry,
    List<Path> priceBooks,
    boolean sandbox,
    Map<String, Origin> origins,
    List<String> notes,
    Map<String, List<ModelCapacity>> capacity,
    ContractBook contracts,
    Map<String, Digest> operators,
    Optional<Settlement> settlement,
    List<DeclaredRollout> rollouts) {
  /** The names under which vendors in a box answer. */
  public static final List<String> SANDBOX_VENDORS =
      List.of("openai", "anthropic", "google", "xai", "deepseek", "meta", "mai");

  public Settings {
    routes = List.copyOf(routes);
    priceBooks = List.copyOf(priceBooks);
    origins = Map.copyOf(origins);
    notes = List.copyOf(notes);
    capacity = Map.copyOf(capacity);
    operators = Map.copyOf(operators);
    rollouts = List.copyOf(rollouts);
  }

  /**
   * When contracts are settled and customers invoiced.
   *
   * @param day of the month from which the month before is settled
   * @param months how many months that are over are looked at
   * @param party of contracts that we are, where that is not clear by itself
   * @param out where files go; empty: a folder in the data folder
   * @param tariffs who is invoiced; empty for nobody
   */
  public record Settlement(
      int day, int months, Optional<String> party, Optional<Path> out, Optional<Path> tariffs) {}

  /** What is known of the limits of every vendor's models. */
  public Capacity.Book capacityBook() {
    return new CapacityBook(Catalogue.load(), vendors, capacity);
  }

  /** Where to listen; port 0 stands for any that is free. */
  public record Server(
      String host, int port, String adminHost, int adminPort, Optional<Secret> adminToken) {}

  /**
   * Bounds on what callers send.
   *
   * @param bodyMax bytes of a request's body
   * @param headMax bytes of a request's head
   * @param callsMax calls served at once
   * @param counting how the limits of keys, teams and organisations are counted
   */
  public record Limits(long bodyMax, int headMax, int callsMax, Counting counting) {}

  /**
   * How the limits of keys, teams and organisations are counted.
   *
   * @param zone where days and months begin
   * @param currencies those budgets may be in
   * @param redis where replicas share them; empty: nowhere
   */
  public record Counting(ZoneId zone, Currencies currencies, Optional<Redis> redis) {
    /** By UTC, in US dollars, for this process alone. */
    public static final Counting USUAL =
        new Counting(ZoneOffset.UTC, Currencies.USD, Optional.empty());
  }

  /**
   * Where replicas share limits.
   *
   * @param url with the password in it
   * @param prefix what all keys begin with
   * @param lease for how long a share is a replica's own without another word
   * @param replicas how many there are at the least
   * @param trust the certificates to trust; the usual ones if there are none
   */
  public record Redis(
      Secret url, String prefix, Duration lease, int replicas, List<X509Certificate> trust) {}

  /**
   * How finished calls are written down and booked.
   *
   * @param folder where they wait for the store; empty: in the data folder
   * @param window how much a loss of power may take
   * @param strict whether an answer's end waits for the disk
   * @param waitingMax bytes that may wait
   * @param refuseWhenFull whether calls are refused when no more can be written down
   * @param exchangesDays for how long records are kept; 0: not at all
   * @param attemptsDays for how long attempts are kept one by one
   */
  public record Keeping(
      Optional<Path> folder,
      Duration window,
      boolean strict,
      long waitingMax,
      boolean refuseWhenFull,
      int exchangesDays,
      int attemptsDays) {}

  /**
   * Where traces go.
   *
   * @param otlp the collector's base address, without {@code /v1/traces}; empty: nowhere
   * @param headers further headers, whose values may be secret
   * @param prompts whether spans hold what was said
   * @param promptsMax how much of it records hold, in characters of either side
   */
  public record Telemetry(
      Optional<String> otlp,
      Map<String, String> headers,
      String service,
      boolean prompts,
      int promptsMax) {
    public Telemetry {
      headers = Map.copyOf(headers);
    }

    /** The environment's word on traces, with this where the environment has none. */
    public Map<String, String> over(Map<String, String> environment) {
      var all = new HashMap<String, String>();
      otlp.ifPresent(url -> all.put("OTEL_EXPORTER_OTLP_ENDPOINT", url));
      if (!headers.isEmpty()) {
        all.put(
            "OTEL_EXPORTER_OTLP_HEADERS",
            headers.entrySet().stream()
                .map(header -> header.getKey() + "=" + header.getValue())
                .collect(Collectors.joining(",")));
      }
      if (!service.isEmpty()) {
        all.put("OTEL_SERVICE_NAME", service);
      }
      all.putAll(environment);
      return all;
    }

    @Override
    public String toString() {
      return "Telemetry[" + otlp + ", headers " + headers.keySet() + ", " + service + "]";
    }
  }

  /**
   * Where a vendor comes from.
   *
   * @param named whether a block of the file names it
   * @param keys what its keys are taken from: names of variables, files, or words, never values
   */
  public record Origin(boolean named, List<String> keys) {
    public Origin {
      keys = List.copyOf(keys);
    }
  }

  /**
   * Reads a settings file, to look at what it comes to: credentials that need a token server cannot
   * be used.
   *
   * @param environment the environment variables
   * @throws BadSettings if anything is wrong, with all that is
   */
  public static Settings read(Path file, Map<String, String> environment) throws BadSettings {
    return read(file, environment, Settings::refuse);
  }

  /**
   * Reads a settings file, to work by it.
   *
   * @param environment the environment variables
   * @param tokens asks token servers, when a credential is first used
   * @throws BadSettings if anything is wrong, with all that is
   */
  public static Settings read(Path file, Map<String, String> environment, TokenExchange tokens)
      throws BadSettings {
    byte[] bytes;
    try (var in = Files.newInputStream(file)) {
      bytes = in.readNBytes(YamlReader.BYTES_MAX + 1);
    } catch (NoSuchFileException e) {
      throw new BadSettings(List.of(file + ": no such file"));
    } catch (AccessDeniedException e) {
      throw new BadSettings(List.of(file + ": may not be read"));
    } catch (IOException e) {
      throw new BadSettings(List.of(file + ": cannot be read"));
    }
    return read(file, bytes, environment, tokens);
  }

  /** What the environment alone comes to, without a settings file. */
  public static Settings ofEnvironment(Map<String, String> environment, TokenExchange tokens)
      throws BadSettings {
    return read(Path.of("understudy.yaml"), new byte[0], environment, tokens);
  }

  /** Reads the content of a settings file, to look at what it comes to. */
  static Settings read(Path file, byte[] bytes, Map<String, String> environment)
      throws BadSettings {
    return read(file, bytes, environment, Settings::refuse);
  }

  private static String refuse(URI tokenUri, String form) throws IOException {
    throw new IOException("no token server is asked while settings are only looked at");
  }

  private static Settings read(
      Path file, byte[] bytes, Map<String, String> environment, TokenExchange tokens)
      throws BadSettings {
    var problems = new Problems();
    Settings settings = null;
    Optional<SettingsFile> said =
        YamlReader.read(SettingsFile.class, file.toString(), bytes, environment, problems);
    if (said.isPresent()) {
      settings =
          new SettingsReader(Catalogue.load(), file, environment, tokens, problems)
              .settings(said.get());
    }
    if (settings == null || !problems.isEmpty()) {
      throw new BadSettings(problems.lines());
    }
    return settings;
  }

  /**
   * The plan that a text of routes comes to with these settings' vendors.
   *
   * @param name how problems name the text
   * @param text YAML or JSON with {@code routes}, and {@code breakers} if they differ
   * @param environment the environment variables
   * @throws BadSettings if anything is wrong, with all that is
   */
  public Plan plan(String name, byte[] text, Map<String, String> environment) throws BadSettings {
    var problems = new Problems();
    Optional<PlanFile> said = YamlReader.read(PlanFile.class, name, text, environment, problems);
    Optional<Plan> made =
        said.map(file ->
            new SettingsReader(
                    Catalogue.load(), Path.of(name), environment, Settings::refuse, problems)
                .plan(file, this));
    if (!problems.isEmpty() || made.isEmpty()) {
      throw new BadSettings(problems.lines());
    }
    return made.get();
  }

  /** The same with other ports to listen on. */
  public Settings withPorts(int port, int adminPort) {
    return new Settings(
        vendors,
        routes,
        plan,
        callers,
        new Server(server.host(), port, server.adminHost(), adminPort, server.adminToken()),
        store,
        limits,
        logPrompts,
        keeping,
        telemetry,
        priceBooks,
        sandbox,
        origins,
        notes,
        capacity,
        contracts,
        operators,
        settlement,
        rollouts);
  }

  /** The same with further vendors, such as those of the sandbox. */
  public Settings with(Collection<Vendor> further) {
    var all = new ArrayList<>(vendors.all());
    all.addAll(further);
    var together = new Vendors(all);
    return new Settings(
        together,
        routes,
        SettingsReader.plan(Catalogue.load(), routes, together, plan.regions(), plan.breakers()),
        callers,
        server,
        store,
        limits,
        logPrompts,
        keeping,
        telemetry,
        priceBooks,
        sandbox,
        origins,
        notes,
        capacity,
        contracts,
        operators,
        settlement,
        rollouts);
  }
}
