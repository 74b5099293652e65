package dev.understudy.store;

import dev.understudy.ledger.ExchangeRate;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.settlement.SalesFact;
import dev.understudy.settlement.SalesStore;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Keeps sales and rates of exchange in the database. */
public final class SqlSalesStore implements SalesStore {
  private static final int CONFLICTS_MAX = 20;
  private static final String COLUMNS =
      """
      SELECT source, fact_id, kind, occurred_at, amount, currency, contract, seller, product,
        channel, model, region, segment, customer, reference
      FROM sales_facts
      """;

  private final Database database;

  public SqlSalesStore(Database database) {
    this.database = database;
  }

  @Override
  public Kept keep(List<SalesFact> facts, List<ExchangeRate> rates, Instant receivedAt)
      throws IOException {
    return database.write(session -> {
      SqlLedgerStore.lock(session);
      var conflicts = new ArrayList<String>();
      var fresh = new ArrayList<Object[]>();
      for (SalesFact fact : facts) {
        Optional<SalesFact> kept =
            session.one(
                COLUMNS + "WHERE source = ? AND fact_id = ?",
                SqlSalesStore::fact,
                fact.source(),
                fact.id());
        if (kept.isEmpty()) {
          fresh.add(row(fact, receivedAt));
        } else if (!kept.get().equals(fact)) {
          tell(
              "%s of %s is kept already, as a %s of %s at %s; what changed is told by a new fact"
                  .formatted(
                      fact.id(),
                      fact.source(),
                      kept.get().kind().word(),
                      kept.get().amount(),
                      kept.get().occurredAt()),
              conflicts);
        }
      }
      var freshRates = new ArrayList<Object[]>();
      for (ExchangeRate rate : rates) {
        Optional<ExchangeRate> kept =
            session.one(
                """
                SELECT from_currency, to_currency, rate, day, source FROM exchange_rates
                WHERE from_currency = ? AND to_currency = ? AND day = ?
                """,
                SqlSalesStore::rate,
                rate.from().getCurrencyCode(),
                rate.to().getCurrencyCode(),
                rate.day().toString());
        if (kept.isEmpty()) {
          freshRates.add(
              new Object[] {
                rate.from().getCurrencyCode(),
                rate.to().getCurrencyCode(),
                rate.day().toString(),
                rate.rate().toPlainString(),
                rate.source(),
                receivedAt
              });
        } else if (kept.get().rate().compareTo(rate.rate()) != 0
            || !kept.get().source().equals(rate.source())) {
          tell(
              "from %s to %s on %s, %s by %s is kept already"
                  .formatted(
                      rate.from(),
                      rate.to(),
                      rate.day(),
                      kept.get().rate().toPlainString(),
                      kept.get().source()),
              conflicts);
        }
      }
      int all = facts.size() + rates.size();
      if (!conflicts.isEmpty()) {
        return new Kept(0, all - fresh.size() - freshRates.size() - conflicts.size(), conflicts);
      }
      session.batch(
          """
          INSERT INTO sales_facts (source, fact_id, kind, occurred_at, amount, currency, contract,
            seller, product, channel, model, region, segment, customer, reference, received_at)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
          fresh);
      session.batch(
          """
          INSERT INTO exchange_rates (from_currency, to_currency, day, rate, source, received_at)
          VALUES (?, ?, ?, ?, ?, ?)
          """,
          freshRates);
      int kept = fresh.size() + freshRates.size();
      return new Kept(kept, all - kept, List.of());
    });
  }

  private static void tell(String conflict, List<String> conflicts) {
    if (conflicts.size() < CONFLICTS_MAX) {
      conflicts.add(conflict);
    }
  }

  @Override
  public void each(Instant from, Instant until, Consumer<SalesFact> use) throws IOException {
    database.read(session -> {
      session.each(
          COLUMNS
              + "WHERE occurred_at >= ? AND occurred_at < ? ORDER BY occurred_at, source, fact_id",
          row -> use.accept(fact(row)),
          from,
          until);
      return 0;
    });
  }

  @Override
  public List<ExchangeRate> rates() throws IOException {
    return database.read(session ->
        session.all(
            """
            SELECT from_currency, to_currency, rate, day, source FROM exchange_rates
            ORDER BY day, from_currency, to_currency
            """,
            SqlSalesStore::rate));
  }

  private static Object[] row(SalesFact fact, Instant receivedAt) {
    return new Object[] {
      fact.source(),
      fact.id(),
      fact.kind().word(),
      fact.occurredAt(),
      fact.amount().amount().toPlainString(),
      fact.amount().currency().getCurrencyCode(),
      fact.contract(),
      fact.seller(),
      fact.product(),
      fact.channel(),
      fact.model(),
      fact.region(),
      fact.segment(),
      fact.customer(),
      fact.reference(),
      receivedAt
    };
  }

  private static SalesFact fact(Row row) throws SQLException {
    int kind = SalesFact.Kind.words().indexOf(row.text(3));
    if (kind < 0) {
      throw new SQLException("a fact that is a \"" + row.text(3) + "\" is not known");
    }
    return new SalesFact(
        row.text(1),
        row.text(2),
        SalesFact.Kind.values()[kind],
        row.moment(4),
        Money.of(row.decimal(5), Currencies.of(row.text(6))),
        row.text(7),
        row.text(8),
        row.text(9),
        row.text(10),
        row.text(11),
        row.text(12),
        row.text(13),
        row.text(14),
        row.text(15));
  }

  private static ExchangeRate rate(Row row) throws SQLException {
    return new ExchangeRate(
        Currencies.of(row.text(1)),
        Currencies.of(row.text(2)),
        row.decimal(3),
        LocalDate.parse(row.text(4)),
        row.text(5));
  }
}
