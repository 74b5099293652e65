package dev.understudy.settlement.focus;

import dev.understudy.exchange.Facts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Currency;
import java.util.Map;

/**
 * Writes the dataset Cost and Usage from the records of calls and from what was bought, charged and
 * invoiced beside them.
 *
 * <p>A row is one item of one kind of call in one hour or day. Amounts are exact: a price is for a
 * million tokens and the quantity in millions, so that their product is the cost to the last digit.
 * What is shared out (an hour of capacity among calls) has {@value #DECIMALS} decimals, and the
 * shares sum to the whole.
 */
public final class CostAndUsage {
  /** Decimals of what is shared out. */
  static final int DECIMALS = 12;

  /** Different rows of one hour or day; beyond this, names of routes or models are made up. */
  static final int ROWS_MAX = 500_000;

  private final Billing billing;
  private final CostRows kit;
  private final ListPrices lists;
  private final Corrections corrections;
  private final Instant now;

  /** Takes rows one by one: a value under each column that has one. */
  @FunctionalInterface
  public interface Rows {
    void add(Map<String, String> row) throws IOException;
  }

  /**
   * What was written.
   *
   * @param suspense how many rows have no price
   * @param billed by currency
   */
  public record Written(long rows, long suspense, Map<Currency, BigDecimal> billed) {}

  /**
   * Makes a writer.
   *
   * @param now what has not begun by then is no charge: hours of capacity to come, and floors of
   *     months that are not over
   */
  public CostAndUsage(
      Billing billing, Parties parties, ListPrices lists, Corrections corrections, Instant now) {
    this.billing = billing;
    this.kit = new CostRows(billing, parties);
    this.lists = lists;
    this.corrections = corrections;
    this.now = now;
  }

  /**
   * Writes the rows whose charges begin in a span.
   *
   * @param from a whole hour, with days a midnight in UTC
   * @param until likewise
   * @param grain hours or days; capacity goes by hours either way
   * @throws IllegalArgumentException if the span does not fit the grain, or what was bought cannot
   *     be told apart from it
   */
  public Written write(Facts facts, Instant from, Instant until, Facts.Grain grain, Rows rows)
      throws IOException {
    ChronoUnit unit = grain == Facts.Grain.HOUR ? ChronoUnit.HOURS : ChronoUnit.DAYS;
    if (!from.isBefore(until)
        || !from.truncatedTo(unit).equals(from)
        || !until.truncatedTo(unit).equals(until)) {
      throw new IllegalArgumentException(
          "a span from %s to %s is not made of whole %s"
              .formatted(from, until, unit == ChronoUnit.HOURS ? "hours" : "days in UTC"));
    }
    var out = new Passing(rows);
    var bought = new BoughtRows(billing, kit, facts, from, until, now, out);
    var uses =
        new UseRows(
            kit,
            lists,
            corrections,
            billing.capacity(),
            now,
            from,
            Duration.of(1, unit),
            bought,
            bought.write(),
            out);
    try {
      facts.each(
          from,
          until,
          fact -> {
            try {
              uses.use(fact);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    uses.advance(until);
    return out.written();
  }
}
