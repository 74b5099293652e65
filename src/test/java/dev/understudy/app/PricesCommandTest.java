package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code understudy prices}. */
final class PricesCommandTest {
  @TempDir Path folder;

  private record Ran(int code, String out, String err) {}

  private static Ran run(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code =
        Commands.line(Map.of())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Ran(code, out.toString(), err.toString());
  }

  @Test
  void showsWhatHoldsAtADayAndWhereItIsFrom() {
    String data = folder.toString();
    Ran now = run("prices", "show", "openai/gpt-5.1-2025-11-13", "--at=2026-11-27", "--data", data);

    assertThat(now.code()).isZero();
    assertThat(now.out())
        .contains("openai/gpt-5.1 since 2025-11-13T00:00:00Z, book list, USD")
        .contains("verified")
        .containsPattern("input\\.text +1\\.25 a million")
        .containsPattern("input\\.text\\.read +0\\.125 a million")
        .containsPattern("web_search_call +0\\.01 each")
        .containsPattern("all tokens +tier priority +times 2");
    Ran before = run("prices", "show", "openai/gpt-5.1", "--at=2025-11-12", "--data", data);
    assertThat(before.code()).isEqualTo(1);
    assertThat(before.err()).contains("no price for openai/gpt-5.1 at 2025-11-12T00:00:00Z");
    assertThat(run("prices", "show", "--at=noon", "--data", data).err()).contains("2026-08-31");
  }

  @Test
  void checksABookWithLineAndColumn() throws IOException {
    Path bad = folder.resolve("bad.yaml");
    Files.writeString(bad, "book: x\ncurrency: EURO\n");

    Ran ran = run("prices", "check", bad.toString());

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("bad.yaml:2:11: unknown currency \"EURO\"");
    Path good = folder.resolve("good.yaml");
    Files.writeString(good, run("prices", "list").out());
    assertThat(run("prices", "check", good.toString()).out())
        .containsPattern("good.yaml: OK, book list in USD, \\d+ vendors, \\d+ models");
    assertThat(run("prices", "check", folder.resolve("none").toString()).err())
        .contains("cannot be read");
  }

  @Test
  void updatesTheListOnlyWhenToldAndSaysWhatChanges() throws IOException {
    Path next = folder.resolve("next.yaml");
    Path data = folder.resolve("data");
    Files.writeString(
        next,
        run("prices", "list")
            .out()
            .replace("{input.text: 30, output.text: 60}", "{input.text: 3, output.text: 60}"));

    Ran shown = run("prices", "update", next.toString(), "--data", data.toString());
    assertThat(shown.code()).isZero();
    assertThat(shown.out())
        .contains(
            "~ openai/gpt-4 input.text from 2023-06-13: 30 -> 3 (-90.0 %)  ! more than a factor of two",
            "look twice", "nothing is changed without --yes");
    assertThat(data.resolve("prices.yaml")).doesNotExist();

    Ran done = run("prices", "update", next.toString(), "--yes", "--data", data.toString());
    assertThat(done.code()).isZero();
    assertThat(data.resolve("prices.yaml")).hasSameTextualContentAs(next);
    assertThat(run("prices", "show", "openai/gpt-4", "--data", data.toString()).out())
        .containsPattern("input\\.text +3 a million");
    assertThat(run("prices", "update", next.toString(), "--data", data.toString()).out())
        .contains("0 changes", "nothing to do");
  }

  @Test
  void aModelWithoutAPriceIsToldWithNamesNearIt() {
    Ran ran = run("prices", "show", "openai/gtp-5.1");

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("no price for openai/gtp-5.1", "openai/gpt-5.1");
  }

  @Test
  void aBookThatIsNoListDoesNotTakeTheListsPlace() throws IOException {
    Path own = folder.resolve("own.yaml");
    Files.writeString(own, "book: own\nkind: negotiated\ncurrency: USD\n");

    Ran ran = run("prices", "update", own.toString(), "--yes", "--data", folder.toString());

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("is no list");
  }
}
