package dev.understudy.settlement.focus;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A dataset with what the checker said of it. */
record CheckedFile(Checker.Report report, List<Violation> violations) {

  static CheckedFile of(Path file, RuleBook.Dataset dataset, Checker.Options options)
      throws IOException {
    return of(Files.newBufferedReader(file), false, dataset, options);
  }

  static CheckedFile of(String text, RuleBook.Dataset dataset, Checker.Options options)
      throws IOException {
    return of(new StringReader(text), text.startsWith("{"), dataset, options);
  }

  private static CheckedFile of(
      Reader in, boolean json, RuleBook.Dataset dataset, Checker.Options options)
      throws IOException {
    var violations = new ArrayList<Violation>();
    try (RowReader rows = RowReader.of(in, json)) {
      var checker = new Checker(RuleBook.of(dataset), options, rows.header(), violations::add);
      for (Optional<Row> row = rows.next(); row.isPresent(); row = rows.next()) {
        checker.accept(row.get());
      }
      return new CheckedFile(checker.finish(), violations);
    }
  }

  /** The musts that are broken, each once. */
  List<String> broken() {
    return violations.stream()
        .filter(Violation::must)
        .map(Violation::rule)
        .distinct()
        .sorted()
        .toList();
  }
}
