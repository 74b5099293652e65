package dev.understudy.settlement.focus;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;

/** Billing periods: calendar months, in UTC. */
final class Months {
  private Months() {}

  static Instant begin(YearMonth month) {
    return month.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
  }

  static Instant monthAfter(Instant instant) {
    return begin(of(instant).plusMonths(1));
  }

  /** The month of an instant. */
  static YearMonth of(Instant instant) {
    return YearMonth.from(instant.atOffset(ZoneOffset.UTC));
  }
}
