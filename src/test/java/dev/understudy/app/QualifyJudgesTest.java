package dev.understudy.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.understudy.json.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Judges grade and compare what a suite is answered, and are looked after themselves. */
final class QualifyJudgesTest extends Qualifying {
  @Test
  void judgesCompareInBothOrdersAndARunTakenUpAgainPaysThemOnce() throws IOException {
    var asked = new ArrayList<String>();
    HttpServer server = model(Qualifying::said, asked);
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
    HttpServer server = model(Qualifying::said, new ArrayList<>());
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
    HttpServer server = model(Qualifying::said, asked);
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
    HttpServer server = model(Qualifying::said, asked);
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
}
