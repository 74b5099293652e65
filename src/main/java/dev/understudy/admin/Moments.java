package dev.understudy.admin;

import dev.understudy.text.Days;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads when something ends and how long something lasts, as people write it. */
final class Moments {
  private static final Pattern SPAN = Pattern.compile("([0-9]{1,6})(d|h|m|s)");

  private Moments() {}

  /**
   * A moment: how far away, {@code 90d}; a day, {@code 2027-01-31}, until its end in UTC; or a
   * moment, {@code 2027-01-31T12:00:00Z}.
   *
   * @throws AdminRefusal if it is none of these
   */
  static Instant moment(String member, String text, Instant now) {
    if (SPAN.matcher(text).matches()) {
      return now.plus(span(member, text));
    }
    try {
      return text.length() == "2027-01-31".length()
          ? Days.day(text).plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC)
          : Days.moment(text);
    } catch (DateTimeException e) {
      throw new AdminRefusal(
          400, "%s must be like 90d, 2027-01-31 or 2027-01-31T12:00:00Z".formatted(member));
    } catch (IllegalArgumentException e) {
      throw new AdminRefusal(400, member + ": " + e.getMessage());
    }
  }

  /**
   * A span, such as {@code 24h}.
   *
   * @throws AdminRefusal if it is none
   */
  static Duration span(String member, String text) {
    Matcher matcher = SPAN.matcher(text);
    if (!matcher.matches()) {
      throw new AdminRefusal(400, "%s must be like 90d, 24h, 30m or 0s".formatted(member));
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "d" -> Duration.ofDays(amount);
      case "h" -> Duration.ofHours(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofSeconds(amount);
    };
  }
}
