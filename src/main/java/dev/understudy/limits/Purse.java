package dev.understudy.limits;

import dev.understudy.access.Budget;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * One budget of one scope: turns to the next period when the calendar does, and back to the one
 * before when the clock was put forward by mistake.
 */
final class Purse {
  static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000);

  /**
   * A moment that is so little before a period's beginning belongs to it: threads differ by less.
   */
  private static final long EARLY_MILLIS_MAX = 600_000;

  private final String scope;
  private final Budget budget;
  private final ZoneId zone;
  private final Allotment allotment;
  private final SpendingBook book;
  private volatile Present present;
  private @Nullable Present before;

  /** The budget in its present period. */
  record Present(Spending spending, Gauge gauge, long beginMillis) {
    boolean has(long nowMillis) {
      return nowMillis < spending.endMillis() && nowMillis >= beginMillis - EARLY_MILLIS_MAX;
    }
  }

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

  /** The period that a moment belongs to; one shortly before the present one counts as now. */
  Present at(long nowMillis) {
    Present now = present;
    return now.has(nowMillis) ? now : turn(nowMillis);
  }

  private synchronized Present turn(long nowMillis) {
    Present now = present;
    if (now.has(nowMillis)) {
      return now;
    }
    Present earlier = before;
    allotment.closed(now.gauge());
    Present next;
    if (earlier != null && earlier.has(nowMillis)) {
      // The clock is right again: what was spent and is reserved there still counts.
      next = earlier;
      allotment.opened(next.gauge());
    } else {
      next = open(nowMillis);
    }
    before = now;
    present = next;
    return next;
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
    return new Present(spending, gauge, first.atStartOfDay(zone).toInstant().toEpochMilli());
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
