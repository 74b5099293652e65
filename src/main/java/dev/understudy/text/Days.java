package dev.understudy.text;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;

/** Days and months of UTC, as people write where a span begins and ends. */
public final class Days {
  private static final int YEAR_MIN = 1970;
  private static final int YEAR_MAX = 9999;
  private static final int TOLD_MAX = 40;

  private Days() {}

  /**
   * A day, such as {@code 2026-10-31}.
   *
   * @throws DateTimeException if it is none
   * @throws IllegalArgumentException if it is of a year that nobody means
   */
  public static LocalDate day(String text) {
    LocalDate day = LocalDate.parse(text);
    check(isMeant(day.getYear()), text);
    return day;
  }

  /**
   * A month, such as {@code 2026-10}.
   *
   * @throws DateTimeException if it is none
   * @throws IllegalArgumentException if it is of a year that nobody means
   */
  public static YearMonth month(String text) {
    YearMonth month = YearMonth.parse(text);
    check(isMeant(month.getYear()), text);
    return month;
  }

  /**
   * A moment, such as {@code 2026-10-31T16:00:00Z}.
   *
   * @throws DateTimeException if it is none
   * @throws IllegalArgumentException if it is of a year that nobody means
   */
  public static Instant moment(String text) {
    Instant moment = Instant.parse(text);
    // Compared as moments: one can lie in a year that no calendar has.
    check(
        !moment.isBefore(begin(LocalDate.of(YEAR_MIN, 1, 1)))
            && moment.isBefore(begin(LocalDate.of(YEAR_MAX + 1, 1, 1))),
        text);
    return moment;
  }

  /** Calendars end far out, and what is counted from a day near their end has no place in them. */
  private static boolean isMeant(int year) {
    return year >= YEAR_MIN && year <= YEAR_MAX;
  }

  private static void check(boolean meant, String text) {
    if (!meant) {
      throw new IllegalArgumentException(
          "%s is not within the years %d to %d".formatted(cut(text), YEAR_MIN, YEAR_MAX));
    }
  }

  private static String cut(String text) {
    return text.length() > TOLD_MAX ? text.substring(0, TOLD_MAX) + "…" : text;
  }

  /**
   * Where a day or a month begins.
   *
   * @param name of what is read, for the message
   * @throws IllegalArgumentException if it is neither
   */
  public static Instant begin(String name, String text) {
    return begin(first(name, text, "a day or month"));
  }

  /**
   * The first instant behind the last day or month of a span.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static Instant end(String name, String text) {
    LocalDate first = first(name, text, "the last day or month");
    return begin(isMonth(text) ? first.plusMonths(1) : first.plusDays(1));
  }

  private static boolean isMonth(String text) {
    return text.length() == "2026-10".length();
  }

  private static LocalDate first(String name, String text, String what) {
    try {
      return isMonth(text) ? month(text).atDay(1) : day(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "%s must be %s, like 2026-10-31 or 2026-10, not %s".formatted(name, what, cut(text)), e);
    }
  }

  private static Instant begin(LocalDate day) {
    return day.atStartOfDay().toInstant(ZoneOffset.UTC);
  }
}
