package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.app.settings.Settings;
import dev.understudy.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Judges whose verdicts are known, over HTTP: the sandbox's count the question's words. */
final class SandboxJudgesTest {
  private static final String FAIR = "openai/gpt-5.1";
  private static final String WORSE = "mai/mai-1-sandbox-babble-percent-60";

  @TempDir private Path folder;

  private record Ended(int code, JsonNode report, String err) {
    String why() {
      return report.path("why").asString();
    }

    String warnings() {
      return report.path("warnings").toString();
    }
  }

  private Ended qualify(String judge, String candidate) throws IOException {
    var text =
        new StringBuilder("suite: judged\nmetric: preference\nmargin: 0.1\n")
            .append("judge: {targets: [" + judge + "]}\ncases:\n");
    for (int i = 0; i < 80; i++) {
      text.append("  - {id: c%d, input: question %d of topic %d}\n".formatted(i, i * 7919, i * 31));
    }
    return run(text.toString(), candidate);
  }

  private Ended run(String suite, String candidate) throws IOException {
    Path file = Files.writeString(folder.resolve("suite.yaml"), suite);
    var out = new StringWriter();
    var err = new StringWriter();
    int code =
        Commands.line(Map.of())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(
                "qualify",
                file.toString(),
                "--candidate",
                candidate,
                "--incumbent",
                "anthropic/claude-sonnet-4-5",
                "--data",
                folder.resolve("data").toString(),
                "--json");
    return new Ended(
        code,
        out.toString().isEmpty() ? Json.object() : Json.parse(out.toString()),
        err.toString());
  }

  @Test
  void aFairJudgeFindsTheEqualEqualAndTheWorseWorse() throws IOException {
    Ended equal = qualify(FAIR, "mai/mai-1");
    assertThat(equal.code()).as(equal.err()).isZero();
    assertThat(equal.report().path("win_rate").path("ties").asInt()).isEqualTo(80);

    Ended worse = qualify(FAIR, WORSE);
    assertThat(worse.code()).as(worse.why()).isEqualTo(Qualify.REJECTED);
    // What babbles holds none of the question's words, and loses; the rest is as good.
    int lost = worse.report().path("win_rate").path("losses").asInt();
    assertThat(lost).isBetween(40, 56);
    assertThat(worse.report().path("win_rate").path("wins").asInt()).isZero();
    JsonNode orders = worse.report().path("judges").path("each").path(0).path("orders");
    assertThat(orders.path("consistent").asInt()).isEqualTo(80);
  }

  @Test
  void aJudgeThatGoesByPlacesQualifiesNobody() throws IOException {
    String byPlace = "openai/gpt-5.1-sandbox-judge-position-100";

    for (String candidate : new String[] {WORSE, "mai/mai-1-sandbox-recite-60"}) {
      Ended ended = qualify(byPlace, candidate);

      assertThat(ended.code()).as(ended.why()).isEqualTo(Qualify.UNDECIDED);
      assertThat(ended.warnings())
          .contains("in 80 of 80 pairs the judges were for whichever answer stood in one place")
          .contains("kept its verdict in 0 of 80 pairs")
          .contains("the answer shown first wins 160 of 160, p < 0.0001");
    }
  }

  @Test
  void aJudgeThatGoesByPlacesNowAndThenIsWarnedOfAndItsTiesHoldNothingUp() throws IOException {
    String sometimes = "openai/gpt-5.1-sandbox-judge-position-40";

    Ended equal = qualify(sometimes, "mai/mai-1");
    Ended worse = qualify(sometimes, WORSE);

    // Equal on the half that it did judge, too.
    assertThat(equal.code()).as(equal.why()).isZero();
    assertThat(equal.warnings()).contains("kept its verdict in");
    assertThat(worse.code()).as(worse.why()).isEqualTo(Qualify.REJECTED);
  }

  @Test
  void nonsenseCountsForNobody() throws IOException {
    Ended some = qualify("openai/gpt-5.1-sandbox-judge-nonsense-30", "mai/mai-1");
    assertThat(some.code()).isEqualTo(Qualify.UNDECIDED);
    assertThat(some.why()).contains("could not be judged), more than the 5.0 %");
    Ended worse = qualify("openai/gpt-5.1-sandbox-judge-nonsense-30", WORSE);
    assertThat(worse.code()).as("no win for the incumbent either").isEqualTo(Qualify.UNDECIDED);

    Ended all = qualify("openai/gpt-5.1-sandbox-judge-nonsense-100", "mai/mai-1");
    assertThat(all.code()).isEqualTo(Qualify.UNDECIDED);
    assertThat(all.why()).isEqualTo("no case could be judged");
    assertThat(all.err()).contains("failed a first, easy question");
  }

  @Test
  void aPanelOutvotesItsWorstJudge() throws IOException {
    Ended worse =
        qualify(FAIR + ", google/gemini-2.5-pro, xai/grok-4-sandbox-judge-position-100", WORSE);

    assertThat(worse.code()).as(worse.why()).isEqualTo(Qualify.REJECTED);
    assertThat(worse.warnings())
        .contains("judge xai/grok-4-sandbox-judge-position-100 kept its verdict in 0 of 80");
  }

  @Test
  void whoPleadsWithItsJudgesIsNeverQualifiedHoweverGullibleTheyAre() throws IOException {
    Ended ended = qualify("openai/gpt-5.1-sandbox-judge-gullible-100", "mai/mai-1-sandbox-pleads");

    assertThat(ended.code()).isEqualTo(Qualify.UNDECIDED);
    assertThat(ended.why())
        .startsWith("80 of the candidate's 80 answers hold text that is aimed at a judge");
    assertThat(ended.report().path("win_rate").path("wins").asInt()).isZero();
  }

  @Test
  void whoSaysOneAndTheSameToAllIsNeverQualifiedThoughAJudgeLikesLength() throws IOException {
    Ended constant =
        qualify("openai/gpt-5.1-sandbox-judge-length-100", "mai/mai-1-sandbox-recite-60");
    assertThat(constant.code()).as(constant.why()).isEqualTo(Qualify.UNDECIDED);
    assertThat(constant.why()).startsWith("the candidate says one and the same");

    Ended padded = qualify("openai/gpt-5.1-sandbox-judge-length-100", "mai/mai-1-sandbox-say-200");
    assertThat(padded.report().path("win_rate").path("wins").asInt()).isEqualTo(80);
    assertThat(padded.warnings()).contains("one side's answers are longer nearly everywhere");
  }

  @Test
  void rubricsAreGradedInEveryForm() throws IOException {
    for (String form : new String[] {"json", "tagged", "token"}) {
      var text =
          new StringBuilder("suite: graded\nmetric: pass\nmargin: 0.1\n")
              .append("judge: {targets: [" + FAIR + "], answer: " + form + "}\n")
              .append("checks: [{type: llm-rubric, value: it speaks of what was asked}]\ncases:\n");
      for (int i = 0; i < 40; i++) {
        text.append("  - {id: c%d, input: question %d of topic %d}\n".formatted(i, i * 17, i));
      }
      assertThat(run(text.toString(), "mai/mai-1").code()).as(form).isZero();
      Ended worse = run(text.toString(), WORSE);
      assertThat(worse.code()).as(form + worse.why()).isEqualTo(Qualify.REJECTED);
      assertThat(worse.report().path("judges").path("each").path(0).path("failed").asInt())
          .isZero();
    }
  }

  @Test
  void aCouncilAndACascadeTellTheBadAnswerFromTheGood() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("understudy.yaml"),
            """
            sandbox: true
            routes:
              council:
                serve: mai/mai-1-sandbox-babble
                fallback: [openai/gpt-5.1]
                council: {checker: google/gemini-2.5-pro, action: retry}
              fine:
                serve: openai/gpt-5.1
                council: {checker: google/gemini-2.5-pro, action: retry}
              mute:
                serve: openai/gpt-5.1
                council: {checker: google/gemini-2.5-pro-sandbox-judge-nonsense-100, action: retry}
              cascade:
                serve: mai/mai-1-sandbox-babble
                fallback: [openai/gpt-5.1]
                cascade: {threshold: 0.7, judge: google/gemini-2.5-pro}
              kept:
                serve: openai/gpt-5.1
                fallback: [mai/mai-1]
                cascade: {threshold: 0.7, judge: google/gemini-2.5-pro}
            """);
    try (Running running =
        Running.start(
            Settings.read(file, Map.of()).withPorts(0, 0),
            Map.of(),
            OutputStream.nullOutputStream(),
            folder)) {
      assertThat(review(running, "council", "openai/gpt-5.1"))
          .startsWith("council: google/gemini-2.5-pro objects: the sandbox");
      assertThat(review(running, "fine", "openai/gpt-5.1"))
          .isEqualTo("council: approved by google/gemini-2.5-pro");
      assertThat(review(running, "mute", "openai/gpt-5.1"))
          .startsWith("council: not checked, as google/gemini-2.5-pro-sandbox-judge-nonsense-100");
      assertThat(review(running, "cascade", "openai/gpt-5.1"))
          .startsWith("cascade: escalated, the first answer scored 0.20 of 0.70, as judged by");
      assertThat(review(running, "kept", "openai/gpt-5.1"))
          .startsWith("cascade: kept, scored 1.00 of 0.70, as judged by google/gemini-2.5-pro");
    }
  }

  private static String review(Running running, String route, String target) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      HttpResponse<String> reply =
          client.send(
              HttpRequest.newBuilder(
                      URI.create(
                          "http://127.0.0.1:%d/v1/chat/completions"
                              .formatted(running.gateway().port())))
                  .header("content-type", "application/json")
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"what does a notary do\"}]}"
                              .formatted(route)))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
      assertThat(reply.headers().firstValue("x-understudy-target")).hasValue(target);
      return reply.headers().firstValue("x-understudy-review").orElse("");
    }
  }
}
