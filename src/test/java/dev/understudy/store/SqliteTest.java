package dev.understudy.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.access.Directory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SQLite does what every database does, and says what is wrong with its file. */
final class SqliteTest extends DatabaseContract {
  @TempDir private Path folder;
  private int count;

  @Override
  Database fresh(Migrations migrations) {
    count++;
    return again(migrations);
  }

  @Override
  Database again(Migrations migrations) {
    return new Database(new Sqlite(file()), migrations);
  }

  private Path file() {
    return folder.resolve("understudy-" + count + ".db");
  }

  @Test
  void theFileIsForItsOwnerOnly() throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void aFileThatIsNoDatabaseIsLeftAlone() throws Exception {
    Path file = Files.writeString(folder.resolve("letter.db"), "Dear Sir or Madam, ".repeat(100));

    try (Database database = Database.embedded(file)) {
      assertThatThrownBy(database::ensureOpen)
          .isInstanceOf(StoreProblem.class)
          .hasMessage(file + " is damaged or no database; restore it from a backup");
    }
    assertThat(Files.readString(file)).startsWith("Dear Sir or Madam, ");
  }

  @Test
  void aDamagedDatabaseIsSaidToBe() throws Exception {
    Path file = folder.resolve("damaged.db");
    try (Database database = Database.embedded(file)) {
      database.ensureOpen();
    }
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, 200, Math.min(bytes.length, 40_000), (byte) 0x5a);
    Files.write(file, bytes);

    try (Database database = Database.embedded(file)) {
      assertThatThrownBy(() -> new SqlKeyStore(database).load())
          .isInstanceOf(StoreProblem.class)
          .hasMessage(file + " is damaged or no database; restore it from a backup");
    }
  }

  @Test
  void aDatabaseOfAnotherProgramIsLeftAlone() throws Exception {
    Path file = folder.resolve("other.db");
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE cats (name TEXT)");
    }

    try (Database database = Database.embedded(file)) {
      assertThatThrownBy(database::ensureOpen)
          .hasMessage(file + " is a database of another program; name another folder with --data");
    }
  }

  @Test
  void aDatabaseThatAnotherProgramHoldsIsSaidToBeLocked() throws Exception {
    Path file = folder.resolve("locked.db");
    try (Database database = Database.embedded(file)) {
      database.ensureOpen();
    }
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA locking_mode = EXCLUSIVE");
      statement.execute("BEGIN EXCLUSIVE");
      statement.execute("CREATE TABLE mine (x TEXT)");

      try (Database database = new Database(new Sqlite(file, 50), Migrations.ALL)) {
        assertThatThrownBy(database::ensureOpen)
            .hasMessage(file + " is locked by another program; end that program, or wait for it");
        statement.execute("ROLLBACK");
        connection.close();
        database.ensureOpen(); // what could not be opened is tried again
      }
    }
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    Path file = folder.resolve("nowhere").resolve("understudy.db");

    try (Database database = Database.embedded(file)) {
      assertThatThrownBy(database::ensureOpen).hasMessageContaining("nowhere");
    }
  }

  @Test
  void aDiskThatIsFullIsSaidToBeAndNothingIsHalfWritten() throws Exception {
    Path file = folder.resolve("full.db");
    try (Database database = Database.embedded(file)) {
      var store = new SqlKeyStore(database);
      Directory before = store.load();

      assertThatThrownBy(() ->
              database.write(session -> {
                session.one("PRAGMA max_page_count = 20", row -> row.whole(1));
                session.update("UPDATE directory_version SET version = version + 1");
                for (int i = 0; i < 100; i++) {
                  session.update(
                      "INSERT INTO organisations (name, terms) VALUES (?, ?)",
                      "o" + i,
                      "x".repeat(4_000));
                }
                return 0;
              }))
          .isInstanceOf(StoreProblem.class)
          .hasMessage("the disk is full, so nothing can be written to " + file);
      assertThat(store.load()).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "13, the disk is full",
    "10, the disk fails",
    "266, the disk fails",
    "8, cannot be opened or written",
    "5, is locked by another program",
    "26, is damaged or no database",
  })
  void whatTheDriverSaysByNumberIsSaidInWords(int code, String words) {
    assertThat(new Sqlite(Path.of("u.db")).explain(new SQLException("?", null, code)))
        .hasMessageContaining(words)
        .hasMessageContaining("u.db");
  }
}
