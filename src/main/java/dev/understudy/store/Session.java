package dev.understudy.store;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Statements within one transaction; what is said again is not prepared again. */
public final class Session {
  private static final int ROWS_AT_ONCE = 1_000;

  /**
   * As many changes wait to be sent: a server is far away, an embedded database asks for nothing.
   */
  private final int changesAtOnce;

  private static final int STATEMENTS_MAX = 64;

  private final Connection connection;
  private final Dialect dialect;
  private final Map<String, PreparedStatement> idle = new HashMap<>();

  Session(Connection connection, Dialect dialect) {
    this.connection = connection;
    this.dialect = dialect;
    this.changesAtOnce = dialect == Dialect.SQLITE ? 32 : ROWS_AT_ONCE;
  }

  public Dialect dialect() {
    return dialect;
  }

  /** All rows that are found. Whoever asks knows that they are few. */
  public <T> List<T> all(String sql, Row.Reader<T> reader, Object... arguments)
      throws SQLException {
    var all = new ArrayList<T>();
    each(sql, row -> all.add(reader.read(row)), arguments);
    return all;
  }

  /** The first row that is found. */
  public <T> Optional<T> one(String sql, Row.Reader<T> reader, Object... arguments)
      throws SQLException {
    PreparedStatement statement = take(sql);
    bind(statement, arguments);
    Optional<T> found;
    try (ResultSet set = statement.executeQuery()) {
      found = set.next() ? Optional.of(reader.read(new Row(set))) : Optional.empty();
    }
    putBack(sql, statement);
    return found;
  }

  /** What is done with each of many rows. */
  @FunctionalInterface
  public interface Each {
    void row(Row row) throws SQLException;
  }

  /** Goes through what is found, however much it is, without holding it. */
  public void each(String sql, Each each, Object... arguments) throws SQLException {
    // Taken, so that whoever asks the same for each row gets another.
    PreparedStatement statement = take(sql);
    bind(statement, arguments);
    statement.setFetchSize(ROWS_AT_ONCE);
    try (ResultSet set = statement.executeQuery()) {
      var row = new Row(set);
      while (set.next()) {
        each.row(row);
      }
    }
    putBack(sql, statement);
  }

  /**
   * Changes something.
   *
   * @return how many rows it changed
   */
  public int update(String sql, Object... arguments) throws SQLException {
    PreparedStatement statement = take(sql);
    bind(statement, arguments);
    int changed = statement.executeUpdate();
    putBack(sql, statement);
    return changed;
  }

  /** The same change for many arguments, in as few steps as the driver needs. */
  public void batch(String sql, Iterable<Object[]> each) throws SQLException {
    PreparedStatement statement = take(sql);
    int waiting = 0;
    for (Object[] arguments : each) {
      bind(statement, arguments);
      statement.addBatch();
      if (++waiting == changesAtOnce) {
        statement.executeBatch();
        waiting = 0;
      }
    }
    if (waiting > 0) {
      statement.executeBatch();
    }
    putBack(sql, statement);
  }

  /** One that nobody uses; where it fails, its connection is closed, and it with that. */
  private PreparedStatement take(String sql) throws SQLException {
    PreparedStatement kept = idle.remove(sql);
    return kept != null ? kept : connection.prepareStatement(sql);
  }

  private void putBack(String sql, PreparedStatement statement) throws SQLException {
    if (idle.size() >= STATEMENTS_MAX || idle.putIfAbsent(sql, statement) != null) {
      statement.close();
    }
  }

  /** The transaction is over. */
  void close() {
    for (PreparedStatement statement : idle.values()) {
      try {
        statement.close();
      } catch (SQLException e) {
        // Its connection has gone, and it with that.
      }
    }
    idle.clear();
  }

  private void bind(PreparedStatement statement, Object... arguments) throws SQLException {
    for (int i = 0; i < arguments.length; i++) {
      bind(statement, i + 1, arguments[i]);
    }
  }

  private void bind(PreparedStatement statement, int at, Object argument) throws SQLException {
    switch (argument) {
      case String text -> statement.setString(at, text);
      case Long whole -> statement.setLong(at, whole);
      case Integer whole -> statement.setLong(at, whole);
      case Boolean flag -> statement.setLong(at, flag ? 1 : 0);
      case Instant moment -> statement.setLong(at, moment.toEpochMilli());
      case BigDecimal decimal -> decimal(statement, at, decimal);
      case byte[] bytes -> statement.setBytes(at, bytes);
      case Optional<?> some -> {
        if (some.isPresent()) {
          bind(statement, at, some.get());
        } else {
          statement.setNull(at, Types.NULL);
        }
      }
      default ->
          throw new IllegalArgumentException("cannot store a " + argument.getClass().getName());
    }
  }

  private void decimal(PreparedStatement statement, int at, BigDecimal decimal)
      throws SQLException {
    switch (dialect) {
      case SQLITE -> statement.setString(at, decimal.toPlainString());
      case POSTGRES -> statement.setBigDecimal(at, decimal);
    }
  }
}
