package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Digest;
import dev.understudy.app.settings.BadSettings;
import dev.understudy.app.settings.Settings;
import dev.understudy.json.Json;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** Contracts from the command line to the callers' door of a gateway that runs. */
final class ContractsAtTheDoorTest {
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
      rofr:
        - {id: rofr-1, holder: openai, grantor: us, of: capacity, notice-days: 30}
      triggers:
        - id: exit
          condition: {declared-by: us.board}
          effects:
            - {set: {exclusivity.ex-1: non-exclusive}}
            - {deny: {vendors: [openai]}}
      """;

  @TempDir private Path data;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private Path settings(String contract) throws Exception {
    Files.writeString(data.resolve("hosting.yaml"), contract);
    return Files.writeString(
        data.resolve("u.yaml"),
        """
        sandbox: true
        contracts: [hosting.yaml]
        server:
          operators: {ann: %s, bob: %s}
        routes:
          best: {serve: openai/gpt-5.1, fallback: [anthropic/claude-sonnet-4-5]}
          elsewhere: {serve: xai/grok-4}
        """
            .formatted(Digest.of("token-of-ann").hex(), Digest.of("token-of-bob").hex()));
  }

  private String run(int code, String person, Running running, String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.add("--admin");
    all.add("127.0.0.1:" + running.adminPort());
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine line =
        Commands.line(Map.of("UNDERSTUDY_ADMIN_TOKEN", person), all.toArray(String[]::new));
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    assertThat(line.execute(all.toArray(String[]::new))).as(err.toString()).isEqualTo(code);
    return out.toString();
  }

  private static HttpResponse<String> ask(HttpClient client, Running running, String route)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:%d/v1/chat/completions".formatted(running.gateway().port())))
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                        .formatted(route)))
            .header("content-type", "application/json")
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static String target(HttpResponse<String> reply) {
    return reply.headers().firstValue("x-understudy-target").orElse("");
  }

  @Test
  void aTriggerThatTwoPersonsDeclareMovesTrafficWithinASecond() throws Exception {
    Settings settings = Settings.read(settings(CONTRACT), Map.of()).withPorts(0, 0);
    var environment = Map.of("UNDERSTUDY_ADMIN_TOKEN", "a-token-for-operators");
    try (Running running =
            Running.start(settings, environment, OutputStream.nullOutputStream(), data);
        HttpClient client = HttpClient.newHttpClient()) {
      assertThat(target(ask(client, running, "best"))).isEqualTo("openai/gpt-5.1");
      HttpResponse<String> refused = ask(client, running, "elsewhere");
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body()).contains("supply is exclusive to openai");

      run(
          1,
          "a-token-for-operators",
          running,
          "contracts",
          "trigger",
          "declare",
          "hosting",
          "exit",
          "body=us.board");
      assertThat(err.toString()).contains("a person with a token of their own");
      run(
          0,
          "token-of-ann",
          running,
          "contracts",
          "trigger",
          "declare",
          "hosting",
          "exit",
          "body=us.board");
      assertThat(run(0, "token-of-ann", running, "contracts", "state"))
          .contains("trigger exit: armed, to be approved: declare by ann");
      run(1, "token-of-ann", running, "contracts", "trigger", "approve", "hosting", "exit");
      assertThat(err.toString()).contains("two must agree");
      assertThat(target(ask(client, running, "best"))).isEqualTo("openai/gpt-5.1");

      assertThat(
              run(0, "token-of-bob", running, "contracts", "trigger", "dry-run", "hosting", "exit"))
          .contains("+ deny.exit: trigger exit, vendors [openai]");
      run(0, "token-of-bob", running, "contracts", "trigger", "approve", "hosting", "exit");

      assertThat(target(ask(client, running, "best"))).isEqualTo("anthropic/claude-sonnet-4-5");
      assertThat(ask(client, running, "elsewhere").statusCode()).isEqualTo(200);
      assertThat(run(0, "token-of-bob", running, "contracts", "state"))
          .contains("hosting: version 2 is in force");
      assertThat(run(0, "token-of-bob", running, "contracts", "evidence"))
          .contains("effect", "the chain is whole; head ");
    }

    // What happened outlasts the process, and another one obeys it from its first call on.
    try (Running again =
            Running.start(settings, environment, OutputStream.nullOutputStream(), data);
        HttpClient client = HttpClient.newHttpClient()) {
      assertThat(target(ask(client, again, "best"))).isEqualTo("anthropic/claude-sonnet-4-5");
      JsonNode page =
          Json.parseObject(
              run(0, "token-of-ann", again, "contracts", "state", "--json")
                  .getBytes(StandardCharsets.UTF_8));
      assertThat(page.path("contracts").get(0).path("in_force").asInt()).isEqualTo(2);
    }
  }

  @Test
  void capacityUnderARightOfFirstRefusalIsHeldFromTheCommandOn() throws Exception {
    Settings settings =
        Settings.read(
                settings(CONTRACT.replace("kind: exclusive", "kind: non-exclusive")), Map.of())
            .withPorts(0, 0);
    try (Running running =
            Running.start(
                settings,
                Map.of("UNDERSTUDY_ADMIN_TOKEN", "a-token-for-operators"),
                OutputStream.nullOutputStream(),
                data);
        HttpClient client = HttpClient.newHttpClient()) {
      assertThat(ask(client, running, "elsewhere").statusCode()).isEqualTo(200);

      run(1, "a-token-for-operators", running, "contracts", "tell", "outage", "vendor=xai");
      assertThat(err.toString()).contains("outage is told by a person with a token of their own");
      run(
          0,
          "token-of-ann",
          running,
          "contracts",
          "rofr",
          "offer",
          "hosting",
          "rofr-1",
          "offer=o1",
          "third=xai",
          "units=400",
          "price=1.00",
          "targets=xai/*");

      assertThat(ask(client, running, "elsewhere").body())
          .contains("capacity of xai is held: offer o1 is drafted");
      run(
          0,
          "token-of-ann",
          running,
          "contracts",
          "rofr",
          "notice",
          "hosting",
          "rofr-1",
          "offer=o1");
      run(
          0,
          "token-of-ann",
          running,
          "contracts",
          "rofr",
          "answer",
          "hosting",
          "rofr-1",
          "offer=o1",
          "units=0");
      assertThat(ask(client, running, "elsewhere").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void settingsNameWhatIsWrongWithAContract() throws Exception {
    Path file = settings(CONTRACT.replace("beneficiary: openai", "beneficiary: opnai"));

    Assertions.assertThatThrownBy(() -> Settings.read(file, Map.of()))
        .isInstanceOfSatisfying(
            BadSettings.class,
            e ->
                assertThat(e.lines())
                    .contains("hosting.yaml:10:42: unknown party \"opnai\"; near: openai"));
  }

  @Test
  void filesAreCheckedShownAndComparedWithoutAGateway() {
    String a = "examples/contracts/microsoft-openai-a.yaml";
    String b = "examples/contracts/microsoft-openai-b.yaml";

    assertThat(offline(0, "check", a, b))
        .contains("microsoft-openai v1: in force 2019-07-22 to 2025-01-21");
    assertThat(offline(0, "diff", a, b))
        .contains("+ rofr.rofr-1:")
        .contains("- exclusivity.ex-hosting:");
    assertThat(offline(0, "show", a, "--at", "2024-01-01")).contains("trigger.agi:");
    assertThat(
            offline(
                0, "calendar", "examples/contracts/microsoft-openai-c.yaml", "--at", "2032-12-10"))
        .contains("2032-12-31")
        .contains("commitment of 250000000000 USD ends");
    offline(1, "check", "nowhere.yaml");
    assertThat(err.toString()).contains("nowhere.yaml:1:1: there is no such file");
  }

  private static final String MISTYPED =
      CONTRACT.replace("of: supply}", "of: supply, scope: {models: [\"gtp-*\"]}}");
  private static final String UNKNOWN =
      "hosting.yaml:10:96: unknown model \"gtp-*\"; near: gpt-*; one that is to come, or your own,"
          + " is named under models";

  @Test
  void aModelThatNothingKnowsIsNamedByTheCheckWithAndWithoutSettings() throws Exception {
    Path settings = settings(MISTYPED);
    String file = data.resolve("hosting.yaml").toString();

    offline(1, "check", file);
    assertThat(err.toString()).endsWith(UNKNOWN + "\n").startsWith(file);
    offline(1, "check", file, "--config", settings.toString());
    assertThat(err.toString()).contains(UNKNOWN);
    line(1, "check-config", settings.toString());
    assertThat(err.toString()).contains(UNKNOWN);
  }

  @Test
  void aModelOfARouteOrOfAnOwnPriceBookIsKnown() throws Exception {
    Path settings =
        settings(CONTRACT.replace("of: supply}", "of: supply, scope: {models: [ours]}}"));
    String file = data.resolve("hosting.yaml").toString();
    String said = Files.readString(settings);
    offline(1, "check", file, "--config", settings.toString());

    Files.writeString(
        settings, said.replace("  elsewhere:", "  own: {serve: openai/ours}\n  elsewhere:"));
    offline(0, "check", file, "--config", settings.toString());

    Files.writeString(settings, said + "prices: {books: [own.yaml]}\n");
    Files.writeString(
        data.resolve("own.yaml"),
        """
        book: own
        kind: negotiated
        currency: USD
        sources: {page: {where: "an example", checked: 2026-11-01, mark: witness}}
        vendors:
          openai:
            source: page
            models:
              ours:
                prices: [{from: 2025-01-01, tokens: {input.text: 3, output.text: 15}}]
        """);
    offline(0, "check", file, "--config", settings.toString());
    line(0, "check-config", settings.toString());
  }

  @Test
  void aGatewayDoesNotStartWithAModelThatNothingKnows() throws Exception {
    Settings settings = Settings.read(settings(MISTYPED), Map.of()).withPorts(0, 0);

    Assertions.assertThatThrownBy(
            () -> Running.start(settings, Map.of(), OutputStream.nullOutputStream(), data))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(UNKNOWN);
  }

  @Test
  void aGatewayThatRunsTakesItWithAWarningWhenItReads() throws Exception {
    Path file = settings(CONTRACT);
    var environment = Map.of("UNDERSTUDY_ADMIN_TOKEN", "a-token-for-operators");
    var warned = new ConcurrentLinkedQueue<String>();
    var handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            warned.add(line.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger log = Logger.getLogger(Running.class.getName());
    log.addHandler(handler);
    try (Running running =
            Running.start(
                Settings.read(file, Map.of()).withPorts(0, 0),
                environment,
                OutputStream.nullOutputStream(),
                data,
                () -> Settings.read(file, Map.of()).withPorts(0, 0));
        HttpClient client = HttpClient.newHttpClient()) {
      assertThat(warned).isEmpty();
      assertThat(ask(client, running, "elsewhere").statusCode()).isEqualTo(403);
      settings(MISTYPED);
      out.getBuffer().setLength(0);
      line(0, "reload", "--admin", "127.0.0.1:" + running.adminPort());

      assertThat(warned).anyMatch(line -> line.endsWith(UNKNOWN));
      assertThat(ask(client, running, "best").statusCode()).isEqualTo(200);
    } finally {
      log.removeHandler(handler);
    }
  }

  private void line(int code, String... arguments) {
    err.getBuffer().setLength(0);
    CommandLine line =
        Commands.line(Map.of("UNDERSTUDY_ADMIN_TOKEN", "a-token-for-operators"), arguments);
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    assertThat(line.execute(arguments)).as(err.toString()).isEqualTo(code);
  }

  private String offline(int code, String... arguments) {
    var all = new ArrayList<>(List.of("contracts"));
    all.addAll(List.of(arguments));
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine line = Commands.line(Map.of(), all.toArray(String[]::new));
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    assertThat(line.execute(all.toArray(String[]::new))).as(err.toString()).isEqualTo(code);
    return out.toString();
  }
}
