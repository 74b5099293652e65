package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be meant is refused before anything is done, and the line says what can be. */
class RefusalsTest {
  private static final String CONTRACT = "examples/contracts/microsoft-openai-c.yaml";

  @TempDir private Path data;

  @Test
  void countsThatWouldDoNothingAreRefused() throws Exception {
    assertThat(said("contracts", "calendar", CONTRACT, "--days", "-5"))
        .startsWith("2\n--days is 1 to 3650, not -5");
    assertThat(said("contracts", "calendar", CONTRACT, "--days", "0"))
        .startsWith("2\n--days is 1 to 3650, not 0");
    assertThat(said("contracts", "calendar", CONTRACT, "--days", "2147483647"))
        .startsWith("2\n--days is 1 to 3650, not 2147483647");
    assertThat(said("contracts", "calendar", CONTRACT, "--days", "1")).startsWith("0\n");

    Path costs = Files.writeString(data.resolve("costs.csv"), "BilledCost\n1\n");
    assertThat(said("focus", "check", "" + costs, "--max", "-1"))
        .isEqualTo("2\n--max is at least 0, not -1\n");
    assertThat(said("compare", "hello", "--targets", "a/b", "--max-tokens", "0"))
        .startsWith("2\n--timeout is 1 to 600, --max-tokens at least 1");
  }

  @Test
  void yearsThatNobodyMeansAreRefusedInOneLine() throws Exception {
    Files.createFile(data.resolve(Running.DATABASE));
    String last = "+999999999-12-31";
    String far = last + " is not within the years 1970 to 9999";
    String moment = "+1000000000-12-31T23:59:59.999Z";
    assertThat(said("contracts", "calendar", CONTRACT, "--at", last)).startsWith("2\n--at: " + far);
    assertThat(said("contracts", "show", CONTRACT, "--at", moment))
        .startsWith("2\n--at: " + moment + " is not within the years 1970 to 9999");
    assertThat(said("contracts", "calendar", CONTRACT, "--at", "9999-12-31", "--days", "3650"))
        .startsWith("0\n");
    for (List<String> command :
        List.of(
            List.of("figures", "--from", "2026-10", "--to"),
            List.of("figures", "--from"),
            List.of("focus", "export", "--from", "2026-10", "--to"),
            List.of("ledger", "close", "--currency", "USD", "--until"))) {
      var all = new ArrayList<>(command);
      all.addAll(List.of(last, "--data", "" + data));
      assertThat(said(all.toArray(String[]::new))).isEqualTo("1\n" + far + "\n");
    }
    assertThat(
            said("exchanges", "export", "--from", "2026-10", "--to", moment, "--data", "" + data))
        .isEqualTo("1\n" + moment + " is not within the years 1970 to 9999\n");
    assertThat(said("prices", "show", "openai/gpt-5.1", "--at", last, "--data", "" + data))
        .isEqualTo("1\n" + far + "\n");
    assertThat(said("settle", "--contract", "a", "--period", "+999999999-12", "--data", "" + data))
        .isEqualTo("1\n+999999999-12 is not within the years 1970 to 9999\n");
  }

  @Test
  void aPersonWhoseNameTheSettingsWouldRefuseIsGivenNoToken() {
    for (String name : List.of("a b", "admin", "gateway", "")) {
      assertThat(said("admin-token", "--for", name))
          .startsWith(
              "2\nan operator's name is up to 64 letters, digits, dots, dashes and @, and neither"
                  + " admin nor gateway")
          .doesNotContain("ua-");
    }
    assertThat(said("admin-token", "--for", "ann@example.com"))
        .startsWith("0\n")
        .contains("ann@example.com: ");
  }

  @Test
  void anExportDoesNotTakeTheFolderThatItIsGiven() throws Exception {
    Path folder = Files.createDirectory(data.resolve("out"));

    assertThat(
            said(
                "focus",
                "export",
                "--from",
                "2026-10",
                "--to",
                "2026-10",
                "--data",
                "" + data,
                "-o",
                "" + folder))
        .isEqualTo("1\n--output is a folder: " + folder + "; name a file in it\n");
    assertThat(folder).isEmptyDirectory();
  }

  /** What a command says, with its code in front. */
  private static String said(String... arguments) {
    var text = new StringWriter();
    var line = Commands.line(Map.of(), arguments);
    line.setOut(new PrintWriter(text)).setErr(new PrintWriter(text));
    int code = line.execute(arguments);
    return code + "\n" + text;
  }
}
