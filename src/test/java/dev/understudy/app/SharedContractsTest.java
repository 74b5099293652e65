package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Digest;
import dev.understudy.app.settings.Settings;
import dev.understudy.store.PostgresServer;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Replicas that share a database obey a trigger that was told to one of them. */
final class SharedContractsTest {
  private static final String CONTRACT =
      """
      contract:
        id: hosting
        version: 1
        parties:
          - {id: us, role: customer}
          - {id: openai, role: vendor, vendors: [openai]}
        term: {from: 2024-01-01}
        currency: USD
      exclusivity:
        - {id: ex-1, grantor: us, beneficiary: openai, kind: exclusive, of: supply}
      triggers:
        - id: exit
          condition: {declared-by: us.board}
          effects:
            - {set: {exclusivity.ex-1: non-exclusive}}
            - {deny: {vendors: [openai]}}
      """;

  @TempDir private Path folder;
  private final HttpClient client = HttpClient.newHttpClient();

  private Path settings() throws Exception {
    PostgresServer server = PostgresServer.shared();
    String database = server.fresh().database();
    Files.writeString(folder.resolve("hosting.yaml"), CONTRACT);
    return Files.writeString(
        folder.resolve("u.yaml"),
        """
        sandbox: true
        contracts: [hosting.yaml]
        store: {url: "%s", user: "%s", password: "%s"}
        server:
          operators: {ann: %s, bob: %s}
        routes:
          best: {serve: openai/gpt-5.1, fallback: [anthropic/claude-sonnet-4-5]}
        """
            .formatted(
                server.url(database),
                server.user(database),
                server.password(),
                Digest.of("token-of-ann").hex(),
                Digest.of("token-of-bob").hex()));
  }

  private Running open(Path settings, String name) throws Exception {
    return Running.start(
        Settings.read(settings, Map.of()).withPorts(0, 0),
        Map.of(AdminToken.VARIABLE, "a-token-for-operators"),
        OutputStream.nullOutputStream(),
        Files.createDirectories(folder.resolve(name)));
  }

  private HttpResponse<String> ask(Running running) throws Exception {
    return client.send(
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:%d/v1/chat/completions".formatted(running.gateway().port())))
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"model\":\"best\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"))
            .header("content-type", "application/json")
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static String target(HttpResponse<String> reply) {
    return reply.headers().firstValue("x-understudy-target").orElse("");
  }

  private static String run(String person, Running at, String... arguments) {
    var out = new StringWriter();
    assertThat(run(out, person, at, arguments)).as(out.toString()).isZero();
    return out.toString();
  }

  private static int run(StringWriter out, String person, Running at, String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--admin";
    all[arguments.length + 1] = "127.0.0.1:" + at.adminPort();
    CommandLine line = Commands.line(Map.of("UNDERSTUDY_ADMIN_TOKEN", person), all);
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
    return line.execute(all);
  }

  @Test
  void whatIsApprovedAtOneMovesTheCallsOfTheOtherAndItsRecordsNameTheClause() throws Exception {
    Path settings = settings();
    try (Running one = open(settings, "one");
        Running two = open(settings, "two")) {
      HttpResponse<String> before = ask(two);
      assertThat(target(before)).isEqualTo("openai/gpt-5.1");
      assertThat(explained(two, before))
          .contains("Contract hosting, version 1, clause ex-1 allowed openai/gpt-5.1.")
          .contains("Contract hosting, version 1, clause ex-1 denied anthropic/claude-sonnet-4-5.");

      run(
          "token-of-ann",
          one,
          "contracts",
          "trigger",
          "declare",
          "hosting",
          "exit",
          "body=us.board");
      run("token-of-bob", one, "contracts", "trigger", "approve", "hosting", "exit");
      long told = System.nanoTime();
      HttpResponse<String> after = ask(two);
      while (target(after).equals("openai/gpt-5.1") && System.nanoTime() - told < 30_000_000_000L) {
        Thread.sleep(10);
        after = ask(two);
      }

      assertThat(target(after)).isEqualTo("anthropic/claude-sonnet-4-5");
      System.out.printf(
          "the other replica obeyed a trigger %d ms after it was approved%n",
          (System.nanoTime() - told) / 1_000_000);
      assertThat(explained(two, after))
          .contains("Contract hosting, version 2, clause exit denied openai/gpt-5.1.");
    } finally {
      client.close();
    }
  }

  /** The record is there a moment after the reply. */
  private static String explained(Running at, HttpResponse<String> reply) throws Exception {
    String exchange = reply.headers().firstValue("x-understudy-exchange").orElseThrow();
    var out = new StringWriter();
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (run(out, "token-of-ann", at, "explain", exchange) != 0) {
      assertThat(System.nanoTime()).as(out.toString()).isLessThan(deadline);
      out.getBuffer().setLength(0);
      Thread.sleep(20);
    }
    return out.toString();
  }
}
