package dev.understudy.app;

import dev.understudy.exchange.Facts;
import dev.understudy.ledger.Ledger;
import dev.understudy.ledger.Verification;
import dev.understudy.store.Database;
import dev.understudy.store.PostgresServer;
import dev.understudy.store.SqlFacts;
import dev.understudy.store.SqlLedgerStore;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * Kills a gateway under load again and again, at random instants, and then compares what callers
 * received with what was booked.
 */
public final class CrashTrial {
  private static final int CALLERS = 32;

  /** A caller asks so often at the most, so that the machine has something left for the rest. */
  private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(12);

  private static final Instant ALWAYS = Instant.parse("2100-01-01T00:00:00Z");

  private static final String ASK =
      "{\"model\":\"openai/gpt-5.1\",\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final String ANSWER =
      "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"gpt-5.1-2025-11-13\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hello.\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3,\"total_tokens\":12}}";

  private final Path folder;
  private final Optional<PostgresServer> server;
  private final String name;
  private final Random chance;
  private final Queue<String> received = new ConcurrentLinkedQueue<>();
  private final AtomicLong callsAnswered = new AtomicLong();
  private final AtomicBoolean over = new AtomicBoolean();
  private final int port;
  private final int adminPort;
  private long loadedNanos;
  private long answeredUnderLoad;

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
   * @param callsEachSecond while a gateway was up
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
      long callsEachSecond) {
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
    this.port = freePort();
    this.adminPort = freePort();
  }

  /** Below those that the system gives to anybody: it has to be free again after each kill. */
  private static int freePort() throws IOException {
    var some = new Random();
    while (true) {
      int port = 20_000 + some.nextInt(12_000);
      try (var _ = new ServerSocket(port)) {
        return port;
      } catch (BindException e) {
        // Another one, then.
      }
    }
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
        "| database | kills | calls a second | answers received | lost | not booked | attempts kept | in sums | entries | ledger |");
    System.out.println("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    System.out.printf(
        Locale.ROOT,
        "| %s | %d | %d | %d | %d | %d | %d | %d | %d | %s |%n",
        arguments[1],
        outcome.kills(),
        outcome.callsEachSecond(),
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
    try (var vendor = new ServerSocket(0, 200)) {
      Thread.ofVirtual().start(() -> answer(vendor));
      settings(vendor.getLocalPort());
      for (int i = 0; i < CALLERS; i++) {
        Thread.ofPlatform().daemon().start(this::ask);
      }
      for (int i = 0; i < kills; i++) {
        Process gateway = begin();
        // Some while it starts and books what the last one left, most while it serves.
        if (chance.nextInt(8) == 0) {
          Thread.sleep(chance.nextInt(600));
        } else {
          long before = callsAnswered.get();
          awaitUp(gateway);
          until(() -> callsAnswered.get() > before, gateway);
          long from = System.nanoTime();
          Thread.sleep(chance.nextInt(1_000));
          loadedNanos += System.nanoTime() - from;
          answeredUnderLoad += callsAnswered.get() - before;
        }
        gateway.destroyForcibly().waitFor();
      }
      over.set(true);
      Process last = begin();
      awaitUp(last);
      awaitSettled(last);
      last.destroy();
      last.waitFor();
    }
    return compare(kills);
  }

  private void settings(int vendorPort) throws IOException {
    var text = new StringBuilder();
    text.append("server:\n  port: ").append(port).append('\n');
    text.append("  admin-port: ").append(adminPort).append('\n');
    text.append("  admin-token: a-token-for-operators\n");
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
    Files.writeString(folder.resolve("u.yaml"), text);
  }

  private Process begin() throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx192m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.understudy.app.Main",
                "serve",
                "--config",
                folder.resolve("u.yaml").toString(),
                "--data",
                folder.resolve("data").toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("gateway.log").toFile()))
        .start();
  }

  private void until(BooleanSupplier condition, Process gateway) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      if (!gateway.isAlive() || System.nanoTime() > deadline) {
        throw new IOException("the gateway answers nobody; see " + folder.resolve("gateway.log"));
      }
      Thread.sleep(2);
    }
  }

  private void awaitUp(Process gateway) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress("127.0.0.1", port), 200);
        return;
      } catch (IOException e) {
        if (!gateway.isAlive() || System.nanoTime() > deadline) {
          throw new IOException(
              "the gateway does not start; see " + folder.resolve("gateway.log"), e);
        }
        Thread.sleep(10);
      }
    }
  }

  private void awaitSettled(Process gateway) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (true) {
      try (var socket = new Socket("127.0.0.1", adminPort)) {
        socket
            .getOutputStream()
            .write(
                "GET /admin/journal HTTP/1.1\r\nhost: x\r\nauthorization: Bearer a-token-for-operators\r\nconnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
        String told = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (told.contains("\"waiting_bytes\":0,")) {
          return;
        }
      } catch (IOException e) {
        // Its door opens a moment later.
      }
      if (!gateway.isAlive() || System.nanoTime() > deadline) {
        throw new IOException(
            "what is on disk is not booked; see " + folder.resolve("gateway.log"));
      }
      Thread.sleep(50);
    }
  }

  // --- the vendor ---

  private static void answer(ServerSocket vendor) {
    while (!vendor.isClosed()) {
      try {
        Socket socket = vendor.accept();
        Thread.ofVirtual().start(() -> answer(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private static void answer(Socket socket) {
    byte[] reply =
        ("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
                + ANSWER.length()
                + "\r\n\r\n"
                + ANSWER)
            .getBytes(StandardCharsets.US_ASCII);
    try (socket) {
      socket.setTcpNoDelay(true);
      var in = new BufferedInputStream(socket.getInputStream());
      while (message(in).isPresent()) {
        socket.getOutputStream().write(reply);
      }
    } catch (IOException e) {
      // The gateway was killed.
    }
  }

  /** Reads a head and the body whose length it tells; empty at the end of the stream. */
  private static Optional<Map<String, String>> message(InputStream in) throws IOException {
    var headers = new HashMap<String, String>();
    var line = new StringBuilder();
    boolean first = true;
    while (true) {
      int c = in.read();
      if (c < 0) {
        return Optional.empty();
      }
      if (c == '\n') {
        if (line.isEmpty() && !first) {
          break;
        }
        int colon = line.indexOf(":");
        if (first) {
          headers.put("", line.toString());
        } else if (colon > 0) {
          headers.put(
              line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
        }
        first = false;
        line.setLength(0);
      } else if (c != '\r') {
        line.append((char) c);
      }
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return in.readNBytes(length).length == length ? Optional.of(headers) : Optional.empty();
  }

  // --- the callers ---

  private void ask() {
    byte[] request =
        ("POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: "
                + ASK.length()
                + "\r\n\r\n"
                + ASK)
            .getBytes(StandardCharsets.US_ASCII);
    while (!over.get()) {
      try (var socket = new Socket("127.0.0.1", port)) {
        socket.setTcpNoDelay(true);
        var in = new BufferedInputStream(socket.getInputStream());
        while (!over.get()) {
          long begun = System.nanoTime();
          socket.getOutputStream().write(request);
          Optional<Map<String, String>> answer = message(in);
          if (answer.isEmpty()) {
            break;
          }
          callsAnswered.incrementAndGet();
          if (answer.get().getOrDefault("", "").contains(" 200 ")) {
            received.add(answer.get().getOrDefault("x-understudy-exchange", "none"));
          }
          long rest = PACE_NANOS - (System.nanoTime() - begun);
          if (rest > 0) {
            TimeUnit.NANOSECONDS.sleep(rest);
          }
        }
      } catch (IOException e) {
        // It is down, or was killed in the middle of an answer, which then was not received.
        try {
          Thread.sleep(5);
        } catch (InterruptedException stop) {
          return;
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  // --- the comparison ---

  private Outcome compare(int kills) throws Exception {
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
          loadedNanos == 0 ? 0 : answeredUnderLoad * 1_000_000_000L / loadedNanos);
    }
  }
}
