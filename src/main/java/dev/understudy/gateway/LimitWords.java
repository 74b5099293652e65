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
    boolean anthropic = protocol.equals(ProtocolName.ANTHROPIC_MESSAGES);
    if (standing.requests().isPresent()) {
      Standing.Left left = standing.requests().get();
      if (anthropic) {
        ANTHROPIC_REQUESTS.addDated(left, now, headers);
      } else {
        REQUESTS.addSpan(left, headers);
      }
    }
    if (standing.tokens().isPresent()) {
      Standing.Left left = standing.tokens().get();
      if (anthropic) {
        ANTHROPIC_TOKENS.addDated(left, now, headers);
      } else {
        TOKENS.addSpan(left, headers);
      }
    }
  }

  private static final Names REQUESTS = Names.of("x-ratelimit-%s-requests");
  private static final Names TOKENS = Names.of("x-ratelimit-%s-tokens");
  private static final Names ANTHROPIC_REQUESTS = Names.of("anthropic-ratelimit-requests-%s");
  private static final Names ANTHROPIC_TOKENS = Names.of("anthropic-ratelimit-tokens-%s");

  /** The three headers of one limit, their names ready to be written. */
  private record Names(byte[] limit, byte[] remaining, byte[] reset, String resetName) {
    static Names of(String pattern) {
      return new Names(
          HeadBytes.constant(pattern.formatted("limit") + ": "),
          HeadBytes.constant(pattern.formatted("remaining") + ": "),
          HeadBytes.constant(pattern.formatted("reset") + ": "),
          pattern.formatted("reset"));
    }

    void addSpan(Standing.Left left, ReplyHeaders headers) {
      headers
          .add(limit, left.limit(), "")
          .add(remaining, left.remaining(), "")
          .add(reset, left.resetSeconds(), "s");
    }

    void addDated(Standing.Left left, Instant now, ReplyHeaders headers) {
      Instant at = Instant.ofEpochSecond(now.getEpochSecond() + left.resetSeconds());
      headers
          .add(limit, left.limit(), "")
          .add(remaining, left.remaining(), "")
          .add(resetName, at.toString());
    }
  }
}
