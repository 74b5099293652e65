package dev.understudy.pricing;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of every day in UTC, which may pass midnight; its end is not part of it.
 *
 * @param name as the book writes it, such as {@code 16:30-00:30}
 */
record HourWindow(String name, LocalTime from, LocalTime to) {
  private static final Pattern TEXT =
      Pattern.compile("([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])");

  static Optional<HourWindow> parse(String text) {
    Matcher m = TEXT.matcher(text);
    if (!m.matches()) {
      return Optional.empty();
    }
    var from = LocalTime.of(Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2)));
    var to = LocalTime.of(Integer.parseInt(m.group(3)), Integer.parseInt(m.group(4)));
    return from.equals(to) ? Optional.empty() : Optional.of(new HourWindow(text, from, to));
  }

  boolean contains(Instant instant) {
    return contains(instant.atOffset(ZoneOffset.UTC).toLocalTime());
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
