package dev.understudy.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A table with commas (RFC 4180), each field with its place. */
public final class CommaTable {
  private final String text;
  private final List<Row> rows = new ArrayList<>();
  private List<Field> row = new ArrayList<>();
  private final StringBuilder field = new StringBuilder();
  private int line = 1;
  private int lineStart;
  private int fieldLine = 1;
  private int fieldColumn = 1;

  private CommaTable(String text) {
    this.text = text;
  }

  /**
   * One field as it reads without its quotes.
   *
   * @param line where it begins, counted from 1
   * @param column likewise, in characters
   */
  public record Field(String text, int line, int column) {}

  /** One row; never without a field. */
  public record Row(List<Field> fields) {
    public Row {
      fields = List.copyOf(fields);
    }

    public List<String> texts() {
      return fields.stream().map(Field::text).toList();
    }
  }

  /**
   * What a text holds.
   *
   * @param open the field whose quote is never closed, and which so holds all the rest
   */
  public record Read(List<Row> rows, Optional<Field> open) {
    public Read {
      rows = List.copyOf(rows);
    }
  }

  /** Rows of fields; a quote doubles inside quotes, and lines may break there. */
  public static List<List<String>> rows(String text) {
    return read(text).rows().stream().map(Row::texts).toList();
  }

  /** The same with places; lines that are empty are no rows. */
  public static Read read(String text) {
    return new CommaTable(text).read();
  }

  private Read read() {
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted) {
        if (c != '"') {
          field.append(c);
        } else if (i + 1 < text.length() && text.charAt(i + 1) == '"') {
          field.append('"');
          i++;
        } else {
          quoted = false;
        }
        if (c == '\n') {
          newLine(i);
        }
      } else if (c == '"' && field.isEmpty()) {
        quoted = true;
      } else if (c == ',') {
        endField(i);
      } else if (c == '\n' || c == '\r') {
        if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
          i++;
        }
        endField(i);
        endRow();
        newLine(i);
        fieldLine = line;
        fieldColumn = 1;
      } else {
        field.append(c);
      }
    }
    Optional<Field> open =
        quoted
            ? Optional.of(new Field(field.toString(), fieldLine, fieldColumn))
            : Optional.empty();
    endField(text.length());
    endRow();
    return new Read(rows, open);
  }

  private void newLine(int end) {
    line++;
    lineStart = end + 1;
  }

  private void endField(int end) {
    row.add(new Field(field.toString(), fieldLine, fieldColumn));
    field.setLength(0);
    fieldLine = line;
    fieldColumn = end - lineStart + 2;
  }

  private void endRow() {
    if (row.size() > 1 || !row.getFirst().text().isEmpty()) {
      rows.add(new Row(row));
    }
    row = new ArrayList<>();
  }
}
