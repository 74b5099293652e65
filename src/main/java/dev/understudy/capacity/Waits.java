package dev.understudy.capacity;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads how long to wait, in any of the forms in which vendors write it. */
final class Waits {
  /** Nobody waits longer than that; what says so is wrong, or of no use. */
  static final long MILLIS_MAX = 31L * 86_400_000;

  private static final Pattern PLAIN = Pattern.compile("(\\d{1,13})(\\.\\d{1,12})?");
  private static final Pattern UNITS =
      Pattern.compile(
          "(?:(\\d{1,4})d)?(?:(\\d{1,6})h)?(?:(\\d{1,8})m(?!s))?"
              + "(?:(\\d{1,9}(?:\\.\\d{1,12})?)s)?(?:(\\d{1,11}(?:\\.\\d{1,12})?)ms)?");

  /** A number of seconds beyond this is a date: {@value} is March 2001. */
  private static final double EPOCH_SECONDS_MIN = 984_000_000;

  private static final double EPOCH_MILLIS_MIN = EPOCH_SECONDS_MIN * 1_000;

  private Waits() {}

  /**
   * The wait in milliseconds, from 0 to {@link #MILLIS_MAX}: {@code 6m0s}, {@code 88ms}, {@code
   * 17.39s}, {@code 2} seconds, seconds or milliseconds of the epoch, RFC 3339, or the date of
   * HTTP. Empty if it is none of these.
   */
  static OptionalLong millis(String text, Instant now) {
    String value = text.strip();
    if (value.isEmpty() || value.length() > 64) {
      return OptionalLong.empty();
    }
    Matcher plain = PLAIN.matcher(value);
    if (plain.matches()) {
      return number(Double.parseDouble(value), now);
    }
    Matcher units = UNITS.matcher(value);
    if (units.matches()) {
      double seconds =
          86_400 * part(units, 1) + 3_600 * part(units, 2) + 60 * part(units, 3) + part(units, 4);
      return bounded(seconds * 1_000 + part(units, 5));
    }
    return date(value, now);
  }

  /** A wait that is written in milliseconds without saying so. */
  static OptionalLong ofMillis(String text) {
    String value = text.strip();
    return PLAIN.matcher(value).matches()
        ? bounded(Double.parseDouble(value))
        : OptionalLong.empty();
  }

  private static OptionalLong number(double value, Instant now) {
    if (value >= EPOCH_MILLIS_MIN) {
      return bounded(value - now.toEpochMilli());
    }
    if (value >= EPOCH_SECONDS_MIN) {
      return bounded(value * 1_000 - now.toEpochMilli());
    }
    return bounded(value * 1_000);
  }

  private static double part(Matcher matcher, int group) {
    String text = matcher.group(group);
    return text == null ? 0 : Double.parseDouble(text);
  }

  private static OptionalLong date(String value, Instant now) {
    char first = value.charAt(0);
    try {
      Instant at =
          first >= '0' && first <= '9'
              ? OffsetDateTime.parse(value).toInstant()
              : ZonedDateTime.parse(
                      value, DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT))
                  .toInstant();
      return bounded((double) at.toEpochMilli() - now.toEpochMilli());
    } catch (DateTimeException | ArithmeticException e) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong bounded(double millis) {
    return OptionalLong.of((long) Math.ceil(Math.min(Math.max(millis, 0), MILLIS_MAX)));
  }
}
