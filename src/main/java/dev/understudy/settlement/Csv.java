package dev.understudy.settlement;

import java.util.ArrayList;
import java.util.List;

/** Tables with commas, as RFC 4180 writes them. */
final class Csv {
  private Csv() {}

  /** A row, and the line it begins in. */
  record Row(int line, List<String> fields) {}

  /**
   * Rows of fields; empty lines are none.
   *
   * @throws IllegalArgumentException if a quote is not closed, or stands where none may; the
   *     message begins with the line
   */
  static List<Row> read(String text) {
    var rows = new ArrayList<Row>();
    var fields = new ArrayList<String>();
    var field = new StringBuilder();
    boolean quoted = false;
    boolean wasQuoted = false;
    int line = 1;
    int begins = 1;
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : '\n';
      if (i == text.length() && quoted) {
        throw new IllegalArgumentException(begins + ": a quote is not closed");
      }
      if (quoted) {
        if (c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
          field.append('"');
          i++;
        } else if (c == '"') {
          quoted = false;
          wasQuoted = true;
        } else {
          field.append(c);
        }
        line += c == '\n' ? 1 : 0;
      } else if (c == '"' && field.isEmpty() && !wasQuoted) {
        quoted = true;
      } else if (c == '"') {
        throw new IllegalArgumentException(line + ": a quote within a field that has none around");
      } else if (c == ',') {
        fields.add(field.toString());
        field.setLength(0);
        wasQuoted = false;
      } else if (c == '\n') {
        if (!fields.isEmpty() || !field.isEmpty() || wasQuoted) {
          fields.add(field.toString());
          rows.add(new Row(begins, List.copyOf(fields)));
        }
        fields.clear();
        field.setLength(0);
        wasQuoted = false;
        begins = ++line;
      } else if (c != '\r' || i + 1 == text.length() || text.charAt(i + 1) != '\n') {
        if (wasQuoted) {
          throw new IllegalArgumentException(line + ": text behind a closing quote");
        }
        field.append(c);
      }
    }
    return rows;
  }

  /** A row as a line, with quotes where they are needed. */
  static String line(List<String> fields) {
    var line = new StringBuilder();
    for (int i = 0; i < fields.size(); i++) {
      String field = fields.get(i);
      line.append(i == 0 ? "" : ",");
      boolean quotes = field.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
      line.append(quotes ? '"' + field.replace("\"", "\"\"") + '"' : field);
    }
    return line.append("\r\n").toString();
  }
}
