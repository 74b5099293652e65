package dev.understudy.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.NativeLibraryNotFoundException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/** SQLite in one file, with a write-ahead log beside it: readers and the one writer do not wait. */
final class Sqlite implements Engine {
  /** "usdy": tells our files from those of other programs. */
  static final int APPLICATION_ID = 0x75736479;

  private static final int BUSY_MILLIS = 5_000;

  private final Path file;
  private final int busyMillis;

  Sqlite(Path file) {
    this(file, BUSY_MILLIS);
  }

  /** For who would rather wait for another time. */
  Sqlite(Path file, int busyMillis) {
    this.file = file;
    this.busyMillis = busyMillis;
  }

  @Override
  public Dialect dialect() {
    return Dialect.SQLITE;
  }

  @Override
  public String place() {
    return file.toString();
  }

  @Override
  public int readers() {
    return 4;
  }

  @Override
  public int writers() {
    return 1;
  }

  @Override
  public Connection connect(boolean forReading) throws SQLException {
    makeFile();
    var config = new SQLiteConfig();
    config.setBusyTimeout(busyMillis);
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    // What was answered is there after a loss of power; whoever writes much writes in batches.
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.enforceForeignKeys(true);
    Connection connection = config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
    if (forReading) {
      say(connection, "PRAGMA query_only = 1");
    }
    return connection;
  }

  /** SQLite would make the file for everybody to read; its log takes the file's permissions. */
  private void makeFile() {
    if (Files.exists(file)) {
      return;
    }
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null && Files.getFileStore(folder).supportsFileAttributeView("posix")) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
    } catch (FileAlreadyExistsException e) {
      // Another was first.
    } catch (IOException e) {
      throw new UncheckedIOException(new IOException("cannot make " + file, e));
    }
  }

  @Override
  public void begin(Connection connection, boolean reading) throws SQLException {
    // Said in SQL: the driver's own transactions begin anew with every commit, and one that writes
    // would keep all others out until it is used again. One that reads first and writes later would
    // fail when another wrote in between, so it takes its turn at once.
    say(connection, reading ? "BEGIN" : "BEGIN IMMEDIATE");
  }

  @Override
  public void commit(Connection connection) throws SQLException {
    say(connection, "COMMIT");
  }

  @Override
  public void rollback(Connection connection) throws SQLException {
    say(connection, "ROLLBACK");
  }

  private static void say(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void lockForSteps(Session session) {
    // A transaction is exclusive from its beginning here.
  }

  @Override
  public void recognise(Session session) throws SQLException, StoreProblem {
    long id = session.one("PRAGMA application_id", row -> row.whole(1)).orElse(0L);
    long tables = session.one("SELECT count(*) FROM sqlite_master", row -> row.whole(1)).orElse(0L);
    if (id != APPLICATION_ID && tables > 0) {
      throw new StoreProblem(
          "%s is a database of another program; name another folder with --data".formatted(file));
    }
  }

  @Override
  public void note(int version, Session session) throws SQLException {
    session.update("PRAGMA application_id = " + APPLICATION_ID);
    session.update("PRAGMA user_version = " + version);
  }

  @Override
  public boolean isWorthAnotherTry(SQLException e) {
    return false; // it has waited already
  }

  /** Whether somebody else holds it. */
  static boolean isLocked(SQLException e) {
    return switch (SQLiteErrorCode.getErrorCode(e.getErrorCode() & 0xff)) {
      case SQLITE_BUSY, SQLITE_LOCKED -> true;
      default -> false;
    };
  }

  @Override
  public StoreProblem explain(SQLException e) {
    return new StoreProblem(message(e), e);
  }

  private String message(SQLException e) {
    if (e.getCause() instanceof NativeLibraryNotFoundException
        || e.getCause() instanceof LinkageError) {
      return "SQLite's native library cannot be run from the temporary folder; name another with UNDERSTUDY_JAVA_OPTS=-Dorg.sqlite.tmpdir=DIR";
    }
    return switch (SQLiteErrorCode.getErrorCode(e.getErrorCode() & 0xff)) {
      case SQLITE_BUSY, SQLITE_LOCKED ->
          "%s is locked by another program; end that program, or wait for it".formatted(file);
      case SQLITE_CORRUPT, SQLITE_NOTADB ->
          "%s is damaged or no database; restore it from a backup".formatted(file);
      case SQLITE_FULL -> "the disk is full, so nothing can be written to %s".formatted(file);
      case SQLITE_READONLY, SQLITE_PERM, SQLITE_CANTOPEN, SQLITE_AUTH ->
          "%s cannot be opened or written; look at its owner and permissions".formatted(file);
      case SQLITE_IOERR -> "%s cannot be read or written: the disk fails".formatted(file);
      default -> "%s: %s".formatted(file, String.valueOf(e.getMessage()).replace('\n', ' '));
    };
  }
}
