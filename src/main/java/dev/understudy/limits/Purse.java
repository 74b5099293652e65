package dev.understudy.limits;

import dev.understudy.access.Budget;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/** One budget of one scope: turns to the next period when the calendar does. */
final class Purse {
  static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000);

  private final String scope;
  private final Budget budget;
  private final ZoneId zone;
  private final Allotment allotment;
  private final SpendingBook book;
  private volatile Present present;

  /** The budget in its present period. */
  record Present(Spending spending, Gauge gauge) {}

  Purse(
      String scope,
      Budget budget,
      ZoneId zone,
      Allotment allotment,
      SpendingBook book,
      long nowMillis) {
    this.scope = scope;
    this.budget = budget;
    this.zone = zone;
    this.allotment = allotment;
    this.book = book;
    this.present = open(nowMillis);
  }

  Budget budget() {
    return budget;
  }

  /** The period that a moment belongs to; a moment before the present one counts as now. */
  Present at(long nowMillis) {
    Present now = present;
    return nowMillis < now.spending().endMillis() ? now : turn(nowMillis);
  }

  private synchronized Present turn(long nowMillis) {
    Present now = present;
    if (nowMillis >= now.spending().endMillis()) {
      allotment.closed(now.gauge());
      now = open(nowMillis);
      present = now;
    }
    return now;
  }

  private Present open(long nowMillis) {
    LocalDate first = budget.period().of(Instant.ofEpochMilli(nowMillis), zone);
    long limit = nanos(budget.amount());
    var share = new Share(allotment.atFirst(limit));
    var spending =
        new Spending(
            budget.period(), first, budget.period().end(first, zone).toEpochMilli(), share);
    var gauge =
        new Gauge(
            Refusal.Kind.BUDGET,
            scope,
            scope + "/" + budget.period().text() + "/" + budget.currency() + "/" + first,
            limit,
            share,
            spending::spent);
    book.restore(scope, budget.currency(), spending);
    gauge.forgiven(spending.forgiven());
    allotment.changed(gauge);
    allotment.opened(gauge);
    return new Present(spending, gauge);
  }

  /** The budget is another sum now; what was spent stays spent. */
  Purse withBudget(Budget other, long nowMillis) {
    if (other.equals(budget)) {
      return this;
    }
    Present now = at(nowMillis);
    var purse = new Purse(scope, other, zone, allotment, book, now);
    now.gauge().limit(nanos(other.amount()));
    allotment.changed(now.gauge());
    return purse;
  }

  private Purse(
      String scope,
      Budget budget,
      ZoneId zone,
      Allotment allotment,
      SpendingBook book,
      Present present) {
    this.scope = scope;
    this.budget = budget;
    this.zone = zone;
    this.allotment = allotment;
    this.book = book;
    this.present = present;
  }

  /** Starts the budget anew: it has as much more as was spent. */
  void forgive(long nowMillis) {
    Present now = at(nowMillis);
    if (allotment.forgives(now.gauge())) {
      return;
    }
    Spending spending = now.spending();
    now.gauge().forgiven(spending.forgiveAll());
    allotment.changed(now.gauge());
    book.dirty(scope, budget.currency(), spending);
  }

  /** Writes down that money was spent. */
  void spent(Spending spending) {
    book.dirty(scope, budget.currency(), spending);
  }

  void close() {
    allotment.closed(present.gauge());
  }

  static long nanos(BigDecimal amount) {
    return amount.multiply(NANOS).setScale(0, RoundingMode.UNNECESSARY).longValueExact();
  }
}
