package dev.understudy.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A bounded set of connections, opened when needed and used again. */
final class Connections implements AutoCloseable {
  private static final long WAIT_SECONDS = 10;
  private static final long CHECK_AFTER_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int CHECK_SECONDS = 2;

  private final Engine engine;
  private final boolean forReading;
  private final int max;
  private final Semaphore free;
  private final Deque<Idle> idle = new ArrayDeque<>();
  private boolean closed;

  private record Idle(Connection connection, long sinceNanos) {}

  /** What is done with a connection. */
  interface Use<T> {
    T of(Connection connection) throws SQLException, StoreProblem;
  }

  Connections(Engine engine, boolean forReading, int max) {
    this.engine = engine;
    this.forReading = forReading;
    this.max = max;
    this.free = new Semaphore(max, true);
  }

  /** Uses a connection; one that failed is closed, for nobody knows in which state it is. */
  <T> T with(Use<T> use) throws SQLException, StoreProblem {
    take();
    try {
      Connection connection = connection();
      boolean sound = false;
      try {
        T result = use.of(connection);
        sound = true;
        return result;
      } finally {
        if (sound) {
          putBack(connection);
        } else {
          closeQuietly(connection);
        }
      }
    } finally {
      free.release();
    }
  }

  private void take() throws StoreProblem {
    try {
      if (free.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreProblem("interrupted while waiting for a connection", e);
    }
    throw new StoreProblem(
        "all %d connections to the database have been in use for %d s"
            .formatted(max, WAIT_SECONDS));
  }

  private Connection connection() throws SQLException {
    while (true) {
      Idle kept;
      synchronized (idle) {
        if (closed) {
          throw new SQLException("the database is closed");
        }
        kept = idle.pollFirst();
      }
      if (kept == null) {
        return engine.connect(forReading);
      }
      // A server that was restarted has closed what we kept.
      if (System.nanoTime() - kept.sinceNanos() < CHECK_AFTER_NANOS
          || kept.connection().isValid(CHECK_SECONDS)) {
        return kept.connection();
      }
      closeQuietly(kept.connection());
    }
  }

  private void putBack(Connection connection) {
    synchronized (idle) {
      if (!closed) {
        idle.addFirst(new Idle(connection, System.nanoTime()));
        return;
      }
    }
    closeQuietly(connection);
  }

  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // It is of no use any more either way.
    }
  }

  @Override
  public void close() {
    synchronized (idle) {
      closed = true;
      idle.forEach(kept -> closeQuietly(kept.connection()));
      idle.clear();
    }
  }
}
