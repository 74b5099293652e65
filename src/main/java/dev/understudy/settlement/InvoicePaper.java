package dev.understudy.settlement;

import dev.understudy.money.Money;
import dev.understudy.settlement.Invoice.Item;
import dev.understudy.settlement.InvoiceDesk.Issued;
import dev.understudy.settlement.Paper.Block;
import dev.understudy.settlement.Paper.Column;
import dev.understudy.settlement.Paper.Field;
import dev.understudy.settlement.Paper.Row;
import dev.understudy.settlement.StatementStore.Kind;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** An invoice, or a credit note, as a document for people and as a table for programs. */
public final class InvoicePaper {
  private InvoicePaper() {}

  /** Its files. */
  public static List<Path> write(
      Issued issued, Tariff.Issuer issuer, String name, List<String> address, Path folder)
      throws IOException {
    String file =
        issued.number().isEmpty()
            ? "%s-%s-draft".formatted(issued.invoice().customer(), issued.invoice().period())
            : issued.number();
    return StatementFiles.write(
        of(issued, Invoice.Names.of(issuer, name, address)),
        csv(issued),
        issued.invoice().json(issued.number()),
        issued.madeAt(),
        folder,
        file);
  }

  /**
   * The document.
   *
   * @param now the names of today, for what was not issued under others
   */
  public static Paper of(Issued issued, Invoice.Names now) {
    Invoice invoice = issued.invoice();
    Invoice.Names names = invoice.names().orElse(now);
    boolean back = issued.kind() == Kind.CREDIT_NOTE;
    String title =
        issued.number().isEmpty()
            ? "Draft of an invoice"
            : (back ? "Credit note " : "Invoice ") + issued.number();
    var fields = new ArrayList<Field>();
    fields.add(new Field("From", lines(names.issuer(), names.issuerAddress())));
    if (!names.taxId().isEmpty()) {
      fields.add(new Field("Tax number", names.taxId()));
    }
    fields.add(new Field("To", lines(names.name(), names.address())));
    fields.add(new Field("Date", issued.madeAt().atZone(ZoneOffset.UTC).toLocalDate().toString()));
    fields.add(
        new Field(
            "Service",
            "%s to %s".formatted(invoice.period().atDay(1), invoice.period().atEndOfMonth())));
    if (back) {
      fields.add(new Field("Of invoice", invoice.reference()));
      fields.add(new Field("Reason", invoice.reason()));
    }
    boolean labelled = invoice.lines().stream().anyMatch(line -> !line.label().isEmpty());
    var columns = new ArrayList<Column>();
    if (labelled) {
      columns.add(new Column("for", 14, false));
    }
    columns.add(new Column("model", 26, false));
    columns.add(new Column("item", 20, false));
    columns.add(new Column("quantity", 16, true));
    columns.add(new Column("each", 14, true));
    columns.add(new Column("net", 18, true));
    var rows = new ArrayList<Row>();
    for (Item line : invoice.lines()) {
      rows.add(
          row(
              labelled,
              List.of(
                  line.label(),
                  line.model(),
                  line.item(),
                  line.quantity().signum() == 0 ? "" : StatementPaper.grouped(line.quantity()),
                  line.each().map(each -> each.stripTrailingZeros().toPlainString()).orElse(""),
                  StatementPaper.figure(line.net())),
              false));
    }
    rows.add(sum(labelled, "Net", StatementPaper.figure(invoice.net())));
    invoice
        .taxRate()
        .ifPresent(rate ->
            rows.add(
                sum(
                    labelled,
                    "Tax, " + rate.movePointRight(2).stripTrailingZeros().toPlainString() + " %",
                    StatementPaper.figure(invoice.tax()))));
    rows.add(
        sum(labelled, back ? "Given back" : "To be paid", StatementPaper.figure(invoice.total())));
    return new Paper(
        title,
        "",
        fields,
        blocks(
            new Block(back ? "What is given back" : "What was used", "", columns, rows), invoice),
        issued.doubts());
  }

  private static List<Block> blocks(Block lines, Invoice invoice) {
    List<Exchange> exchanged = invoice.exchanged().orElse(List.of());
    if (exchanged.isEmpty()) {
      return List.of(lines);
    }
    return List.of(
        lines,
        new Block(
            "Exchanged within these lines",
            "",
            List.of(
                new Column("amount", 60, false),
                new Column("rate", 14, true),
                new Column("comes to", 18, true)),
            exchanged.stream()
                .map(one ->
                    new Row(
                        List.of(
                            one.text(),
                            one.rate().rate().stripTrailingZeros().toPlainString(),
                            StatementPaper.figure(Money.of(one.worth(), one.rate().to()))),
                        false))
                .toList()));
  }

  private static Row row(boolean labelled, List<String> cells, boolean strong) {
    return new Row(labelled ? cells : cells.subList(1, cells.size()), strong);
  }

  private static Row sum(boolean labelled, String name, String amount) {
    return row(
        labelled, List.of(labelled ? name : "", labelled ? "" : name, "", "", "", amount), true);
  }

  private static String lines(String name, List<String> address) {
    return address.isEmpty() ? name : name + ", " + String.join(", ", address);
  }

  /** A row for each line, one for the tax, and one for each rate of exchange. */
  static String csv(Issued issued) {
    Invoice invoice = issued.invoice();
    var out = new StringBuilder();
    out.append(
        Csv.line(
            List.of(
                "number",
                "kind",
                "customer",
                "period",
                "reference",
                "label",
                "model",
                "item",
                "quantity",
                "each",
                "exact",
                "net",
                "currency")));
    for (Item line : invoice.lines()) {
      out.append(
          csv(
              issued,
              List.of(
                  line.label(),
                  line.model(),
                  line.item(),
                  line.quantity().toPlainString(),
                  line.each().map(BigDecimal::toPlainString).orElse(""),
                  line.exact().amount().toPlainString(),
                  line.net().amount().toPlainString())));
    }
    if (invoice.taxRate().isPresent()) {
      String tax = invoice.tax().amount().toPlainString();
      out.append(csv(issued, List.of("", "", "tax", "", "", tax, tax)));
    }
    for (Exchange one : invoice.exchanged().orElse(List.of())) {
      // Within the lines already: neither exact nor net, so that a column still sums up.
      out.append(
          csv(
              issued,
              List.of(
                  one.text(),
                  "",
                  "fx",
                  one.amount().toPlainString(),
                  one.rate().rate().toPlainString(),
                  "",
                  "")));
    }
    return out.toString();
  }

  private static String csv(Issued issued, List<String> rest) {
    Invoice invoice = issued.invoice();
    var cells =
        new ArrayList<>(
            List.of(
                issued.number(),
                issued.kind() == Kind.INVOICE ? "invoice" : "credit note",
                invoice.customer(),
                invoice.period().toString(),
                invoice.reference()));
    cells.addAll(rest);
    cells.add(invoice.currency().getCurrencyCode());
    return Csv.line(cells);
  }
}
