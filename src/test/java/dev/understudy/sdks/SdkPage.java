package dev.understudy.sdks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was found out about some libraries, as a part of the page about them: one row for each
 * library and vendors' protocol, one column for each scenario.
 */
final class SdkPage {
  private static final Path PAGE = Path.of("docs/reference/sdks.md");

  private record Row(String sdk, String protocol) {}

  private final String part;
  private final Map<Row, Map<String, Boolean>> rows = new LinkedHashMap<>();
  private final Set<String> scenarios = new LinkedHashSet<>();

  /** A part of the page, which stands between the marks of this name. */
  SdkPage(String part) {
    this.part = part;
  }

  /** Takes note of one case; a scenario passes if all its cases do. */
  void add(String sdk, String protocol, String scenario, boolean passes) {
    scenarios.add(scenario);
    rows.computeIfAbsent(new Row(sdk, protocol), _ -> new LinkedHashMap<>())
        .merge(scenario, passes, Boolean::logicalAnd);
  }

  /** Compares with the page, or writes it where {@code -Dunderstudy.regenerate=true} is set. */
  void check() {
    String begin = "<!-- %s -->\n".formatted(part);
    String end = "<!-- /%s -->".formatted(part);
    try {
      String page = Files.readString(PAGE);
      assertThat(page).as("%s has the marks of %s", PAGE, part).contains(begin).contains(end);
      String before = page.substring(0, page.indexOf(begin) + begin.length());
      String now = before + "\n" + table() + "\n" + page.substring(page.indexOf(end));
      if (Boolean.getBoolean("understudy.regenerate")) {
        Files.writeString(PAGE, now);
      } else {
        assertThat(page)
            .as("%s says what was found; -Dunderstudy.regenerate=true writes it", PAGE)
            .isEqualTo(now);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String table() {
    var text = new StringBuilder();
    line(text, "library", "vendors' protocol", scenarios.stream().toList());
    line(text, "---", "---", scenarios.stream().map(_ -> "---").toList());
    rows.forEach((row, cells) ->
        line(
            text,
            row.sdk(),
            row.protocol(),
            scenarios.stream()
                .map(scenario -> cells.getOrDefault(scenario, false) ? "pass" : "fails")
                .toList()));
    return text.toString();
  }

  private static void line(StringBuilder text, String first, String second, List<String> others) {
    text.append("| ").append(first).append(" | ").append(second).append(" | ");
    text.append(String.join(" | ", others)).append(" |\n");
  }
}
