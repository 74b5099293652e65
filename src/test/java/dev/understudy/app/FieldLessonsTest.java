package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of faults names every fault, and only tests that exist. */
final class FieldLessonsTest {
  private static final Path PAGE = Path.of("docs/reference/field-lessons.md");

  /** The last cell of a row holds names of tests and nothing else. */
  private static final Pattern ROW = Pattern.compile("(?m)^\\|.*\\| (`[^|]*) \\|$");

  /** A class, or one test of it. */
  private static final Pattern NAME = Pattern.compile("`(\\w+)(?:#(\\w+))?`");

  private static final Pattern NUMBER = Pattern.compile("(?m)^\\| (\\d+) \\|");

  @Test
  void everyTestThatIsNamedIsThere() throws IOException {
    var missing = new ArrayList<String>();
    Map<String, String> there = tests();
    List<String> rows = ROW.matcher(page()).results().map(row -> row.group(1)).toList();
    for (String row : rows) {
      NAME.matcher(row)
          .results()
          .filter(name -> !isThere(name, there.getOrDefault(name.group(1), "")))
          .forEach(name -> missing.add(name.group()));
    }

    assertThat(rows).hasSize(50);
    assertThat(missing).isEmpty();
  }

  @Test
  void everyNumberIsThereOnceAndInOrder() throws IOException {
    assertThat(NUMBER.matcher(page()).results().map(FieldLessonsTest::number))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 43).boxed().toList());
  }

  private static boolean isThere(MatchResult name, String source) {
    return name.group(2) == null
        ? !source.isEmpty()
        : source.contains("  void " + name.group(2) + "(");
  }

  private static int number(MatchResult found) {
    return Integer.parseInt(found.group(1));
  }

  private static String page() throws IOException {
    return Files.readString(PAGE);
  }

  /** Classes with at least one test, or the contracts that such classes extend, with their text. */
  private static Map<String, String> tests() throws IOException {
    var all = new HashMap<String, String>();
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.matches("\\w+(Test|Contract)\\.java")) {
          all.put(name.replace(".java", ""), Files.readString(file));
        }
      }
    }
    return all;
  }
}
