package dev.understudy.settlement;

import java.util.List;

/**
 * A document to send: fields at its head, then tables.
 *
 * @param subtitle empty if there is none
 * @param notes sentences at its end
 */
public record Paper(
    String title, String subtitle, List<Field> fields, List<Block> blocks, List<String> notes) {

  /** One line at the head. */
  public record Field(String name, String value) {}

  /**
   * A column.
   *
   * @param weight how wide it is beside the others
   * @param figures whether it holds figures, which stand to the right
   */
  public record Column(String name, int weight, boolean figures) {}

  /** A row, perhaps a strong one. */
  public record Row(List<String> cells, boolean strong) {
    public Row {
      cells = List.copyOf(cells);
    }
  }

  /** A table with a heading and a line below it. */
  public record Block(String heading, String line, List<Column> columns, List<Row> rows) {
    public Block {
      columns = List.copyOf(columns);
      rows = List.copyOf(rows);
      for (Row row : rows) {
        if (row.cells().size() != columns.size()) {
          throw new IllegalArgumentException(
              "%d cells under %d columns".formatted(row.cells().size(), columns.size()));
        }
      }
    }
  }

  public Paper {
    fields = List.copyOf(fields);
    blocks = List.copyOf(blocks);
    notes = List.copyOf(notes);
  }
}
