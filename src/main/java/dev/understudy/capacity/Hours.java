package dev.understudy.capacity;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneRulesException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When bought capacity is there.
 *
 * @param first the first day of the week
 * @param last the last one; the week may turn between them
 * @param from a time of day; equal to {@code to} for the whole day
 * @param to likewise, excluded; before {@code from} for hours past midnight, which belong to the
 *     day on which they begin
 */
public record Hours(DayOfWeek first, DayOfWeek last, LocalTime from, LocalTime to, ZoneId zone) {
  public static final Hours ALWAYS =
      new Hours(
          DayOfWeek.MONDAY,
          DayOfWeek.SUNDAY,
          LocalTime.MIDNIGHT,
          LocalTime.MIDNIGHT,
          ZoneOffset.UTC);

  private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

  private static final Pattern FORM =
      Pattern.compile(
          "(mon|tue|wed|thu|fri|sat|sun)(?:-(mon|tue|wed|thu|fri|sat|sun))?"
              + "(?:\\s+(\\d\\d:\\d\\d)-(\\d\\d:\\d\\d))?(?:\\s+(\\S{1,60}))?");

  /**
   * Reads {@code 24x7} or {@code mon-fri 08:00-18:00 Europe/Berlin}; without a zone, UTC.
   *
   * @throws IllegalArgumentException if it is neither, with what would be
   */
  public static Hours parse(String text) {
    String value = text.strip();
    if (value.equals("24x7")) {
      return ALWAYS;
    }
    Matcher matcher = FORM.matcher(lowerButZone(value));
    if (!matcher.matches()) {
      throw unreadable();
    }
    DayOfWeek first = day(matcher.group(1));
    DayOfWeek last = matcher.group(2) == null ? first : day(matcher.group(2));
    try {
      return new Hours(
          first,
          last,
          matcher.group(3) == null ? LocalTime.MIDNIGHT : time(matcher.group(3)),
          matcher.group(4) == null ? LocalTime.MIDNIGHT : time(matcher.group(4)),
          matcher.group(5) == null ? ZoneOffset.UTC : ZoneId.of(matcher.group(5)));
    } catch (ZoneRulesException e) {
      throw new IllegalArgumentException(
          "unknown time zone \"%s\"; write it as Europe/Berlin".formatted(matcher.group(5)), e);
    } catch (DateTimeException e) {
      throw unreadable();
    }
  }

  private static String lowerButZone(String value) {
    int space = value.lastIndexOf(' ');
    boolean zone = space >= 0 && value.charAt(space + 1) > '9';
    return zone
        ? value.substring(0, space).toLowerCase(Locale.ROOT) + value.substring(space)
        : value.toLowerCase(Locale.ROOT);
  }

  private static LocalTime time(String text) {
    return text.equals("24:00") ? LocalTime.MIDNIGHT : LocalTime.parse(text);
  }

  private static DayOfWeek day(String name) {
    return DayOfWeek.of(DAYS.indexOf(name) + 1);
  }

  private static IllegalArgumentException unreadable() {
    return new IllegalArgumentException(
        "hours are written as 24x7, or as mon-fri 08:00-18:00 Europe/Berlin");
  }

  public boolean contains(Instant moment) {
    if (equals(ALWAYS)) {
      return true;
    }
    ZonedDateTime there = moment.atZone(zone);
    LocalTime time = there.toLocalTime();
    DayOfWeek day = there.getDayOfWeek();
    if (from.equals(to)) {
      return isOn(day);
    }
    if (from.isBefore(to)) {
      return isOn(day) && !time.isBefore(from) && time.isBefore(to);
    }
    return time.isBefore(to) ? isOn(day.minus(1)) : isOn(day) && !time.isBefore(from);
  }

  private boolean isOn(DayOfWeek day) {
    int length = Math.floorMod(last.getValue() - first.getValue(), 7);
    return Math.floorMod(day.getValue() - first.getValue(), 7) <= length;
  }

  @Override
  public String toString() {
    return equals(ALWAYS)
        ? "24x7"
        : "%s-%s %s-%s %s"
            .formatted(
                DAYS.get(first.getValue() - 1), DAYS.get(last.getValue() - 1), from, to, zone);
  }
}
