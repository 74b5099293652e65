package dev.understudy.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Copies of an embedded database. Its file alone is no copy: what was written last is in the log
 * beside it.
 */
public final class EmbeddedCopy {
  private EmbeddedCopy() {}

  /**
   * Copies a database as it is at this moment, also while a gateway uses it.
   *
   * @param to a file that is not there yet
   * @throws IOException if that cannot be; then no copy is left behind
   */
  public static void backUp(Path database, Path to) throws IOException {
    if (!Files.exists(database)) {
      throw new StoreProblem("there is no database " + database);
    }
    var engine = new Sqlite(database);
    boolean done = false;
    makeForOwner(to);
    try (Connection connection = engine.connect(false)) {
      engine.recognise(new Session(connection, Dialect.SQLITE));
      new Session(connection, Dialect.SQLITE).update("VACUUM INTO ?", to.toString());
      sync(to);
      done = true;
    } catch (SQLException e) {
      throw engine.explain(e);
    } finally {
      if (!done) {
        Files.deleteIfExists(to);
      }
    }
  }

  /**
   * Puts a copy in a database's place and brings it to this program's schema. What was there is
   * kept beside it, as {@code understudy.db.replaced}.
   *
   * @throws IOException if the copy is of no use, or the database is in use; then nothing changes
   */
  public static void restore(Path copy, Path database) throws IOException {
    if (!Files.exists(copy)) {
      throw new StoreProblem("there is no copy " + copy);
    }
    Path fresh = beside(database, ".restoring");
    Files.deleteIfExists(fresh);
    try {
      makeForOwner(fresh);
      Files.copy(copy, fresh, StandardCopyOption.REPLACE_EXISTING);
      prove(copy, fresh);
      letGo(database);
      if (Files.exists(database)) {
        Files.move(database, beside(database, ".replaced"), StandardCopyOption.REPLACE_EXISTING);
      }
      removeLog(database);
      Files.move(fresh, database, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
      removeLog(fresh);
    }
  }

  private static void prove(Path copy, Path fresh) throws IOException {
    try (Database opened = Database.embedded(fresh)) {
      opened.ensureOpen();
      String said =
          opened.read(session ->
              session.one("PRAGMA integrity_check", row -> row.text(1)).orElse("nothing"));
      if (!said.equals("ok")) {
        throw new StoreProblem(copy + " is damaged: " + said);
      }
    } catch (StoreProblem e) {
      // What is wrong is wrong with the copy, not with the file that only we know.
      throw new StoreProblem(
          String.valueOf(e.getMessage()).replace(fresh.toString(), copy.toString()), e);
    }
    // All of it into the one file: the log would stay behind.
    wholeInOneFile(fresh);
  }

  /** Fails if somebody has the database open. */
  private static void letGo(Path database) throws IOException {
    if (!Files.exists(database)) {
      return;
    }
    try {
      wholeInOneFile(database);
    } catch (StoreProblem e) {
      if (e.getCause() instanceof SQLException cause && Sqlite.isLocked(cause)) {
        throw new StoreProblem(database + " is in use; stop the gateway first", e);
      }
      // Damaged, perhaps: that is why it is replaced.
    }
  }

  private static void wholeInOneFile(Path database) throws IOException {
    var engine = new Sqlite(database, 500);
    try (Connection connection = engine.connect(false);
        var statement = connection.createStatement()) {
      // Only who is alone with a database can take it out of this mode.
      statement.execute("PRAGMA journal_mode = DELETE");
    } catch (SQLException e) {
      throw engine.explain(e);
    }
  }

  private static void makeForOwner(Path file) throws IOException {
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder == null || !Files.isDirectory(folder)) {
        throw new StoreProblem("there is no folder for " + file);
      }
      if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      } else {
        Files.createFile(file);
      }
    } catch (FileAlreadyExistsException e) {
      throw new StoreProblem(file + " is there already; name another file", e);
    }
  }

  private static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static void removeLog(Path database) throws IOException {
    Files.deleteIfExists(beside(database, "-wal"));
    Files.deleteIfExists(beside(database, "-shm"));
  }

  private static Path beside(Path database, String ending) {
    return database.resolveSibling(database.getFileName() + ending);
  }
}
