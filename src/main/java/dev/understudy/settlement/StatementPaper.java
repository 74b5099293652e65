package dev.understudy.settlement;

import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.settlement.Line.Item;
import dev.understudy.settlement.Paper.Block;
import dev.understudy.settlement.Paper.Column;
import dev.understudy.settlement.Paper.Field;
import dev.understudy.settlement.Paper.Row;
import java.math.BigDecimal;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A statement as a document for people, and as a table for programs. */
public final class StatementPaper {
  private static final List<Column> COLUMNS =
      List.of(
          new Column("", 46, false),
          new Column("rate", 12, true),
          new Column("of", 21, true),
          new Column("amount", 21, true));
  private static final Set<Item> STRONG = Set.of(Item.BASE, Item.SHARE, Item.DUE, Item.PURCHASE);

  private StatementPaper() {}

  /** The document. */
  public static Paper of(SettlementDesk.Made made) {
    Statement statement = made.statement();
    var blocks = new ArrayList<Block>();
    var due = new ArrayList<Row>();
    statement
        .due()
        .forEach((pair, amount) ->
            due.add(
                amount.sign() > 0
                    ? new Row(List.of(pair.payer(), pair.payee(), figure(amount)), true)
                    : new Row(List.of(pair.payee(), pair.payer(), figure(amount.negate())), true)));
    if (due.isEmpty()) {
      due.add(new Row(List.of("nobody", "nobody", figure(Money.zero(statement.currency()))), true));
    }
    blocks.add(
        new Block(
            "Due",
            "",
            List.of(
                new Column("from", 35, false),
                new Column("to", 35, false),
                new Column("amount", 30, true)),
            due));
    for (Section section : statement.sections()) {
      var rows = new ArrayList<Row>();
      for (Line line : section.lines()) {
        rows.add(
            new Row(
                List.of(
                    line.text(),
                    line.rate().map(StatementPaper::plain).orElse(""),
                    line.quantity().map(StatementPaper::grouped).orElse(""),
                    line.amount().isZero() && line.quantity().isPresent() && !line.adds()
                        ? ""
                        : figure(line.amount())),
                STRONG.contains(line.item())));
      }
      blocks.add(
          new Block(
              "%s: %s".formatted(section.clause(), title(section)),
              section.from().equals(statement.from()) && section.until().equals(statement.until())
                  ? section.basis()
                  : "%s, from %s to %s".formatted(section.basis(), section.from(), section.until()),
              COLUMNS,
              rows));
    }
    var notes = new ArrayList<>(statement.events());
    notes.addAll(statement.doubts());
    return new Paper(
        "Statement %s, %s".formatted(statement.contract(), statement.period()),
        made.revision() == 1
            ? ""
            : "Revision %d, in place of all before".formatted(made.revision()),
        List.of(
            new Field("Contract", statement.contract()),
            new Field("Period", "%s to %s".formatted(statement.from(), statement.until())),
            new Field("Revision", String.valueOf(made.revision())),
            new Field("Made", made.madeAt().truncatedTo(ChronoUnit.SECONDS).toString()),
            new Field("Currency", statement.currency().getCurrencyCode())),
        blocks,
        notes);
  }

  private static String title(Section section) {
    return "%s, %s to %s".formatted(section.kind().word(), section.payer(), section.payee());
  }

  /** A row for each line. */
  public static String csv(SettlementDesk.Made made) {
    var out = new StringBuilder();
    out.append(
        Csv.line(
            List.of(
                "contract",
                "period",
                "revision",
                "kind",
                "clause",
                "version",
                "from",
                "until",
                "payer",
                "payee",
                "item",
                "text",
                "rate",
                "quantity",
                "amount",
                "currency",
                "adds")));
    for (Section section : made.statement().sections()) {
      for (Line line : section.lines()) {
        out.append(
            Csv.line(
                List.of(
                    made.statement().contract(),
                    made.statement().period().toString(),
                    String.valueOf(made.revision()),
                    section.kind().word(),
                    section.clause(),
                    String.valueOf(section.version()),
                    section.from().toString(),
                    section.until().toString(),
                    section.payer(),
                    section.payee(),
                    line.item().word(),
                    line.text(),
                    line.rate().map(BigDecimal::toPlainString).orElse(""),
                    line.quantity().map(BigDecimal::toPlainString).orElse(""),
                    line.amount().amount().toPlainString(),
                    line.amount().currency().getCurrencyCode(),
                    String.valueOf(line.adds()))));
      }
    }
    return out.toString();
  }

  /** With the decimals of its currency at the least, and marks between thousands. */
  static String figure(Money amount) {
    String plain = amount.amount().toPlainString();
    int point = plain.indexOf('.');
    int has = point < 0 ? 0 : plain.length() - point - 1;
    int wants = Currencies.decimals(amount.currency());
    String padded = has >= wants ? plain : plain + (point < 0 ? "." : "") + "0".repeat(wants - has);
    return grouped(padded) + " " + amount.currency().getCurrencyCode();
  }

  static String grouped(BigDecimal number) {
    return grouped(plain(number));
  }

  private static String grouped(String plain) {
    int point = plain.indexOf('.') < 0 ? plain.length() : plain.indexOf('.');
    int first = plain.startsWith("-") ? 1 : 0;
    var out = new StringBuilder(plain);
    for (int at = point - 3; at > first; at -= 3) {
      out.insert(at, ',');
    }
    return out.toString();
  }

  private static String plain(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString().toLowerCase(Locale.ROOT);
  }
}
