package dev.understudy.settlement;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A document as PDF: pages of A4 with tables, in fonts that every reader has. */
public final class PaperPdf {
  private static final double WIDTH = 595;
  private static final double HEIGHT = 842;
  private static final double MARGIN = 50;
  private static final double SIZE = 9;
  private static final double LEADING = 13;
  private static final double PAD = 4;
  private static final String GREY = "0.35 g";
  private static final String BLACK = "0 g";

  private final List<StringBuilder> pages = new ArrayList<>();
  private double y;

  private PaperPdf() {}

  /**
   * The file.
   *
   * @param madeAt told in it
   */
  public static byte[] of(Paper paper, Instant madeAt) {
    var pdf = new PaperPdf();
    pdf.lay(paper);
    return pdf.file(paper, madeAt);
  }

  private void lay(Paper paper) {
    page();
    text(MARGIN, PdfFont.BOLD, 16, paper.title(), BLACK);
    y -= 18;
    if (!paper.subtitle().isEmpty()) {
      text(MARGIN, PdfFont.HELVETICA, SIZE, paper.subtitle(), GREY);
      y -= LEADING;
    }
    y -= 6;
    for (Paper.Field field : paper.fields()) {
      List<String> lines = wrapped(field.value(), PdfFont.HELVETICA, WIDTH - 2 * MARGIN - 110);
      room(lines.size() * LEADING);
      text(MARGIN, PdfFont.HELVETICA, SIZE, field.name(), GREY);
      for (String line : lines) {
        text(MARGIN + 110, PdfFont.HELVETICA, SIZE, line, BLACK);
        y -= LEADING;
      }
    }
    for (Paper.Block block : paper.blocks()) {
      block(block);
    }
    y -= LEADING;
    for (String note : paper.notes()) {
      for (String line : wrapped(note, PdfFont.HELVETICA, WIDTH - 2 * MARGIN)) {
        room(LEADING);
        text(MARGIN, PdfFont.HELVETICA, SIZE, line, GREY);
        y -= LEADING;
      }
    }
  }

  private void block(Paper.Block block) {
    // A heading does not stand alone at the end of a page.
    room(5 * LEADING);
    y -= 1.5 * LEADING;
    text(MARGIN, PdfFont.BOLD, 11, block.heading(), BLACK);
    y -= LEADING;
    for (String line : wrapped(block.line(), PdfFont.HELVETICA, WIDTH - 2 * MARGIN)) {
      if (!line.isEmpty()) {
        text(MARGIN, PdfFont.HELVETICA, SIZE, line, GREY);
        y -= LEADING;
      }
    }
    double[] edges = edges(block.columns());
    head(block, edges);
    for (Paper.Row row : block.rows()) {
      row(block, row, edges);
    }
  }

  private void head(Paper.Block block, double[] edges) {
    row(
        edges,
        block.columns(),
        block.columns().stream().map(Paper.Column::name).toList(),
        PdfFont.BOLD,
        GREY);
    rule(0.5);
  }

  private void row(Paper.Block block, Paper.Row row, double[] edges) {
    PdfFont font = row.strong() ? PdfFont.BOLD : PdfFont.HELVETICA;
    double needed = lines(row.cells(), block.columns(), edges, font) * LEADING;
    if (y - needed < MARGIN + LEADING) {
      page();
      head(block, edges);
    }
    row(edges, block.columns(), row.cells(), font, BLACK);
    if (row.strong()) {
      rule(0.5);
    }
  }

  private int lines(List<String> cells, List<Paper.Column> columns, double[] edges, PdfFont font) {
    int most = 1;
    for (int i = 0; i < cells.size(); i++) {
      most = Math.max(most, cell(cells.get(i), columns.get(i), edges, i, font).size());
    }
    return most;
  }

  private List<String> cell(
      String text, Paper.Column column, double[] edges, int at, PdfFont font) {
    return column.figures()
        ? List.of(text)
        : wrapped(text, font, edges[at + 1] - edges[at] - 2 * PAD);
  }

  private void row(
      double[] edges, List<Paper.Column> columns, List<String> cells, PdfFont font, String colour) {
    double top = y;
    int most = lines(cells, columns, edges, font);
    for (int i = 0; i < cells.size(); i++) {
      y = top;
      for (String line : cell(cells.get(i), columns.get(i), edges, i, font)) {
        double x =
            columns.get(i).figures()
                ? edges[i + 1] - PAD - font.width(line, SIZE)
                : edges[i] + (i == 0 ? 0 : PAD);
        text(x, font, SIZE, line, colour);
        y -= LEADING;
      }
    }
    y = top - most * LEADING;
  }

  private static double[] edges(List<Paper.Column> columns) {
    double all = columns.stream().mapToInt(Paper.Column::weight).sum();
    var edges = new double[columns.size() + 1];
    edges[0] = MARGIN;
    for (int i = 0; i < columns.size(); i++) {
      edges[i + 1] = edges[i] + (WIDTH - 2 * MARGIN) * columns.get(i).weight() / all;
    }
    return edges;
  }

  /** Lines of words that fit a width; a word that is wider is cut. */
  private static List<String> wrapped(String text, PdfFont font, double width) {
    var lines = new ArrayList<String>();
    var line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      String rest = word;
      while (true) {
        String longer = line.isEmpty() ? rest : line + " " + rest;
        if (font.width(longer, SIZE) <= width) {
          line.setLength(0);
          line.append(longer);
          break;
        }
        if (!line.isEmpty()) {
          lines.add(line.toString());
          line.setLength(0);
          continue;
        }
        int fits = rest.length() - 1;
        while (fits > 1 && font.width(rest.substring(0, fits), SIZE) > width) {
          fits--;
        }
        if (fits < 1) {
          line.append(rest);
          break;
        }
        lines.add(rest.substring(0, fits));
        rest = rest.substring(fits);
      }
    }
    lines.add(line.toString());
    return lines;
  }

  private void room(double needed) {
    if (y - needed < MARGIN + LEADING) {
      page();
    }
  }

  private void page() {
    pages.add(new StringBuilder());
    y = HEIGHT - MARGIN - 12;
  }

  private void text(double x, PdfFont font, double size, String text, String colour) {
    if (!text.isEmpty()) {
      pages
          .getLast()
          .append(
              "BT %s /%s %s Tf %s %s Td %s Tj ET\n"
                  .formatted(
                      colour,
                      font.name(),
                      number(size),
                      number(x),
                      number(y),
                      PdfFont.string(text)));
    }
  }

  private void rule(double width) {
    pages
        .getLast()
        .append(
            "0.6 G %s w %s %s m %s %s l S\n"
                .formatted(
                    number(width),
                    number(MARGIN),
                    number(y + LEADING - 3),
                    number(WIDTH - MARGIN),
                    number(y + LEADING - 3)));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  /** Objects one after the other, and where each begins. */
  private byte[] file(Paper paper, Instant madeAt) {
    var objects = new ArrayList<String>();
    int fonts = 3;
    int first = fonts + PdfFont.values().length + 1;
    var kids = new StringBuilder();
    for (int i = 0; i < pages.size(); i++) {
      kids.append(first + 2 * i).append(" 0 R ");
    }
    objects.add("<< /Type /Catalog /Pages 2 0 R /Lang (en) >>");
    objects.add("<< /Type /Pages /Kids [ %s] /Count %d >>".formatted(kids, pages.size()));
    var resources = new StringBuilder();
    for (PdfFont font : PdfFont.values()) {
      resources.append("/%s %d 0 R ".formatted(font.name(), fonts + font.ordinal()));
      objects.add(
          "<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
              .formatted(font.face()));
    }
    String date =
        DateTimeFormatter.ofPattern("yyyyMMddHHmmss", Locale.ROOT)
            .format(madeAt.atZone(ZoneOffset.UTC));
    objects.add(
        "<< /Title %s /Producer (Understudy) /CreationDate (D:%sZ) >>"
            .formatted(PdfFont.string(paper.title()), date));
    for (int i = 0; i < pages.size(); i++) {
      StringBuilder content = pages.get(i);
      String foot = "%s, page %d of %d".formatted(paper.title(), i + 1, pages.size());
      content.append(
          "BT %s /%s 8 Tf %s %s Td %s Tj ET\n"
              .formatted(
                  GREY,
                  PdfFont.HELVETICA.name(),
                  number(MARGIN),
                  number(MARGIN - 20),
                  PdfFont.string(foot)));
      objects.add(
          "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Resources << /Font << %s>> >> /Contents %d 0 R >>"
              .formatted((int) WIDTH, (int) HEIGHT, resources, first + 2 * i + 1));
      objects.add("<< /Length %d >>\nstream\n%sendstream".formatted(content.length(), content));
    }
    var out = new ByteArrayOutputStream();
    var places = new ArrayList<Integer>();
    write("%PDF-1.4\n", out);
    for (int i = 0; i < objects.size(); i++) {
      places.add(out.size());
      write("%d 0 obj\n%s\nendobj\n".formatted(i + 1, objects.get(i)), out);
    }
    int table = out.size();
    write("xref\n0 %d\n0000000000 65535 f \n".formatted(objects.size() + 1), out);
    for (int place : places) {
      write("%010d 00000 n \n".formatted(place), out);
    }
    write(
        "trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n"
            .formatted(objects.size() + 1, fonts + PdfFont.values().length, table),
        out);
    return out.toByteArray();
  }

  /** Only ASCII is written: everything else is escaped in strings. */
  private static void write(String text, ByteArrayOutputStream out) {
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }
}
