package dev.understudy.store;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** One row of what a query found; columns count from 1. */
public final class Row {
  private final ResultSet set;

  Row(ResultSet set) {
    this.set = set;
  }

  /** Makes something of a row. */
  @FunctionalInterface
  public interface Reader<T> {
    T read(Row row) throws SQLException;
  }

  public String text(int column) throws SQLException {
    String value = set.getString(column);
    if (value == null) {
      throw new SQLException("column " + column + " is null");
    }
    return value;
  }

  public Optional<String> textIfAny(int column) throws SQLException {
    return Optional.ofNullable(set.getString(column));
  }

  public long whole(int column) throws SQLException {
    return set.getLong(column);
  }

  public Optional<Long> wholeIfAny(int column) throws SQLException {
    long value = set.getLong(column);
    return set.wasNull() ? Optional.empty() : Optional.of(value);
  }

  /** An exact number, which SQLite keeps as text. */
  public BigDecimal decimal(int column) throws SQLException {
    return new BigDecimal(text(column));
  }

  /** A moment, which is kept in milliseconds since 1970. */
  public Instant moment(int column) throws SQLException {
    return Instant.ofEpochMilli(set.getLong(column));
  }

  public Optional<Instant> momentIfAny(int column) throws SQLException {
    return wholeIfAny(column).map(Instant::ofEpochMilli);
  }

  public byte[] bytes(int column) throws SQLException {
    byte[] value = set.getBytes(column);
    if (value == null) {
      throw new SQLException("column " + column + " is null");
    }
    return value;
  }
}
