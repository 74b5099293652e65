package dev.understudy.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.access.Change;
import dev.understudy.access.Directory;
import dev.understudy.access.Team;
import dev.understudy.access.Terms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copy of the database is whole, and comes back whole or not at all. */
final class EmbeddedCopyTest {
  @TempDir private Path folder;

  @Test
  void aCopyIsTakenWhileTheDatabaseIsWrittenAndComesBackAsItWas() throws Exception {
    Path file = folder.resolve("understudy.db");
    Path copy = folder.resolve("copy.db");
    Directory before;
    try (Database database = Database.embedded(file)) {
      var store = new SqlKeyStore(database);
      add(store, "a");
      before = store.load();
      var stop = new AtomicBoolean();
      Thread writer =
          Thread.startVirtualThread(() -> {
            for (int i = 0; !stop.get() && i < 2_000; i++) {
              add(store, "later-" + i);
            }
          });
      EmbeddedCopy.backUp(file, copy);
      stop.set(true);
      writer.join();
      add(store, "last");
      assertThatThrownBy(() -> EmbeddedCopy.restore(copy, file))
          .isInstanceOf(StoreProblem.class)
          .hasMessage(file + " is in use; stop the gateway first");
      assertThat(store.load().teams()).containsKey("last");
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
        .isEqualTo("rw-------");

    EmbeddedCopy.restore(copy, file);

    try (Database database = Database.embedded(file)) {
      Directory after = new SqlKeyStore(database).load();
      assertThat(after.teams()).containsKeys("default", "a").doesNotContainKey("last");
      assertThat(after.version()).isGreaterThanOrEqualTo(before.version());
    }
    try (Database database = Database.embedded(folder.resolve("understudy.db.replaced"))) {
      assertThat(new SqlKeyStore(database).load().teams()).containsKey("last");
    }
    assertThat(folder.resolve("understudy.db.restoring")).doesNotExist();
  }

  @Test
  void anOlderCopyIsBroughtForwardAndADamagedDatabaseIsReplaced() throws Exception {
    Path old = folder.resolve("old.db");
    try (Database database = new Database(new Sqlite(old), Migrations.ALL.first(1))) {
      database.ensureOpen();
    }
    Path copy = folder.resolve("copy.db");
    EmbeddedCopy.backUp(old, copy);
    Path file = Files.writeString(folder.resolve("understudy.db"), "not any more");

    EmbeddedCopy.restore(copy, file);

    try (Database database = Database.embedded(file)) {
      assertThat(new SqlKeyStore(database).load()).isEqualTo(Directory.EMPTY);
    }
  }

  @Test
  void aCopyOfNoUseChangesNothing() throws Exception {
    Path file = folder.resolve("understudy.db");
    try (Database database = Database.embedded(file)) {
      add(new SqlKeyStore(database), "a");
    }
    Path letter = Files.writeString(folder.resolve("letter.db"), "Dear all, ".repeat(500));
    Path newer = folder.resolve("newer.db");
    try (Database database = Database.embedded(newer)) {
      database.write(
          session -> session.update("INSERT INTO schema_steps VALUES (999, 'tomorrow', 0)"));
    }

    assertThatThrownBy(() -> EmbeddedCopy.restore(letter, file))
        .hasMessage(letter + " is damaged or no database; restore it from a backup");
    assertThatThrownBy(() -> EmbeddedCopy.restore(newer, file))
        .hasMessageContaining("which is newer than");
    assertThatThrownBy(() -> EmbeddedCopy.restore(folder.resolve("nowhere"), file))
        .hasMessageContaining("there is no copy");
    assertThatThrownBy(() -> EmbeddedCopy.backUp(file, letter))
        .hasMessage(letter + " is there already; name another file");
    assertThatThrownBy(() -> EmbeddedCopy.backUp(folder.resolve("nowhere"), folder.resolve("x")))
        .hasMessageContaining("there is no database");
    assertThatThrownBy(() -> EmbeddedCopy.backUp(letter, folder.resolve("x")))
        .hasMessageContaining("is damaged or no database");
    assertThat(folder.resolve("x")).doesNotExist();
    try (Database database = Database.embedded(file)) {
      assertThat(new SqlKeyStore(database).load().teams()).containsKey("a");
    }
  }

  private static void add(SqlKeyStore store, String team) {
    try {
      assertThat(
              store.save(
                  new Change.PutTeam(new Team(team, "default", Terms.NONE)), store.version()))
          .isTrue();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
