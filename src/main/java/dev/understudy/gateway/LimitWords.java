package dev.understudy.gateway;

import dev.understudy.chat.Failure;
import dev.understudy.chat.ProtocolName;
import dev.understudy.limits.Refusal;
import dev.understudy.limits.Standing;
import java.time.Instant;

/** Tells callers of their limits in the words and headers that their libraries know. */
final class LimitWords {
  private LimitWords() {}

  /**
   * Always 429, for a budget too: libraries know it as a limit, and OpenAI says so as well of quota
   * that is used up. What is not worth a try by the library itself says so in a header.
   */
  static Failure failure(Refusal refusal) {
    Failure failure =
        Failure.of(429, "rate_limit_error", refusal.message()).withCode(refusal.limit().code());
    return refusal.retryAfterSeconds().isPresent()
        ? failure.withRetryAfter(refusal.retryAfterSeconds().getAsLong())
        : failure;
  }

  /** Adds how the caller stands. */
  static void add(Standing standing, ProtocolName protocol, Instant now, ReplyHeaders headers) {
    headers.withRateLimits();
    standing.requests().ifPresent(left -> add("requests", left, protocol, now, headers));
    standing.tokens().ifPresent(left -> add("tokens", left, protocol, now, headers));
  }

  private static void add(
      String unit, Standing.Left left, ProtocolName protocol, Instant now, ReplyHeaders headers) {
    if (protocol.equals(ProtocolName.ANTHROPIC_MESSAGES)) {
      String name = "anthropic-ratelimit-" + unit;
      Instant reset = Instant.ofEpochSecond(now.getEpochSecond() + left.resetSeconds());
      headers
          .add(name + "-limit", Long.toString(left.limit()))
          .add(name + "-remaining", Long.toString(left.remaining()))
          .add(name + "-reset", reset.toString());
    } else {
      headers
          .add("x-ratelimit-limit-" + unit, Long.toString(left.limit()))
          .add("x-ratelimit-remaining-" + unit, Long.toString(left.remaining()))
          .add("x-ratelimit-reset-" + unit, left.resetSeconds() + "s");
    }
  }
}
