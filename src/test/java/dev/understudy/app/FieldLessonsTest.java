package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of faults names every fault, and only tests that exist. */
final class FieldLessonsTest {
  private static final Path PAGE = Path.of("docs/reference/field-lessons.md");

  /** The last cell of a row holds names of tests and nothing else. */
  private static final Pattern ROW = Pattern.compile("(?m)^\\|.*\\| (`[^|]*) \\|$");

  private static final Pattern NAME = Pattern.compile("`(\\w+)`");
  private static final Pattern NUMBER = Pattern.compile("(?m)^\\| (\\d+) \\|");

  @Test
  void everyTestThatIsNamedIsThere() throws IOException {
    var missing = new ArrayList<String>();
    Set<String> there = tests();
    List<String> rows = ROW.matcher(page()).results().map(row -> row.group(1)).toList();
    for (String row : rows) {
      NAME.matcher(row)
          .results()
          .map(name -> name.group(1))
          .filter(name -> !there.contains(name))
          .forEach(missing::add);
    }

    assertThat(rows).hasSize(50);
    assertThat(missing).isEmpty();
  }

  @Test
  void everyNumberIsThereOnceAndInOrder() throws IOException {
    assertThat(NUMBER.matcher(page()).results().map(FieldLessonsTest::number))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 43).boxed().toList());
  }

  private static int number(MatchResult found) {
    return Integer.parseInt(found.group(1));
  }

  private static String page() throws IOException {
    return Files.readString(PAGE);
  }

  /** Classes with at least one test, or the contracts that such classes extend. */
  private static Set<String> tests() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("\\w+(Test|Contract)\\.java"))
          .map(name -> name.replace(".java", ""))
          .collect(Collectors.toSet());
    }
  }
}
