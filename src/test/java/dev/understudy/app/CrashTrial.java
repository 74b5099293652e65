package dev.understudy.app;

import dev.understudy.exchange.Facts;
import dev.understudy.ledger.Ledger;
import dev.understudy.ledger.Verification;
import dev.understudy.store.Database;
import dev.understudy.store.PostgresServer;
import dev.understudy.store.SqlFacts;
import dev.understudy.store.SqlLedgerStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/**
 * Kills a gateway under load again and again, at random instants, and then compares what callers
 * received with what was booked.
 */
public final class CrashTrial {
  /** What callers try, as the issue of a busy gateway has it. */
  private static final int CALLS_EACH_SECOND = 2_000;

  /** A gateway serves for less than so long before it is killed. */
  private static final int SERVED_MILLIS_MAX = 5_000;

  /** Over so long before the kill it is counted how fast calls came. */
  private static final int COUNTED_MILLIS = 500;

  private static final Instant ALWAYS = Instant.parse("2100-01-01T00:00:00Z");

  private final Path folder;
  private final Optional<PostgresServer> server;
  private final String name;
  private final Random chance;
  private final int port;
  private final int adminPort;
  private final List<Long> rates = new ArrayList<>();

  /**
   * What came of it.
   *
   * @param received calls whose answers callers have completely
   * @param lost of these, those that are not in the store
   * @param unbooked of these, those that are not in the ledger
   * @param attempts that cost anything, in the store
   * @param summed in the hourly sums
   * @param entries in the ledger
   * @param problems what the ledger's verification says
   * @param rates the calls that were answered in the last half second before each kill of a gateway
   *     that served, as calls a second, the lowest first
   */
  public record Outcome(
      int kills,
      long received,
      long lost,
      long unbooked,
      long attempts,
      long summed,
      long entries,
      List<String> problems,
      List<Long> rates) {
    /** The rate that so many of a hundred kills came under or at. */
    long rate(int percent) {
      return rates.isEmpty() ? 0 : rates.get((rates.size() - 1) * percent / 100);
    }

    /** Whether nothing was lost and nothing counted twice. */
    public boolean isSound() {
      return lost == 0
          && unbooked == 0
          && attempts == summed
          && attempts == entries
          && attempts >= received
          && problems.isEmpty();
    }
  }

  private CrashTrial(Path folder, Optional<PostgresServer> server, long seed)
      throws IOException, SQLException {
    this.folder = folder;
    this.server = server;
    this.name = server.isPresent() ? server.get().freshDatabase() : "";
    this.chance = new Random(seed);
    this.port = GatewayProcess.freePort();
    this.adminPort = GatewayProcess.freePort();
  }

  /** {@code CrashTrial KILLS sqlite|postgres [SEED]}: prints a row of a table. */
  public static void main(String[] arguments) throws Exception {
    int kills = Integer.parseInt(arguments[0]);
    boolean shared = arguments[1].equals("postgres");
    long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : System.nanoTime();
    Path folder = Files.createTempDirectory("understudy-crash");
    Outcome outcome =
        run(folder, shared ? Optional.of(PostgresServer.shared()) : Optional.empty(), kills, seed);
    System.out.println(
        "| database | kills | calls a second before them: median, 9 of 10 at least, most | answers received | lost | not booked | attempts kept | in sums | entries | ledger |");
    System.out.println("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    System.out.printf(
        Locale.ROOT,
        "| %s | %d | %d, %d, %d | %d | %d | %d | %d | %d | %d | %s |%n",
        arguments[1],
        outcome.kills(),
        outcome.rate(50),
        outcome.rate(10),
        outcome.rate(100),
        outcome.received(),
        outcome.lost(),
        outcome.unbooked(),
        outcome.attempts(),
        outcome.summed(),
        outcome.entries(),
        outcome.problems().isEmpty() ? "sound" : outcome.problems().toString());
    Running.removeAll(folder);
    System.exit(outcome.isSound() ? 0 : 1);
  }

  /** Kills so many times, and compares. */
  public static Outcome run(Path folder, Optional<PostgresServer> server, int kills, long seed)
      throws Exception {
    return new CrashTrial(folder, server, seed).run(kills);
  }

  private Outcome run(int kills) throws Exception {
    List<String> received;
    try (var vendor = new CrashVendor()) {
      settings(vendor.port());
      var callers = new CrashCallers(port, CALLS_EACH_SECOND);
      try (callers) {
        for (int i = 0; i < kills; i++) {
          GatewayProcess gateway = begin();
          // Some while it starts and books what the last one left, most while it serves.
          if (chance.nextInt(8) == 0) {
            Thread.sleep(chance.nextInt(600));
          } else {
            serve(gateway, callers, chance.nextInt(SERVED_MILLIS_MAX));
          }
          gateway.kill();
        }
      }
      received = callers.received();
      GatewayProcess last = begin();
      last.awaitUp();
      last.awaitBooked();
      last.stop();
    }
    rates.sort(null);
    return compare(kills, received);
  }

  private void serve(GatewayProcess gateway, CrashCallers callers, int millis) throws Exception {
    long none = callers.answered();
    gateway.awaitUp();
    gateway.until(() -> callers.answered() > none);
    Thread.sleep(Math.max(0, millis - COUNTED_MILLIS));
    long before = callers.answered();
    long from = System.nanoTime();
    Thread.sleep(Math.min(millis, COUNTED_MILLIS));
    long nanos = System.nanoTime() - from;
    if (millis >= COUNTED_MILLIS) {
      rates.add((callers.answered() - before) * 1_000_000_000L / nanos);
    }
  }

  private void settings(int vendorPort) throws IOException {
    var text = new StringBuilder(GatewayProcess.server(port, adminPort));
    text.append("vendors:\n  openai:\n    key: a-key\n    url: http://127.0.0.1:")
        .append(vendorPort)
        .append("/v1\n    protocol: openai-chat\n");
    if (server.isPresent()) {
      text.append("store:\n  url: \"")
          .append(server.get().url(name))
          .append("\"\n  user: ")
          .append(server.get().user(name))
          .append("\n  password: \"")
          .append(server.get().password())
          .append("\"\n");
    }
    Files.writeString(folder.resolve(GatewayProcess.SETTINGS), text);
  }

  private GatewayProcess begin() throws IOException {
    return GatewayProcess.start(folder, port, adminPort);
  }

  // --- the comparison ---

  private Outcome compare(int kills, List<String> received) throws Exception {
    try (Database database =
        server
            .map(at -> Database.shared(at.address(name, at.password())))
            .orElseGet(() -> Database.embedded(folder.resolve("data/understudy.db")))) {
      var facts = new SqlFacts(database);
      var kept = new HashMap<String, Integer>();
      var attempts = new long[2];
      facts.each(
          Instant.EPOCH,
          ALWAYS,
          fact -> {
            kept.merge(fact.exchange(), 1, Integer::sum);
            attempts[0] += fact.cost().filter(cost -> !cost.counted().isZero()).isPresent() ? 1 : 0;
          });
      facts.sums(
          Instant.EPOCH,
          ALWAYS,
          Facts.Grain.WHOLE,
          sum -> attempts[1] += sum.item().equals("output.text") ? sum.attempts() : 0);
      var booked = new HashMap<String, Integer>();
      var store = new SqlLedgerStore(database);
      store.<Integer>read(pages -> {
        pages
            .currencies()
            .forEach(currency ->
                pages.each(
                    currency,
                    entry ->
                        booked.merge(
                            entry.draft().event().id().replaceAll("/.*", ""), 1, Integer::sum),
                    (_, _) -> {}));
        return 0;
      });
      long lost = 0;
      long unbooked = 0;
      for (String one : received) {
        lost += kept.containsKey(one) ? 0 : 1;
        unbooked += booked.containsKey(one) ? 0 : 1;
      }
      var problems = new ArrayList<String>();
      for (Verification one : new Ledger(store, InstantSource.system()).verify()) {
        problems.addAll(one.problems().stream().map(Object::toString).toList());
      }
      return new Outcome(
          kills,
          received.size(),
          lost,
          unbooked,
          attempts[0],
          attempts[1],
          booked.values().stream().mapToLong(Integer::longValue).sum(),
          problems,
          rates);
    }
  }
}
