package dev.understudy.pricing;

import java.time.Instant;
import java.util.Optional;

/**
 * A call that has not been made yet, as far as its price will depend on it.
 *
 * @param vendor the vendor's name in the settings
 * @param kind the vendor's kind in the catalogue
 * @param region where it will be served, if that is known
 * @param tier the class of service that is asked for; empty for the usual one
 * @param inputTokensMax all that may go in
 * @param outputTokensMax all that may come out, thoughts included
 */
public record Ask(
    String vendor,
    String kind,
    String model,
    Optional<String> region,
    Optional<String> tier,
    Instant at,
    long inputTokensMax,
    long outputTokensMax) {
  public Ask {
    if (inputTokensMax < 0 || outputTokensMax < 0) {
      throw new IllegalArgumentException(
          "tokens are negative: %d in, %d out".formatted(inputTokensMax, outputTokensMax));
    }
  }
}
