package dev.understudy.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The kinds of lines that statements have, as {@link StatementJson#FORM} names them: a statement
 * that was kept in one form is compared with one of another only as far as both have a line, so a
 * kind that comes or goes under the same number would make a revision of every month that is
 * settled.
 */
class StatementFormTest {
  private static final Path FORMS = Path.of("src/test/resources/dev/understudy/settlement/forms");

  /** What looks at lines and writes none. */
  private static final Set<String> READERS =
      Set.of("Line", "Booking", "StatementPaper", "Substance");

  /** Every word of a line, and which class writes which of them at how many places. */
  private static String kinds() {
    Map<String, Map<String, Integer>> written = new TreeMap<>();
    var classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.understudy.settlement");
    for (JavaClass one : classes) {
      for (JavaFieldAccess access : one.getFieldAccessesFromSelf()) {
        JavaClass owner = access.getTargetOwner();
        boolean constant =
            Arrays.stream(Line.Item.values())
                .anyMatch(item -> item.name().equals(access.getTarget().getName()));
        String writer = access.getOriginOwner().getName().replaceAll("^.*\\.|\\$.*$", "");
        if (constant && owner.isEquivalentTo(Line.Item.class) && !READERS.contains(writer)) {
          written
              .computeIfAbsent(writer, _ -> new TreeMap<>())
              .merge(access.getTarget().getName(), 1, Integer::sum);
        }
      }
    }
    var text = new StringBuilder();
    text.append("words: ")
        .append(
            Arrays.stream(Line.Item.values())
                .map(Line.Item::word)
                .sorted()
                .collect(Collectors.joining(", ")))
        .append('\n');
    written.forEach((writer, items) ->
        text.append(writer)
            .append(": ")
            .append(
                items.entrySet().stream()
                    .map(
                        item -> item.getKey() + (item.getValue() > 1 ? " x" + item.getValue() : ""))
                    .collect(Collectors.joining(", ")))
            .append('\n'));
    return text.toString();
  }

  private static Path file(int form) {
    return FORMS.resolve(form + ".txt");
  }

  @Test
  void aKindOfLineThatComesOrGoesRaisesTheForm() throws IOException {
    String now = kinds();
    Path file = file(StatementJson.FORM);
    assertThat(file)
        .as("form %d has no file; what statements have now:%n%s", StatementJson.FORM, now)
        .exists();

    assertThat(now)
        .as(
            "the places where lines of statements are written are others than in %s: if a kind of"
                + " line was added or dropped, raise StatementJson.FORM by one and write the text"
                + " below to a file of the new number; only if code moved and every statement has"
                + " the lines it had, write it to this file",
            file)
        .isEqualTo(Files.readString(file));
  }

  @Test
  void noTwoFormsHaveTheSameLinesAndNoneIsAhead() throws IOException {
    assertThat(file(StatementJson.FORM + 1)).doesNotExist();
    Path before = file(StatementJson.FORM - 1);
    if (Files.exists(before)) {
      assertThat(Files.readString(before)).isNotEqualTo(kinds());
    }
  }

  @Test
  void aKeptStatementNamesItsForm() {
    assertThat(StatementJson.FORM).isGreaterThanOrEqualTo(2);
    // All that writes lines of statements is found, or the first test could not fail.
    assertThat(kinds())
        .contains("words: ", "CapacitySections: ", "CommitmentSections: ", "ShareSections: ");
  }
}
