package dev.understudy.text;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;

/** Days and months of UTC, as people write where a span begins and ends. */
public final class Days {
  private static final int TOLD_MAX = 40;

  private Days() {}

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
      return isMonth(text) ? YearMonth.parse(text).atDay(1) : LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "%s must be %s, like 2026-10-31 or 2026-10, not %s"
              .formatted(
                  name, what, text.length() > TOLD_MAX ? text.substring(0, TOLD_MAX) + "…" : text),
          e);
    }
  }

  private static Instant begin(LocalDate day) {
    return day.atStartOfDay().toInstant(ZoneOffset.UTC);
  }
}
