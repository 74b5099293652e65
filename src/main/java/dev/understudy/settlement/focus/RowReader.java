package dev.understudy.settlement.focus;

import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.io.Closeable;
import java.io.IOException;
import java.io.PushbackReader;
import java.io.Reader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads a dataset row by row, as comma-separated values or as lines of JSON, however large it is.
 *
 * <p>Of text, {@code NULL} and {@code null} are no value, as the specification's own examples have
 * them. Of lines of JSON, the first says which columns there are.
 */
public final class RowReader implements Closeable {
  /** The longest row, in characters. */
  public static final int ROW_MAX = 1 << 20;

  private static final int BYTE_ORDER_MARK = 0xFEFF;

  private final PushbackReader in;
  private final boolean json;
  private final Header header;
  private final @Nullable String first;
  private boolean firstRead;
  private long line = 1;
  private long begun = 1;

  private RowReader(PushbackReader in, boolean json) throws IOException {
    this.in = in;
    this.json = json;
    if (json) {
      String text = jsonLine();
      if (text == null) {
        throw new IllegalArgumentException("the file is empty");
      }
      first = text;
      header = new Header(new ArrayList<>(object(text).propertyNames()));
    } else {
      first = null;
      List<@Nullable String> names = record();
      if (names.isEmpty()) {
        throw new IllegalArgumentException("the file is empty");
      }
      var heads = new ArrayList<String>();
      for (String name : names) {
        heads.add(name == null ? "" : name);
      }
      header = new Header(heads);
    }
  }

  /**
   * Reads the head.
   *
   * @param in closed with this
   * @throws IllegalArgumentException if it is no dataset, with the line
   */
  public static RowReader of(Reader in, boolean json) throws IOException {
    var pushed = new PushbackReader(in, 2);
    int mark = pushed.read();
    if (mark != BYTE_ORDER_MARK && mark >= 0) {
      pushed.unread(mark);
    }
    return new RowReader(pushed, json);
  }

  /** Whether a file's name says that it holds lines of JSON. */
  public static boolean isJson(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".jsonl") || lower.endsWith(".ndjson") || lower.endsWith(".json");
  }

  public Header header() {
    return header;
  }

  /**
   * The next row; empty at the end.
   *
   * @throws IllegalArgumentException if it is none, with its line
   */
  public Optional<Row> next() throws IOException {
    return json ? nextJson() : nextText();
  }

  private Optional<Row> nextText() throws IOException {
    List<@Nullable String> values = record();
    if (values.isEmpty()) {
      return Optional.empty();
    }
    int columns = header.names().size();
    if (values.size() != columns) {
      throw new IllegalArgumentException(
          "row %d has %d values under %d columns".formatted(begun, values.size(), columns));
    }
    return Optional.of(new Row(header, begun, values.toArray(new @Nullable String[0]), ""));
  }

  /** One record; empty at the end. Blank lines are none. */
  private List<@Nullable String> record() throws IOException {
    var values = new ArrayList<@Nullable String>();
    var cell = new StringBuilder();
    boolean quoted = false;
    boolean wasQuoted = false;
    long length = 0;
    begun = line;
    while (true) {
      int c = in.read();
      if (c >= 0 && ++length > ROW_MAX) {
        throw new IllegalArgumentException(
            "row %d is longer than %d characters".formatted(begun, ROW_MAX));
      }
      if (quoted) {
        if (c < 0) {
          throw new IllegalArgumentException("row %d: a quote is never closed".formatted(begun));
        }
        if (c == '\n') {
          line++;
        }
        if (c != '"') {
          cell.append((char) c);
          continue;
        }
        int next = in.read();
        if (next == '"') {
          cell.append('"');
        } else {
          quoted = false;
          if (next >= 0) {
            in.unread(next);
          }
        }
        continue;
      }
      switch (c) {
        case '"' -> {
          if (!cell.isEmpty() || wasQuoted) {
            throw new IllegalArgumentException("row %d: a quote within a value".formatted(begun));
          }
          quoted = true;
          wasQuoted = true;
        }
        case ',' -> {
          values.add(value(cell));
          wasQuoted = false;
        }
        case '\r' -> {
          int next = in.read();
          if (next >= 0) {
            in.unread(next);
          }
          if (next != '\n' && next >= 0) {
            cell.append('\r');
          }
        }
        case '\n', -1 -> {
          if (c == '\n') {
            line++;
          }
          if (values.isEmpty() && cell.isEmpty() && !wasQuoted) {
            if (c < 0) {
              return List.of();
            }
            begun = line;
            continue;
          }
          values.add(value(cell));
          return values;
        }
        default -> {
          if (wasQuoted) {
            throw new IllegalArgumentException(
                "row %d: text behind a closing quote".formatted(begun));
          }
          cell.append((char) c);
        }
      }
    }
  }

  private static @Nullable String value(StringBuilder cell) {
    String text = cell.toString();
    cell.setLength(0);
    return text.isEmpty() || text.equals("NULL") || text.equals("null") ? null : text;
  }

  private Optional<Row> nextJson() throws IOException {
    String text = first != null && !firstRead ? first : jsonLine();
    firstRead = true;
    if (text == null) {
      return Optional.empty();
    }
    JsonNode object = object(text);
    var values = new @Nullable String[header.names().size()];
    var types = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      JsonNode value = object.path(header.names().get(i));
      values[i] = value.isMissingNode() || value.isNull() ? null : text(value);
      types.append(type(value));
    }
    for (String name : new LinkedHashSet<>(object.propertyNames())) {
      if (!header.has(name)) {
        throw new IllegalArgumentException(
            "row %d has a member that the first row has not".formatted(begun));
      }
    }
    return Optional.of(new Row(header, begun, values, types.toString()));
  }

  private static String text(JsonNode value) {
    if (value.isString()) {
      return value.stringValue();
    }
    if (value.isNumber()) {
      BigDecimal number = value.decimalValue();
      return Math.abs((long) number.scale()) > ROW_MAX ? number.toString() : number.toPlainString();
    }
    return Json.text(value);
  }

  private static char type(JsonNode value) {
    if (value.isString()) {
      return 's';
    }
    if (value.isNumber()) {
      return 'n';
    }
    return value.isBoolean() ? 'b' : value.isContainer() ? 'o' : '-';
  }

  private JsonNode object(String text) {
    try {
      JsonNode read = Json.parse(text);
      if (read.isObject()) {
        return read;
      }
    } catch (Malformed e) {
      throw new IllegalArgumentException("row %d: not one JSON object".formatted(begun), e);
    }
    throw new IllegalArgumentException("row %d: not one JSON object".formatted(begun));
  }

  private @Nullable String jsonLine() throws IOException {
    var text = new StringBuilder();
    begun = line;
    while (true) {
      int c = in.read();
      if (c < 0 || c == '\n') {
        line++;
        if (!text.toString().isBlank()) {
          return text.toString();
        }
        if (c < 0) {
          return null;
        }
        text.setLength(0);
        begun = line;
      } else if (text.length() >= ROW_MAX) {
        throw new IllegalArgumentException(
            "row %d is longer than %d characters".formatted(begun, ROW_MAX));
      } else {
        text.append((char) c);
      }
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
