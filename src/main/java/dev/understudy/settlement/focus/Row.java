package dev.understudy.settlement.focus;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One row of a dataset: a text, or nothing, under each column. */
public final class Row {
  private final Header header;
  private final @Nullable String[] values;

  /** What kind of value a file with types has, one letter a column; empty for text alone. */
  private final String types;

  private final long line;

  /**
   * Makes one.
   *
   * @param line where it begins in the file, from 1
   * @param values under the columns in their order; a null is no value
   * @param types {@code s} for a text, {@code n} a number, {@code b} true or false, {@code o} an
   *     object or array, {@code -} nothing; empty where values have no types
   */
  Row(Header header, long line, @Nullable String[] values, String types) {
    this.header = header;
    this.line = line;
    this.values = values;
    this.types = types;
  }

  /** A row of texts; {@code ""} is no value. */
  static Row of(Header header, List<String> texts) {
    var values = new @Nullable String[header.names().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = texts.get(i).isEmpty() ? null : texts.get(i);
    }
    return new Row(header, 0, values, "");
  }

  public Header header() {
    return header;
  }

  public long line() {
    return line;
  }

  /** The value under a column; empty where there is none, or no such column. */
  public Optional<String> get(String column) {
    return Optional.ofNullable(at(column));
  }

  Optional<String> get(int index) {
    return Optional.ofNullable(values[index]);
  }

  private @Nullable String at(String column) {
    int index = header.indexOf(column);
    return index < 0 ? null : values[index];
  }

  /** Whether the value under a column is this text; without a value it is none. */
  boolean is(String column, String value) {
    return value.equals(at(column));
  }

  boolean isNull(String column) {
    return at(column) == null;
  }

  /** The kind of a value in a file with types; a space where there are none. */
  char type(int index) {
    return types.isEmpty() ? ' ' : types.charAt(index);
  }
}
