package dev.understudy.access;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Locale;

/** How long a budget lasts before it starts anew: by the calendar, not by the hour of first use. */
public enum Period {
  DAY,
  MONTH;

  /** Such as {@code month}, as budgets are written. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The first day of the period that a moment belongs to. */
  public LocalDate of(Instant moment, ZoneId zone) {
    LocalDate day = moment.atZone(zone).toLocalDate();
    return switch (this) {
      case DAY -> day;
      case MONTH -> day.withDayOfMonth(1);
    };
  }

  /** The moment at which the period after this one begins. */
  public Instant end(LocalDate first, ZoneId zone) {
    LocalDate next =
        switch (this) {
          case DAY -> first.plusDays(1);
          case MONTH -> first.plusMonths(1);
        };
    return next.atStartOfDay(zone).toInstant();
  }
}
