package dev.understudy.pricing;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of every day, or of every working day, in UTC; its end is not part of it.
 *
 * @param name as the book writes it, such as {@code 16:30-00:30} or {@code mon-fri 01:00-04:00}
 * @param workingDays whether it begins on Mondays to Fridays only
 */
record HourWindow(String name, boolean workingDays, LocalTime from, LocalTime to) {
  static final String EXAMPLES = "16:30-00:30 or mon-fri 01:00-04:00";

  private static final Pattern TEXT =
      Pattern.compile("(mon-fri )?([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])");

  static Optional<HourWindow> parse(String text) {
    Matcher m = TEXT.matcher(text);
    if (!m.matches()) {
      return Optional.empty();
    }
    var from = LocalTime.of(Integer.parseInt(m.group(2)), Integer.parseInt(m.group(3)));
    var to = LocalTime.of(Integer.parseInt(m.group(4)), Integer.parseInt(m.group(5)));
    return from.equals(to)
        ? Optional.empty()
        : Optional.of(new HourWindow(text, m.group(1) != null, from, to));
  }

  boolean contains(Instant instant) {
    OffsetDateTime utc = instant.atOffset(ZoneOffset.UTC);
    if (!contains(utc.toLocalTime())) {
      return false;
    }
    // What passes midnight belongs to the day on which it began.
    boolean begunYesterday = to.isBefore(from) && utc.toLocalTime().isBefore(to);
    return !workingDays || isWorkingDay((begunYesterday ? utc.minusDays(1) : utc).getDayOfWeek());
  }

  private static boolean isWorkingDay(DayOfWeek day) {
    return day != DayOfWeek.SATURDAY && day != DayOfWeek.SUNDAY;
  }

  boolean overlaps(HourWindow other) {
    return contains(other.from) || other.contains(from);
  }

  private boolean contains(LocalTime time) {
    return from.isBefore(to)
        ? !time.isBefore(from) && time.isBefore(to)
        : !time.isBefore(from) || time.isBefore(to);
  }
}
