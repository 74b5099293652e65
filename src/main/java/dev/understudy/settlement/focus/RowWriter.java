package dev.understudy.settlement.focus;

import dev.understudy.json.Json;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** Writes a dataset row by row, as comma-separated values or as lines of JSON. */
public final class RowWriter implements CostAndUsage.Rows {
  private final Writer out;
  private final boolean json;
  private final List<String> columns;
  private final Set<String> numbers;
  private final Set<String> objects;

  /** Writes the head, where there is one. */
  public RowWriter(Writer out, RuleBook.Dataset dataset, boolean json) throws IOException {
    this.out = out;
    this.json = json;
    columns = Columns.of(dataset);
    numbers = Columns.numbers(dataset);
    objects = Columns.objects(dataset);
    if (!json) {
      out.write(String.join(",", columns));
      out.write('\n');
    }
  }

  @Override
  public void add(Map<String, String> row) throws IOException {
    if (json) {
      ObjectNode object = Json.object();
      for (String column : columns) {
        member(object, column, row.getOrDefault(column, ""));
      }
      out.write(Json.text(object));
    } else {
      for (int i = 0; i < columns.size(); i++) {
        if (i > 0) {
          out.write(',');
        }
        cell(row.getOrDefault(columns.get(i), ""));
      }
    }
    out.write('\n');
  }

  private void member(ObjectNode object, String column, String value) {
    if (value.isEmpty()) {
      object.putNull(column);
    } else if (numbers.contains(column)) {
      object.put(column, new BigDecimal(value));
    } else if (objects.contains(column)) {
      object.set(column, Json.parse(value));
    } else {
      object.put(column, value);
    }
  }

  private void cell(String value) throws IOException {
    boolean plain = true;
    for (int i = 0; plain && i < value.length(); i++) {
      char c = value.charAt(i);
      plain = c != '"' && c != ',' && c != '\n' && c != '\r';
    }
    if (plain) {
      out.write(value);
    } else {
      out.write('"');
      out.write(value.replace("\"", "\"\""));
      out.write('"');
    }
  }
}
