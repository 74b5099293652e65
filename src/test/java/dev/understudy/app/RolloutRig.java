package dev.understudy.app;

import dev.understudy.ShippedClassPath;
import dev.understudy.json.Json;
import dev.understudy.sandbox.Sandbox;
import dev.understudy.sandbox.SandboxSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A gateway in a process of its own, vendors in a box, and callers who talk without end. */
final class RolloutRig implements AutoCloseable {
  /** A price book in which the candidate has a price. */
  static final String PRICES =
      """
      book: ours
      kind: negotiated
      currency: USD
      sources:
        own: {where: "own model", checked: 2026-10-01, mark: contract}
      vendors:
        mai:
          source: own
          models:
            mai-1:
              prices:
                - {from: 2026-01-01, tokens: {input.text: 1, input.text.read: 0.1, output.text: 4}}
      """;

  private static final String TOKEN = "an-admin-token-of-the-rig";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int CALLERS = 8;

  final Sandbox box = Sandbox.start(SandboxSettings.of("openai", "mai"));
  final AtomicLong calls = new AtomicLong();
  final AtomicLong failed = new AtomicLong();
  final AtomicLong toCandidate = new AtomicLong();
  private final Path folder;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String breakers;
  private final String rollout;
  volatile String failure = "";
  private @Nullable Process process;
  private int port;
  private int adminPort;

  /**
   * Starts the gateway.
   *
   * @param breakers when a target is taken out
   * @param rollout the fields of the one rollout, two spaces in
   */
  RolloutRig(Path folder, String breakers, String rollout)
      throws IOException, InterruptedException {
    this.folder = folder;
    this.breakers = breakers;
    this.rollout = rollout;
    write();
    start();
  }

  private void write() throws IOException {
    Files.writeString(
        folder.resolve("understudy.yaml"),
        """
        sandbox: false
        server: {admin-token: %s}
        vendors:
          openai: {kind: openai, url: "%s", key: none}
          mai: {kind: mai, url: "%s", key: none}
        routes:
          assistant: {serve: openai/gpt-5.1}
        breakers: %s
        prices: {books: [prices.yaml]}
        rollouts:
          takeover:
            route: assistant
            candidate: mai/mai-1
            suite: suite.yaml
        %s
        """
            .formatted(
                TOKEN,
                box.url("openai"),
                box.url("mai"),
                breakers,
                rollout.strip().indent(4).stripTrailing()));
    Files.writeString(folder.resolve("prices.yaml"), PRICES);
    Files.writeString(
        folder.resolve("suite.yaml"),
        """
        suite: answers the question
        metric: pass
        margin: 0.05
        checks:
          - {type: contains, value: you said}
        cases:
          - {input: hello}
        """);
  }

  private void start() throws IOException, InterruptedException {
    Path log = folder.resolve("log");
    Files.deleteIfExists(log);
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                ShippedClassPath.text(),
                "dev.understudy.app.Main",
                "serve",
                "--config=" + folder.resolve("understudy.yaml"),
                "--data=" + folder.resolve("data"),
                "--port=0",
                "--admin-port=0")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      for (String line : Files.readString(log).lines().toList()) {
        if (line.startsWith("operators at ")) {
          adminPort = port(line);
        } else if (line.startsWith("ready: callers at ")) {
          port = port(line);
          return;
        }
      }
      if (!process.isAlive()) {
        break;
      }
      Thread.sleep(50);
    }
    throw new IOException("the gateway did not start:\n" + Files.readString(log));
  }

  private static int port(String line) {
    return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1).strip());
  }

  /** Kills the gateway as a machine that loses power does, and starts it again. */
  void killAndRestart() throws IOException, InterruptedException {
    Process killed = process;
    if (killed != null) {
      killed.destroyForcibly().waitFor();
    }
    start();
  }

  JsonNode admin(String method, String path) throws IOException, InterruptedException {
    HttpResponse<byte[]> reply =
        client.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + path))
                .header("authorization", "Bearer " + TOKEN)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    return Json.parse(reply.body());
  }

  JsonNode status() throws IOException, InterruptedException {
    return admin("GET", "/admin/rollouts/takeover");
  }

  /** Callers call until the rollout is over, or so many calls were made and a minute has passed. */
  String run(long callsMax) throws Exception {
    long until = calls.get() + callsMax;
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String status = "running";
    while (calls.get() < until || System.nanoTime() < deadline) {
      talk(200);
      status = status().path("status").asString("");
      if (!status.equals("running")) {
        return status;
      }
      if (calls.get() > until / 4) {
        // A candidate that fails rests after each failure: what is lacking is time, not calls.
        Thread.sleep(100);
      }
    }
    return status;
  }

  /** So many calls, each the beginning of a talk. */
  void talk(int many) throws Exception {
    try (var threads = Executors.newFixedThreadPool(CALLERS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        all.add(threads.submit(() -> call(calls.incrementAndGet())));
      }
      for (Future<?> one : all) {
        one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
    }
  }

  private void call(long number) {
    String body =
        "{\"model\": \"assistant\", \"messages\": [{\"role\": \"user\", \"content\": \"talk %d\"}]}"
            .formatted(number);
    try {
      HttpResponse<String> reply =
          client.send(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
                  .header("content-type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (reply.statusCode() != 200) {
        failed.incrementAndGet();
        failure = reply.statusCode() + ": " + reply.body();
      }
      if (reply.headers().firstValue("x-understudy-target").orElse("").equals("mai/mai-1")) {
        toCandidate.incrementAndGet();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    client.close();
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
    }
    box.close();
  }
}
