package dev.understudy.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A database with our tables in it. It is opened, and brought to this program's schema, when it is
 * first used; what cannot be opened is tried again at the next use.
 */
public final class Database implements AutoCloseable {
  private static final int TRIES_MAX = 5;

  private final Engine engine;
  private final Migrations migrations;
  private final Connections writers;
  private final Connections readers;
  private final ReentrantLock opening = new ReentrantLock();
  private volatile boolean open;

  /** What is done in one transaction. It may be done more than once: only the last time counts. */
  @FunctionalInterface
  public interface Work<T> {
    T in(Session session) throws SQLException;
  }

  Database(Engine engine, Migrations migrations) {
    this.engine = engine;
    this.migrations = migrations;
    this.writers = new Connections(engine, false, engine.writers());
    this.readers =
        engine.readers() == 0 ? writers : new Connections(engine, true, engine.readers());
  }

  /** SQLite in a file, which is made when something is first written. */
  public static Database embedded(Path file) {
    return new Database(new Sqlite(file), Migrations.ALL);
  }

  /** PostgreSQL, shared by several replicas. */
  public static Database shared(PostgresAddress address) {
    return new Database(new Postgres(address), Migrations.ALL);
  }

  public Dialect dialect() {
    return engine.dialect();
  }

  /**
   * Looks something up.
   *
   * @throws IOException if that cannot be; the message is fit for an operator
   */
  public <T> T read(Work<T> work) throws IOException {
    ensureOpen();
    return run(readers, true, work);
  }

  /**
   * Changes something, all of it or nothing.
   *
   * @throws IOException if that cannot be; the message is fit for an operator
   */
  public <T> T write(Work<T> work) throws IOException {
    ensureOpen();
    return run(writers, false, work);
  }

  /** Opens it now, to hear now what is wrong with it. */
  public void ensureOpen() throws IOException {
    if (open) {
      return;
    }
    opening.lock();
    try {
      if (!open) {
        run(
            writers,
            false,
            session -> {
              migrations.run(session, engine);
              return true;
            });
        open = true;
      }
    } finally {
      opening.unlock();
    }
  }

  private <T> T run(Connections connections, boolean reading, Work<T> work) throws IOException {
    try {
      for (int i = 1; ; i++) {
        try {
          return connections.with(connection -> transaction(connection, reading, work));
        } catch (SQLException e) {
          if (i == TRIES_MAX || !engine.isWorthAnotherTry(e)) {
            throw engine.explain(e);
          }
        }
      }
    } catch (UncheckedIOException e) {
      // Inside a transaction nothing else is let through.
      throw Objects.requireNonNull(e.getCause());
    }
  }

  private <T> T transaction(Connection connection, boolean reading, Work<T> work)
      throws SQLException {
    engine.begin(connection, reading);
    boolean done = false;
    var session = new Session(connection, engine.dialect());
    try {
      T result = work.in(session);
      session.close();
      engine.commit(connection);
      done = true;
      return result;
    } finally {
      if (!done) {
        session.close();
        try {
          engine.rollback(connection);
        } catch (SQLException e) {
          // The connection is closed next, and with it the transaction.
        }
      }
    }
  }

  @Override
  public void close() {
    readers.close();
    writers.close();
  }
}
