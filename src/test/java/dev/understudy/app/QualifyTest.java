package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
        Main.commandLine(Map.of())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Ended(code, out.toString(), err.toString());
  }

  private String suite(int cases, String check) throws IOException {
    var text = new StringBuilder("suite: box\nmargin: 0.05\nsystem: Be brief.\ncases:\n");
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
    assertThat(diff.out()).contains("0 gained, 0 lost, 70 the same");
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
    assertThat(ended.out()).contains("no case was answered by both");
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
    assertThat(bad.err()).contains("suite.yaml:5:").contains("unknown check \"containz\"");

    assertThat(run(arguments(suite(1, "{type: is-json}"), "anthropic/claude-sonnet-4-5")).code())
        .isEqualTo(2);
    assertThat(run("qualify", "--candidate", "a/b").code()).isEqualTo(2);
    Ended missing = run(arguments(folder.resolve("none.yaml").toString(), "mai/mai-1"));
    assertThat(missing.code()).isEqualTo(1);
    assertThat(missing.err()).contains("there is no file");
  }
}
