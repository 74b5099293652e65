package dev.understudy.gateway;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * Reads how long a vendor asks to be left alone.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#field.retry-after">RFC 9110, Retry-After</a>
 */
final class RetryAfter {
  private RetryAfter() {}

  /** In seconds, rounded up; empty if it does not say. */
  static Optional<Long> seconds(ResponseHead head) {
    // OpenAI and Azure say it in milliseconds as well, and mean those.
    Optional<Long> millis =
        head.header("retry-after-ms")
            .filter(text -> text.matches("[0-9]{1,9}"))
            .map(Long::parseLong);
    if (millis.isPresent()) {
      return millis.map(ms -> (ms + 999) / 1000);
    }
    return head.header("retry-after").flatMap(text -> parse(text, Instant.now()));
  }

  static Optional<Long> parse(String text, Instant now) {
    if (text.matches("[0-9]{1,9}")) {
      return Optional.of(Long.parseLong(text));
    }
    try {
      Instant at = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(Math.max(0, Duration.between(now, at).toSeconds()));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
