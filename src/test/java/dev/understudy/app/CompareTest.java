package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.app.settings.BadSettings;
import dev.understudy.app.settings.Settings;
import dev.understudy.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** One prompt to several targets, and routes that look at answers, on the sandbox. */
final class CompareTest {
  @TempDir private Path folder;

  private record Ran(int code, String out, String err) {}

  private Running start(String settings) throws IOException, BadSettings {
    Path file = Files.writeString(folder.resolve("understudy.yaml"), settings);
    return Running.start(
        Settings.read(file, Map.of()).withPorts(0, 0),
        Map.of(),
        OutputStream.nullOutputStream(),
        folder);
  }

  private static Ran compare(Running running, String... more) {
    var out = new StringWriter();
    var err = new StringWriter();
    String[] arguments =
        Stream.concat(
                Stream.of(
                    "compare",
                    "what is an understudy?",
                    "--admin",
                    "http://127.0.0.1:" + running.adminPort()),
                Stream.of(more))
            .toArray(String[]::new);
    int code =
        Commands.line(
                Map.of("UNDERSTUDY_ADMIN_TOKEN", running.freshToken().orElseThrow().reveal()),
                arguments)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Ran(code, out.toString(), err.toString());
  }

  @Test
  void targetsStandSideBySideWithWhatTheyTookAndCost() throws Exception {
    try (Running running = start("sandbox: true\n")) {
      Ran table =
          compare(
              running,
              "--targets",
              "openai/gpt-5.1,anthropic/claude-sonnet-4-5,nobody/x",
              "--system",
              "Be brief.");
      assertThat(table.code()).as(table.err()).isZero();
      assertThat(table.out())
          .containsSubsequence(
              "TARGET",
              "openai/gpt-5.1",
              "stop",
              "anthropic/claude-sonnet-4-5",
              "nobody/x",
              "failed",
              "--- openai/gpt-5.1",
              "--- anthropic/claude-sonnet-4-5",
              "--- nobody/x",
              "failed: ");

      Ran json = compare(running, "--targets", "openai/gpt-5.1,mai/mai-1", "--stream", "--json");
      JsonNode answers = Json.parse(json.out()).path("answers");
      assertThat(answers.size()).isEqualTo(2);
      for (JsonNode answer : answers) {
        assertThat(answer.path("text").asString()).isNotEmpty();
        assertThat(answer.path("finish").asString()).isEqualTo("stop");
        assertThat(answer.path("output_tokens").asLong()).isPositive();
        assertThat(answer.path("first_text_millis").asLong(-1))
            .isBetween(0L, answer.path("millis").asLong());
        assertThat(answer.path("exchange").asString()).isNotEmpty();
      }
      JsonNode openai =
          answers.path(0).path("target").asString().startsWith("openai")
              ? answers.path(0)
              : answers.path(1);
      assertThat(openai.path("costs").path(0).path("currency").asString()).isEqualTo("USD");
    }
  }

  @Test
  void whereNobodyAnswersTheCommandFails() throws Exception {
    try (Running running = start("sandbox: true\n")) {
      Ran none = compare(running, "--targets", "nobody/x,mai/mai-1-sandbox-400");
      assertThat(none.code()).as(none.out()).isEqualTo(1);
      assertThat(none.out()).contains("nobody/x", "failed: ");
      assertThat(compare(running, "--targets", "nobody/x,mai/mai-1").code()).isZero();
      assertThat(compare(running, "--targets", "nobody/x", "--json").code()).isEqualTo(1);
    }
  }

  @Test
  void anEmptyPromptIsNotPutToAnybody() throws Exception {
    try (Running running = start("sandbox: true\n")) {
      for (String prompt : new String[] {"", "  "}) {
        var err = new StringWriter();
        String[] arguments = {
          "compare",
          prompt,
          "--admin",
          "http://127.0.0.1:" + running.adminPort(),
          "--targets",
          "mai/mai-1"
        };
        int code =
            Commands.line(
                    Map.of("UNDERSTUDY_ADMIN_TOKEN", running.freshToken().orElseThrow().reveal()),
                    arguments)
                .setErr(new PrintWriter(err))
                .execute(arguments);
        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains("PROMPT is empty");
      }
    }
  }

  @Test
  void whatCannotBeComparedIsNamed() throws Exception {
    try (Running running = start("sandbox: true\n")) {
      assertThat(compare(running, "--targets", "mai/mai-1,mai/mai-1").err())
          .contains("a target is there twice");
      assertThat(compare(running, "--targets", ",mai/mai-1").err())
          .contains("a target has no name");
      assertThat(compare(running, "--targets", "mai/mai-1", "--timeout", "0").code()).isEqualTo(2);
      assertThat(compare(running).code()).isEqualTo(2);
    }
  }

  @Test
  void routesThatLookAtAnswersAreReadStrictly() throws Exception {
    String two = "    serve: mai/mai-1\n    fallback: [openai/gpt-5.1]\n";
    assertThat(problems(two + "    cascade: {threshold: 0.6, judge: google/gemini-2.5-pro}\n"))
        .isEmpty();
    assertThat(problems(two + "    council: {checker: google/gemini-2.5-pro, action: retry}\n"))
        .isEmpty();
    assertThat(problems(two + "    cascade: {threshold: 2}\n"))
        .contains("threshold must be from 0.0 to 1.0, not 2");
    assertThat(problems("    serve: mai/mai-1\n    cascade: {threshold: 0.5}\n"))
        .contains("a cascade needs somebody to ask next");
    assertThat(problems(two + "    cascade: {}\n    council: {checker: mai/mai-1}\n"))
        .contains("either a cascade or a council");
    assertThat(problems(two + "    council: {checker: gemini}\n"))
        .contains("must be written as vendor/model");
    assertThat(problems(two + "    council: {checker: mai/mai-1, action: shout}\n"))
        .contains("unknown action \"shout\"; known: annotate, retry, replace");
    assertThat(problems(two + "    council: {checker: mai/mai-1, share: 0.5}\n"))
        .contains("a share is of use with on: sampled only");
    assertThat(problems(two + "    council: {action: retry}\n")).contains("checker");
  }

  private String problems(String route) throws IOException {
    Path file =
        Files.writeString(folder.resolve("bad.yaml"), "sandbox: true\nroutes:\n  chat:\n" + route);
    try {
      Settings.read(file, Map.of());
      return "";
    } catch (BadSettings e) {
      return e.lines().toString();
    }
  }
}
