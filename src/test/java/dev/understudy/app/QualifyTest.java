package dev.understudy.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.understudy.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A suite is put to two of the sandbox's vendors from the command line. */
final class QualifyTest {
  @TempDir private Path folder;

  private record Ended(int code, String out, String err) {}

  private Ended run(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code =
        Commands.line(Map.of())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Ended(code, out.toString(), err.toString());
  }

  private String suite(int cases, String check) throws IOException {
    var text =
        new StringBuilder("suite: box\nmetric: pass\nmargin: 0.05\nsystem: Be brief.\ncases:\n");
    for (int i = 0; i < cases; i++) {
      text.append("  - {id: c%d, input: question %d, checks: [%s]}\n".formatted(i, i, check));
    }
    return Files.writeString(folder.resolve("suite.yaml"), text).toString();
  }

  private String[] arguments(String suite, String candidate, String... more) {
    return Stream.concat(
            Stream.of(
                "qualify",
                suite,
                "--candidate",
                candidate,
                "--incumbent",
                "anthropic/claude-sonnet-4-5",
                "--data",
                folder.resolve("data").toString()),
            Stream.of(more))
        .toArray(String[]::new);
  }

  @Test
  void anEqualCandidateIsQualifiedAndNothingIsPaidForTwice() throws IOException {
    String suite = suite(70, "{type: icontains, value: sandbox}");

    Ended first = run(arguments(suite, "mai/mai-1"));

    assertThat(first.code()).as(first.err() + first.out()).isZero();
    assertThat(first.out()).startsWith("qualified: ").contains("140 asked for, 0 kept");
    assertThat(first.err()).contains("70 cases, 140 questions, 0 of them answered before");
    Ended second = run(arguments(suite, "mai/mai-1", "--json"));
    assertThat(second.code()).isZero();
    JsonNode report = Json.parse(second.out());
    assertThat(report.get("verdict").asString()).isEqualTo("qualified");
    assertThat(report.get("answers_kept").asInt()).isEqualTo(140);
    assertThat(report.get("answers_asked").asInt()).isZero();

    List<Path> runs = runs();
    assertThat(runs).hasSize(2);
    assertThat(runs.getFirst())
        .isDirectoryContaining("glob:**report.html")
        .isDirectoryContaining("glob:**report.md")
        .isDirectoryContaining("glob:**report.json")
        .isDirectoryContaining("glob:**junit.xml")
        .isDirectoryContaining("glob:**items.jsonl");
    assertThat(Files.readString(runs.getFirst().resolve("report.html")))
        .contains("<svg")
        .doesNotContain("<script")
        .doesNotContain("http://");
    Ended diff =
        run(
            "qualify",
            "diff",
            runs.getFirst().getFileName().toString(),
            runs.getLast().getFileName().toString(),
            "--data",
            folder.resolve("data").toString());
    assertThat(diff.code()).as(diff.err()).isZero();
    assertThat(diff.out()).contains("0 gained, 0 lost, 70 the same").doesNotContain("note:");
  }

  private List<Path> runs() throws IOException {
    try (Stream<Path> below = Files.list(folder.resolve("data/qualify"))) {
      return below.filter(Files::isDirectory).sorted().toList();
    }
  }

  @Test
  void aCandidateThatAVendorFailsIsUndecidedAndNoLoss() throws IOException {
    String suite = suite(6, "{type: icontains, value: sandbox}");

    Ended ended = run(arguments(suite, "mai/mai-1-sandbox-400"));

    assertThat(ended.code()).as(ended.err() + ended.out()).isEqualTo(Qualify.UNDECIDED);
    assertThat(ended.out())
        .contains("no case was answered by both")
        .contains(
            "6 of 6 cases were failed by a vendor and count for nobody, as the candidate's: 400");
  }

  @Test
  void aWorseCandidateIsRejected() throws IOException {
    // The sandbox names the model it plays, so that the check tells the two apart.
    String suite = suite(40, "{type: contains, value: claude-sonnet-4-5}");

    Ended ended = run(arguments(suite, "mai/mai-1"));

    assertThat(ended.code()).as(ended.err() + ended.out()).isEqualTo(Qualify.REJECTED);
    assertThat(ended.out()).startsWith("rejected: it is worse by more than the margin");
  }

  @Test
  void aDryRunAsksNothing() throws IOException {
    Ended ended = run(arguments(suite(10, "{type: is-json}"), "mai/mai-1", "--dry-run"));

    assertThat(ended.code()).isZero();
    assertThat(ended.err()).contains("20 questions").contains("an equal candidate would qualify");
    assertThat(folder.resolve("data/qualify")).isDirectoryNotContaining("glob:**report.html");
  }

  @Test
  void mistakesAreToldBeforeAnythingIsAsked() throws IOException {
    Ended bad = run(arguments(suite(1, "{type: containz, value: x}"), "mai/mai-1"));
    assertThat(bad.code()).isEqualTo(1);
    assertThat(bad.err()).contains("suite.yaml:6:49: ").contains("unknown check \"containz\"");

    assertThat(run(arguments(suite(1, "{type: is-json}"), "anthropic/claude-sonnet-4-5")).code())
        .isEqualTo(2);
    assertThat(run("qualify", "--candidate", "a/b").code()).isEqualTo(2);
    Ended missing = run(arguments(folder.resolve("none.yaml").toString(), "mai/mai-1"));
    assertThat(missing.code()).isEqualTo(1);
    assertThat(missing.err()).contains("there is no file");
  }

  @Test
  void whoIsNotThereIsToldBeforeAnythingIsPaid() throws IOException {
    Ended ended = run(arguments(suite(3, "{type: is-json}"), "maii/mai-1"));

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).contains("there is no target and no route \"maii/mai-1\"");
    assertThat(ended.out()).isEmpty();
    assertThat(runs()).isEmpty();
  }

  @Test
  void aCandidateThatCannotDoWhatCasesOrTheRouteAskIsToldBeforeAnythingIsPaid() throws IOException {
    var asked = new ArrayList<String>();
    HttpServer server = model(QualifyTest::said, asked);
    try {
      String config =
          Files.writeString(
                  folder.resolve("understudy.yaml"),
                  """
                  sandbox: false
                  vendors:
                    own: {protocol: openai-chat, url: "http://127.0.0.1:%1$d/v1", key: none}
                    perplexity: {url: "http://127.0.0.1:%1$d", key: none}
                  routes:
                    assistant: {serve: own/plain}
                  """
                      .formatted(server.getAddress().getPort()))
              .toString();
      String suite =
          Files.writeString(
                  folder.resolve("tools.yaml"),
                  """
                  suite: tools
                  metric: pass
                  margin: 0.05
                  checks: [{type: not-is-refusal}]
                  cases:
                    - {id: plain, input: Hello}
                    - {id: order, input: Where is it?, tools: '[{"type":"function","function":{"name":"f"}}]'}
                  """)
              .toString();

      Ended ended =
          run(
              "qualify",
              suite,
              "--config",
              config,
              "--data",
              folder.resolve("data").toString(),
              "--candidate",
              "perplexity/sonar",
              "--incumbent",
              "assistant");

      assertThat(ended.code()).isEqualTo(1);
      assertThat(ended.err())
          .contains(
              "perplexity/sonar does not take tools, which 1 of 2 cases offer, the first of them"
                  + " order")
          .contains(
              "warning: perplexity/sonar does not take audio, tools, video, which own/plain on route"
                  + " assistant does");
      assertThat(asked).isEmpty();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aGatewayElsewhereThatDoesNotKnowTheCandidateIsNotPaidForTheIncumbent() throws IOException {
    var asked = new CopyOnWriteArrayList<String>();
    var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/v1/chat/completions",
        exchange -> {
          asked.add(Json.parse(exchange.getRequestBody().readAllBytes()).path("model").asString());
          byte[] bytes = "{\"error\":{\"message\":\"unknown model gone\"}}".getBytes(UTF_8);
          exchange.sendResponseHeaders(404, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    try {
      String door = "http://127.0.0.1:" + server.getAddress().getPort();
      String suite = suite(30, "{type: is-json}");

      Ended ended = run(arguments(suite, "gone", "--gateway", door));

      assertThat(ended.code()).isEqualTo(1);
      assertThat(ended.err()).contains("gone cannot be asked: unknown model gone");
      assertThat(asked).containsExactly("gone");
      Ended typed = run(arguments(suite, "gone", "--gateway", "ftp:door"));
      assertThat(typed.code()).isEqualTo(2);
      assertThat(typed.err()).contains("--gateway must be an address");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aShortQuestionHasAPriceAndItsCutAnswerIsTold() throws IOException {
    String suite =
        Files.writeString(
                folder.resolve("short.yaml"),
                """
                suite: short
                metric: pass
                margin: 0.05
                max-tokens: 3
                cases: [{id: a, input: x, ideal: [sandbox]}]
                """)
            .toString();

    Ended ended = run(arguments(suite, "openai/gpt-5.1"));

    assertThat(ended.err()).contains("it would cost about").contains("openai/gpt-5.1");
    assertThat(ended.out()).contains("1 of 1 cases have an answer that was cut by a limit");
  }

  @Test
  void aRouteIsEstimatedAtThePriceOfItsFirstTarget() throws IOException {
    String config =
        Files.writeString(
                folder.resolve("understudy.yaml"),
                "sandbox: true\nroutes: {assistant: {serve: openai/gpt-5.1}}\n")
            .toString();

    Ended ended =
        run(arguments(suite(2, "{type: is-json}"), "assistant", "--config", config, "--dry-run"));

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.err()).containsPattern("it would cost about .*assistant [0-9.]+ USD");
  }

  @Test
  void aDiffTellsWhereTheRunsAreNotOfOneKind() throws IOException {
    String data = folder.resolve("data").toString();
    run(arguments(suite(3, "{type: icontains, value: sandbox}"), "mai/mai-1"));
    run(arguments(suite(3, "{type: icontains, value: sandbox}"), "mai/mai-2"));
    run(arguments(suite(3, "{type: contains, value: none}"), "mai/mai-2"));
    List<String> runs = runs().stream().map(run -> run.getFileName().toString()).toList();

    Ended other = run("qualify", "diff", runs.get(0), runs.get(1), "--data", data);
    Ended changed = run("qualify", "diff", runs.get(1), runs.get(2), "--data", data);

    assertThat(other.out()).contains("note: the candidate was mai/mai-1, and is mai/mai-2");
    assertThat(changed.out())
        .contains("note: the suite's files were changed between the runs")
        .contains("0 gained, 3 lost");
  }

  @Test
  void alarmsOfTheGatewayAreNotSaidBetweenTheLinesOfARun() throws IOException {
    var said = new CopyOnWriteArrayList<String>();
    Logger alarms = Logger.getLogger("dev.understudy.prices");
    var handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            said.add(line.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    alarms.addHandler(handler);
    try {
      Ended ended = run(arguments(suite(2, "{type: is-json}"), "mai/unpriced"));

      assertThat(ended.err()).contains("no price is known of mai/unpriced");
      assertThat(said).isEmpty();
    } finally {
      alarms.removeHandler(handler);
    }
  }

  /** A model of one's own that answers as a function of what it is asked; also a judge. */
  private static HttpServer model(Function<JsonNode, String> says, List<String> asked)
      throws IOException {
    var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/v1/chat/completions",
        exchange -> {
          JsonNode body = Json.parse(exchange.getRequestBody().readAllBytes());
          synchronized (asked) {
            asked.add(body.path("model").asString());
          }
          var reply = Json.object();
          reply.put("id", "x").put("object", "chat.completion").put("created", 1);
          reply.put("model", body.path("model").asString());
          var choice = reply.putArray("choices").addObject();
          choice.put("index", 0).put("finish_reason", "stop");
          choice.putObject("message").put("role", "assistant").put("content", says.apply(body));
          reply
              .putObject("usage")
              .put("prompt_tokens", 100)
              .put("completion_tokens", 20)
              .put("total_tokens", 120);
          byte[] bytes = Json.bytes(reply);
          exchange.getResponseHeaders().add("content-type", "application/json");
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    return server;
  }

  /** Judges prefer what says "good"; models say what their names say. */
  private static String said(JsonNode body) {
    String model = body.path("model").asString();
    JsonNode messages = body.path("messages");
    String text = messages.get(messages.size() - 1).path("content").asString();
    if (model.equals("nonsense")) {
      return "I like both of them.";
    }
    if (model.equals("judge")) {
      int good = text.indexOf("good", text.indexOf("[first answer"));
      int second = text.indexOf("[second answer");
      boolean both = text.lastIndexOf("good") > second && good > 0 && good < second;
      String better = both || good < 0 ? "tie" : good < second ? "first" : "second";
      return "{\"reason\": \"it is\", \"better\": \"" + better + "\"}";
    }
    return model + " answers " + text + " with a word of its own";
  }

  private String config(HttpServer server) throws IOException {
    return Files.writeString(
            folder.resolve("understudy.yaml"),
            """
            sandbox: false
            vendors:
              own: {protocol: openai-chat, url: "http://127.0.0.1:%d/v1", key: none}
            """
                .formatted(server.getAddress().getPort()))
        .toString();
  }

  private String compared(int cases, String judges) throws IOException {
    var text =
        new StringBuilder(
            "suite: compared\nmetric: preference\nmargin: 0.1\njudge: {targets: [%s]}\ncases:\n"
                .formatted(judges));
    for (int i = 0; i < cases; i++) {
      text.append("  - {id: c%d, input: question number %d please}\n".formatted(i, i * 7919));
    }
    return Files.writeString(folder.resolve("compared.yaml"), text).toString();
  }

  private String[] own(String suite, String config, String... more) {
    return Stream.concat(
            Stream.of(
                "qualify",
                suite,
                "--config",
                config,
                "--incumbent",
                "own/plain",
                "--data",
                folder.resolve("data").toString()),
            Stream.of(more))
        .toArray(String[]::new);
  }

  @Test
  void judgesCompareInBothOrdersAndARunTakenUpAgainPaysThemOnce() throws IOException {
    var asked = new ArrayList<String>();
    HttpServer server = model(QualifyTest::said, asked);
    try {
      String suite = compared(30, "own/judge");
      String config = config(server);

      Ended first = run(own(suite, config, "--candidate", "own/good"));

      assertThat(first.code()).as(first.err() + first.out()).isZero();
      assertThat(first.err()).contains("and at most 61 to judges").contains("no price is known of");
      assertThat(first.out())
          .startsWith("qualified: it is not worse at all")
          .contains("preferred  candidate 30, incumbent 0, tie 0")
          .contains("judge      own/judge: 60 questions, 0 without an answer")
          .contains("the same when swapped in 30 of 30; first shown wins 30 of 60")
          .contains("not held against what people say");
      assertThat(asked).hasSize(121);
      Ended second = run(own(suite, config, "--candidate", "own/good", "--json"));
      assertThat(second.code()).isZero();
      assertThat(asked).hasSize(121);
      JsonNode report = Json.parse(second.out());
      assertThat(report.get("win_rate").get("rate").asDouble()).isEqualTo(1);
      assertThat(report.get("answers_kept").asInt()).isEqualTo(121);

      Path folderOfRun = runs().getLast();
      Ended verified =
          run(
              "qualify",
              "verify",
              folderOfRun.toString(),
              "--data",
              folder.resolve("data").toString());
      assertThat(verified.code()).as(verified.err()).isZero();
      assertThat(verified.out()).startsWith("qualified: ").contains("own/judge");
      Files.writeString(folderOfRun.resolve("items.jsonl"), "{}\n");
      assertThat(
              run(
                      "qualify",
                      "verify",
                      folderOfRun.toString(),
                      "--data",
                      folder.resolve("data").toString())
                  .code())
          .isEqualTo(1);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aJudgeThatTalksNonsenseDecidesNothing() throws IOException {
    HttpServer server = model(QualifyTest::said, new ArrayList<>());
    try {
      Ended ended =
          run(own(compared(12, "own/nonsense"), config(server), "--candidate", "own/good"));

      assertThat(ended.code()).as(ended.err() + ended.out()).isEqualTo(Qualify.UNDECIDED);
      assertThat(ended.out())
          .startsWith("undecided: no case could be judged")
          .contains("12 of 12 cases could not be judged and count for nobody");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aJudgeThatTalksNonsenseIsToldOfAtItsFirstQuestion() throws IOException {
    var asked = new ArrayList<String>();
    HttpServer server = model(QualifyTest::said, asked);
    try {
      Ended ended =
          run(own(compared(2, "own/nonsense"), config(server), "--candidate", "own/good"));

      assertThat(asked.getFirst()).isEqualTo("nonsense");
      assertThat(ended.err())
          .contains("warning: the judge own/nonsense failed a first, easy question: the judge's");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aJudgeThatCannotBeAskedEndsTheRunBeforeAnythingIsPaid() throws IOException {
    var asked = new CopyOnWriteArrayList<String>();
    HttpServer server = refusing("locked", asked);
    try {
      String suite = compared(30, "own/locked");
      Ended ended = run(own(suite, config(server), "--candidate", "own/good"));

      assertThat(ended.code()).isEqualTo(1);
      assertThat(ended.err()).contains("own/locked cannot be asked: no such key");
      assertThat(asked).isNotEmpty().containsOnly("locked");
    } finally {
      server.stop(0);
    }
  }

  /** A vendor that lets one of its models answer nobody. */
  private static HttpServer refusing(String locked, List<String> asked) throws IOException {
    var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/v1/chat/completions",
        exchange -> {
          String model =
              Json.parse(exchange.getRequestBody().readAllBytes()).path("model").asString();
          asked.add(model);
          byte[] bytes = "{\"error\":{\"message\":\"no such key\"}}".getBytes(UTF_8);
          exchange.sendResponseHeaders(model.equals(locked) ? 401 : 500, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    return server;
  }

  @Test
  void aCheckOfTheCostWantsAPriceOfEverybodyItIsPutTo() throws IOException {
    Ended ended = run(arguments(suite(3, "{type: cost, value: 0.5}"), "mai/unpriced"));

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err())
        .contains(
            "no price is known of mai/unpriced, so that the check cost of 3 of 3 cases cannot be"
                + " judged, the first of them c0");
    assertThat(runs()).isEmpty();
  }

  @Test
  void aJudgeThatIsTheCandidateBehindARouteIsWarnedOf() throws IOException {
    String config =
        Files.writeString(
                folder.resolve("understudy.yaml"),
                "sandbox: true\nroutes: {assistant: {serve: openai/gpt-5.1}}\n")
            .toString();

    Ended ended =
        run(arguments(compared(2, "openai/gpt-5.1"), "assistant", "--config", config, "--dry-run"));

    assertThat(ended.err())
        .contains(
            "warning: openai/gpt-5.1 is judge and candidate at once, as gpt-5.1: models prefer"
                + " their own answers");
    Ended itself =
        run(
            "qualify",
            suite(2, "{type: is-json}"),
            "--candidate",
            "assistant",
            "--incumbent",
            "openai/gpt-5.1",
            "--config",
            config,
            "--data",
            folder.resolve("data").toString(),
            "--dry-run");
    assertThat(itself.err())
        .contains("warning: assistant and openai/gpt-5.1 both lead to openai/gpt-5.1");
  }

  @Test
  void severalCandidatesStandInOneTableAndAJudgeThatTakesPartIsWarnedOf() throws IOException {
    var asked = new ArrayList<String>();
    HttpServer server = model(QualifyTest::said, asked);
    try {
      Ended ended =
          run(
              own(
                  compared(12, "own/judge"),
                  config(server),
                  "--candidate",
                  "own/good",
                  "--candidate",
                  "own/judge",
                  "--no-cache"));

      assertThat(ended.err()).contains("own/judge is judge and candidate at once");
      assertThat(ended.out()).contains("standings, log-odds").contains("models prefer their own");
      assertThat(ended.out().lastIndexOf("own/good"))
          .isLessThan(ended.out().lastIndexOf("own/plain"));
      // Twelve cases were put to the incumbent once for both.
      assertThat(asked.stream().filter("plain"::equals)).hasSize(12);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void casesAreCapturedWithConsentAndWithoutWhatTellsWhoAsked() throws IOException {
    Path log = folder.resolve("log.jsonl");
    var lines = new StringBuilder("starting\n");
    for (int i = 0; i < 20; i++) {
      lines.append(exchange("e" + i, "assistant", "write to ann.lee@example.com about " + i % 15));
    }
    lines.append(exchange("other", "another-route", "hello"));
    Files.writeString(log, lines);
    String out = folder.resolve("cases.jsonl").toString();
    String[] arguments = {
      "qualify", "capture", "--route", "assistant", "--log", log.toString(), "--out", out
    };

    Ended without = run(arguments);
    assertThat(without.code()).isEqualTo(2);
    assertThat(without.err()).contains("--consent");
    Ended ended =
        run(Stream.concat(Stream.of(arguments), Stream.of("--consent")).toArray(String[]::new));

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("15 cases in").contains("5 left out: asks what another asks");
    assertThat(Files.readString(Path.of(out))).contains("[email]").doesNotContain("ann.lee");
    Files.writeString(
        folder.resolve("live.yaml"),
        "suite: live\nmetric: pass\nmargin: 0.05\nchecks: [{type: not-is-refusal}]\ncase-files: [cases.jsonl]\n");
    Ended dry = run(arguments(folder.resolve("live.yaml").toString(), "mai/mai-1", "--dry-run"));
    assertThat(dry.err()).contains("15 cases").contains("it would cost about");
    assertThat(dry.code()).isZero();
  }

  @Test
  void captureReadsTheEnvironmentThatTheProgramWasGiven() {
    var err = new StringWriter();
    int code =
        Commands.line(Map.of("UNDERSTUDY_ADMIN_TOKEN", "no token"))
            .setErr(new PrintWriter(err))
            .execute(
                "qualify",
                "capture",
                "--consent",
                "--route",
                "assistant",
                "--out",
                folder.resolve("cases.jsonl").toString());

    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("the admin token holds characters that no token has");
  }

  private static String exchange(String id, String route, String text) {
    return """
    {"time":"2026-01-01T00:00:00Z","level":"info","event":"exchange","id":"%s","operation":"chat","route":"%s","outcome":"answered","content":{"input":[{"role":"user","parts":[{"type":"text","content":"%s"}]}],"output":[{"role":"assistant","parts":[{"type":"text","content":"done"}]}]}}
    """
        .formatted(id, route, text);
  }

  @Test
  void whatTheSandboxSaidIsNoAnswerOfTheVendorAndARouteIsWhoStandsBehindIt() throws IOException {
    String suite = suite(4, "{type: icontains, value: sandbox}");
    Path settings = folder.resolve("understudy.yaml");
    String route = "sandbox: true\nroutes: {assistant: {serve: %s}}\n";
    Files.writeString(settings, route.formatted("mai/mai-1"));
    String[] candidate = arguments(suite, "assistant", "--config", settings.toString());
    run(candidate);
    assertThat(run(candidate).err()).contains("8 questions, 8 of them answered before");

    Files.writeString(settings, route.formatted("mai/mai-2"));
    assertThat(
            run(arguments(suite, "assistant", "--config", settings.toString(), "--dry-run")).err())
        .contains("8 questions, 4 of them answered before");
    Files.writeString(
        settings,
        route.formatted("mai/mai-1")
            + "vendors: {anthropic: {key: sk-test}, mai: {protocol: openai-chat, url: 'http://127.0.0.1:9/v1', key: none}}\n");
    assertThat(
            run(arguments(suite, "assistant", "--config", settings.toString(), "--dry-run")).err())
        .contains("8 questions, 0 of them answered before");
  }

  @Test
  void aDiffKeepsWhatWasNotJudgedApartFromWhatWasLost() throws IOException {
    String data = folder.resolve("data").toString();
    String suite = suite(3, "{type: icontains, value: sandbox}");
    run(arguments(suite, "mai/mai-1"));
    run(arguments(suite, "mai/mai-1-sandbox-400"));
    List<String> runs = runs().stream().map(run -> run.getFileName().toString()).toList();

    Ended diff = run("qualify", "diff", runs.get(0), runs.get(1), "--data", data);

    assertThat(diff.out())
        .contains("(not judged in the second run)")
        .contains("0 gained, 0 lost, 0 the same, 3 judged in one of them only;");
  }

  @Test
  void aCertificateOfTheSandboxSaysSo() throws IOException {
    run(arguments(suite(2, "{type: icontains, value: sandbox}"), "mai/mai-1"));
    // Taken up from the file, it is still the sandbox's.
    run(arguments(suite(2, "{type: icontains, value: sandbox}"), "mai/mai-1"));

    for (Path run : runs()) {
      JsonNode envelope = Json.parse(Files.readString(run.resolve("certificate.json")));
      byte[] payload = Base64.getDecoder().decode(envelope.get("payload").asString());
      assertThat(Json.parse(payload).path("sandbox").asBoolean(false)).isTrue();
    }
    assertThat(runs()).hasSize(2);
  }
}
