package dev.understudy.settlement;

import java.util.List;

/** A document as a page that stands alone: no script, nothing to load, fit to print. */
public final class PaperHtml {
  private static final String STYLE =
      """
      body{font:14px/1.45 system-ui,sans-serif;color:#1a1a1a;max-width:60rem;margin:2rem auto;padding:0 1rem}
      h1{font-size:1.5rem;margin:0}h2{font-size:1.05rem;margin:2rem 0 0}
      p{margin:.2rem 0 .6rem;color:#555}dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1.5rem;margin:1rem 0}
      dt{color:#555}dd{margin:0}table{border-collapse:collapse;width:100%}
      th{font-weight:600;text-align:left;color:#555;border-bottom:1px solid #999;padding:.25rem .5rem}
      td{border-bottom:1px solid #e5e5e5;padding:.25rem .5rem;vertical-align:top;overflow-wrap:anywhere}
      .f{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}tr.s td{font-weight:600;border-bottom-color:#999}
      ul{padding-left:1.2rem;color:#555}
      @media print{body{margin:0;max-width:none}h2{break-after:avoid}tr{break-inside:avoid}}
      """;

  private PaperHtml() {}

  /** The page. */
  public static String of(Paper paper) {
    var out = new StringBuilder();
    out.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<title>");
    out.append(escaped(paper.title())).append("</title>\n<style>\n").append(STYLE);
    out.append("</style></head>\n<body>\n<h1>").append(escaped(paper.title())).append("</h1>\n");
    if (!paper.subtitle().isEmpty()) {
      out.append("<p>").append(escaped(paper.subtitle())).append("</p>\n");
    }
    out.append("<dl>\n");
    for (Paper.Field field : paper.fields()) {
      out.append("<dt>").append(escaped(field.name())).append("</dt><dd>");
      out.append(escaped(field.value())).append("</dd>\n");
    }
    out.append("</dl>\n");
    for (Paper.Block block : paper.blocks()) {
      block(block, out);
    }
    if (!paper.notes().isEmpty()) {
      out.append("<ul>\n");
      paper.notes().forEach(note -> out.append("<li>").append(escaped(note)).append("</li>\n"));
      out.append("</ul>\n");
    }
    return out.append("</body></html>\n").toString();
  }

  private static void block(Paper.Block block, StringBuilder out) {
    out.append("<h2>").append(escaped(block.heading())).append("</h2>\n");
    if (!block.line().isEmpty()) {
      out.append("<p>").append(escaped(block.line())).append("</p>\n");
    }
    int all = block.columns().stream().mapToInt(Paper.Column::weight).sum();
    out.append("<table><colgroup>");
    for (Paper.Column column : block.columns()) {
      // Tables of one document have their columns one below the other, whatever is in them.
      out.append("<col style=\"width:").append(column.weight() * 100 / all).append("%\">");
    }
    out.append("</colgroup><thead><tr>");
    for (Paper.Column column : block.columns()) {
      out.append(column.figures() ? "<th class=\"f\">" : "<th>");
      out.append(escaped(column.name())).append("</th>");
    }
    out.append("</tr></thead><tbody>\n");
    for (Paper.Row row : block.rows()) {
      out.append(row.strong() ? "<tr class=\"s\">" : "<tr>");
      List<String> cells = row.cells();
      for (int i = 0; i < cells.size(); i++) {
        out.append(block.columns().get(i).figures() ? "<td class=\"f\">" : "<td>");
        out.append(escaped(cells.get(i))).append("</td>");
      }
      out.append("</tr>\n");
    }
    out.append("</tbody></table>\n");
  }

  static String escaped(String text) {
    var out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        default -> out.append(c);
      }
    }
    return out.toString();
  }
}
