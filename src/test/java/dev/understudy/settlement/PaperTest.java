package dev.understudy.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.money.Money;
import dev.understudy.settlement.Paper.Block;
import dev.understudy.settlement.Paper.Column;
import dev.understudy.settlement.Paper.Field;
import dev.understudy.settlement.Paper.Row;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PaperTest {
  private static final Instant NOW = Instant.parse("2026-11-03T08:00:00Z");

  @Test
  void escapesWhatStrangersMayHaveWritten() {
    String html =
        PaperHtml.of(
            paper("<script>alert(1)</script>", List.of(new Row(List.of("a & \"b\"", "1"), false))));

    assertThat(html)
        .doesNotContain("<script>")
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
        .contains("<td>a &amp; &quot;b&quot;</td><td class=\"f\">1</td>");
  }

  @Test
  void escapesParenthesesAndLettersOfEuropeInPdf() {
    assertThat(PdfFont.string("a (b) \\ é € 中")).isEqualTo("(a \\(b\\) \\\\ \\351 \\200 ?)");
    assertThat(PdfFont.HELVETICA.width("1,234.50", 10)).isEqualTo(6 * 5.56 + 2 * 2.78);
  }

  /**
   * Without a parser: every object stands where the table says, every stream is as long as said.
   */
  @Test
  void everyObjectOfAPdfStandsWhereItsTableSays() {
    String pdf = pdf(long_());

    Matcher start = Pattern.compile("startxref\n(\\d+)\n%%EOF\n$").matcher(pdf);
    assertThat(start.find()).isTrue();
    int table = Integer.parseInt(start.group(1));
    assertThat(pdf.substring(table)).startsWith("xref\n0 ");
    Matcher entries = Pattern.compile("(\\d{10}) 00000 n \n").matcher(pdf.substring(table));
    int number = 0;
    while (entries.find()) {
      number++;
      assertThat(pdf.substring(Integer.parseInt(entries.group(1)))).startsWith(number + " 0 obj\n");
    }
    assertThat(pdf).contains("/Size " + (number + 1));
    Matcher streams =
        Pattern.compile("<< /Length (\\d+) >>\nstream\n(.*?)endstream", Pattern.DOTALL)
            .matcher(pdf);
    int pages = 0;
    while (streams.find()) {
      pages++;
      assertThat(streams.group(2)).hasSize(Integer.parseInt(streams.group(1)));
    }
    assertThat(pages).isGreaterThan(3);
    assertThat(pdf).contains("/Count " + pages).contains("page 2 of " + pages);
  }

  @Test
  void noTextOfAPdfStandsBeyondItsPage() {
    Matcher places = Pattern.compile(" (-?[\\d.]+) (-?[\\d.]+) Td").matcher(pdf(long_()));
    int texts = 0;
    while (places.find()) {
      texts++;
      assertThat(Double.parseDouble(places.group(1))).isBetween(40.0, 560.0);
      assertThat(Double.parseDouble(places.group(2))).isBetween(20.0, 800.0);
    }
    assertThat(texts).isGreaterThan(400);
  }

  @Test
  void aReaderOfPdfFindsTheTextInIt(@TempDir Path folder) throws Exception {
    Path tool = Path.of("/usr/bin/pdftotext");
    assumeTrue(Files.exists(tool), "no pdftotext on this machine");
    Path file = folder.resolve("p.pdf");
    Files.write(file, PaperPdf.of(long_(), NOW));
    Process process =
        new ProcessBuilder(tool.toString(), "-layout", file.toString(), "-")
            .redirectErrorStream(true)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isZero();
    assertThat(text).contains("Größe (1)").contains("row 199").doesNotContain("Error");
  }

  @Test
  void figuresHaveTheDecimalsOfTheirCurrencyAndMarksBetweenThousands() {
    assertThat(StatementPaper.figure(Money.parse("1234567.5 USD"))).isEqualTo("1,234,567.50 USD");
    assertThat(StatementPaper.figure(Money.parse("-123456 USD"))).isEqualTo("-123,456.00 USD");
    assertThat(StatementPaper.figure(Money.parse("1234 JPY"))).isEqualTo("1,234 JPY");
    assertThat(StatementPaper.figure(Money.parse("0.066 USD"))).isEqualTo("0.066 USD");
  }

  private static String pdf(Paper paper) {
    return new String(PaperPdf.of(paper, NOW), StandardCharsets.US_ASCII);
  }

  private static Paper long_() {
    var rows = new ArrayList<Row>();
    for (int i = 0; i < 200; i++) {
      rows.add(
          new Row(
              List.of(
                  i % 40 == 0 ? "many words ".repeat(12) + "x".repeat(150) : "row " + i, "1.00"),
              i % 7 == 0));
    }
    return paper("Größe (1)", rows);
  }

  private static Paper paper(String title, List<Row> rows) {
    return new Paper(
        title,
        "below",
        List.of(new Field("Name", title)),
        List.of(
            new Block(
                "Block",
                "a line",
                List.of(new Column("text", 70, false), new Column("amount", 30, true)),
                rows)),
        List.of("a note"));
  }
}
