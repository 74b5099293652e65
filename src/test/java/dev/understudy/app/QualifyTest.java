package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A suite is put to two of the sandbox's vendors from the command line. */
final class QualifyTest extends Qualifying {
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
