package dev.understudy.limits;

import java.util.OptionalLong;

/**
 * Why a call is not let through: which limit of which scope, what is left of it, and when there is
 * more.
 *
 * @param limit which of the limits
 * @param scope the scope's id
 * @param allowed the limit as it is set, such as {@code 100 requests per minute}
 * @param left what is left of it, in its unit
 * @param message all of it in a sentence for the caller
 * @param retryAfterSeconds when trying again makes sense; empty when it never does, because this
 *     request alone is more than the limit
 */
public record Refusal(
    Kind limit,
    String scope,
    String allowed,
    String left,
    String message,
    OptionalLong retryAfterSeconds) {

  /** After so long, what other calls or replicas have set aside is there or is not. */
  static final int SOON_SECONDS = 1;

  /** The limits there are. */
  public enum Kind {
    REQUESTS("request_limit_exceeded"),
    TOKENS("token_limit_exceeded"),
    CONCURRENCY("concurrency_limit_exceeded"),
    BUDGET("budget_exceeded");

    private final String code;

    Kind(String code) {
      this.code = code;
    }

    /** The code of the refusal, the same in every protocol. */
    public String code() {
      return code;
    }
  }

  /** Whether the caller's library should try again by itself: not for the rest of a day. */
  public boolean isWorthRetrying() {
    return retryAfterSeconds.isPresent()
        && (limit != Kind.BUDGET || retryAfterSeconds.getAsLong() <= SOON_SECONDS);
  }
}
