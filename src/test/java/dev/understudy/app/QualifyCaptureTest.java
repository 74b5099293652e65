package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Cases are captured from live calls. */
final class QualifyCaptureTest extends Qualifying {
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
}
