package dev.understudy.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The steps from an empty database to this program's schema, forward only. A step that was released
 * is never edited: what it made is in people's databases.
 */
final class Migrations {
  /**
   * Every step, in order; its number is its place, its script is {@code steps/<name>.sql}, or with
   * {@code .sqlite} or {@code .postgres} before the end where the two must differ.
   */
  static final Migrations ALL =
      new Migrations(
          List.of(
              "001-keys",
              "002-ledger",
              "003-facts",
              "004-rollouts",
              "005-settlement",
              "006-contracts",
              "007-exchanges",
              "008-plans"));

  private static final String TABLE =
      """
      CREATE TABLE IF NOT EXISTS schema_steps (
        number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)
      """;

  private final List<String> names;

  Migrations(List<String> names) {
    this.names = List.copyOf(names);
  }

  /** The same without the last steps, as an older version of this program had it. */
  Migrations first(int count) {
    return new Migrations(names.subList(0, count));
  }

  int count() {
    return names.size();
  }

  /** The steps, the first one first. */
  List<String> names() {
    return names;
  }

  private record Step(int number, String name) {}

  /** Takes the steps that are still to be taken, all within the session's transaction. */
  void run(Session session, Engine engine) throws SQLException {
    try {
      engine.lockForSteps(session);
      engine.recognise(session);
      session.update(TABLE);
      List<Step> taken =
          session.all(
              "SELECT number, name FROM schema_steps ORDER BY number",
              row -> new Step((int) row.whole(1), row.text(2)));
      check(taken, engine.place());
      for (int number = taken.size() + 1; number <= names.size(); number++) {
        String name = names.get(number - 1);
        for (String statement : statements(script(name, session.dialect()))) {
          session.update(statement);
        }
        session.update(
            "INSERT INTO schema_steps (number, name, applied_at) VALUES (?, ?, ?)",
            number,
            name,
            Instant.now());
      }
      if (taken.isEmpty() || taken.size() < names.size()) {
        engine.note(names.size(), session);
      }
    } catch (StoreProblem e) {
      throw new UncheckedIOException(e);
    }
  }

  private void check(List<Step> taken, String place) throws StoreProblem {
    if (taken.size() > names.size()) {
      throw new StoreProblem(
          "the database %s has schema %d, which is newer than the %d of this program; start a newer one, or restore a backup"
              .formatted(place, taken.size(), names.size()));
    }
    for (int i = 0; i < taken.size(); i++) {
      Step step = taken.get(i);
      if (step.number() != i + 1 || !step.name().equals(names.get(i))) {
        throw new StoreProblem(
            "step %d of the database %s is %s, which this program does not know; it was made by another version"
                .formatted(step.number(), place, step.name()));
      }
    }
  }

  /** What a step does in a kind of database. */
  static String script(String name, Dialect dialect) {
    String own = "steps/" + name + "." + dialect.name().toLowerCase(Locale.ROOT) + ".sql";
    for (String path : List.of(own, "steps/" + name + ".sql")) {
      try (var in = Migrations.class.getResourceAsStream(path)) {
        if (in != null) {
          return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    throw new IllegalStateException("the program was packed without step " + name);
  }

  /** The statements of a script, each of which ends with a semicolon at the end of a line. */
  static List<String> statements(String script) {
    var all = new ArrayList<String>();
    var statement = new StringBuilder();
    for (String line : script.lines().toList()) {
      if (line.isBlank() || line.stripLeading().startsWith("--")) {
        continue;
      }
      statement.append(line).append('\n');
      if (line.stripTrailing().endsWith(";")) {
        all.add(statement.toString().strip().replaceFirst(";$", ""));
        statement.setLength(0);
      }
    }
    if (!statement.isEmpty()) {
      throw new IllegalStateException("a script does not end with a semicolon");
    }
    return all;
  }
}
