package dev.understudy.gateway;

import dev.understudy.chat.Failure;
import dev.understudy.routing.Ending;
import java.time.Duration;
import java.util.Locale;

/**
 * Decides what a vendor's error means: who else may be asked, and what is learned of the target.
 */
final class Retries {
  private Retries() {}

  enum Next {
    /** The caller caused it, so everybody would refuse. */
    NOBODY,
    /** This key is the trouble: another key of the same vendor, then another target. */
    OTHER_CREDENTIAL,
    OTHER_TARGET
  }

  /**
   * Groq's word for having no room just now.
   *
   * @see <a href="https://console.groq.com/docs/errors">errors of Groq</a>
   */
  private static final int NO_ROOM = 498;

  /** A key without credit, or one that is not let in, is left alone for so long. */
  private static final Duration KEY_REST = Duration.ofSeconds(60);

  /** No vendor's wish to be left alone is honoured beyond this without asking again. */
  private static final Duration REST_MAX = Duration.ofMinutes(10);

  /** What a quota that is used up, or a bill that is not paid, is called. */
  private static final String[] QUOTA_CODES = {
    "insufficient_quota",
    "billing_error",
    "billing_hard_limit_reached",
    "billing_not_active",
    "quota_exceeded",
    "credits_exhausted"
  };

  /**
   * Anthropic says so with status 400, xAI and others with 403 or 429.
   *
   * @see <a href="https://docs.anthropic.com/en/api/errors">errors of Anthropic</a>
   * @see <a href="https://platform.openai.com/docs/guides/error-codes">error codes of OpenAI</a>
   */
  private static final String[] QUOTA_WORDS = {
    "credit balance is too low", "exceeded your current quota", "used all available credits"
  };

  static Next next(Failure failure) {
    if (isQuota(failure)) {
      return Next.OTHER_CREDENTIAL;
    }
    return switch (failure.status()) {
      case 401, 402, 403, 429 -> Next.OTHER_CREDENTIAL;
      case 408, NO_ROOM -> Next.OTHER_TARGET;
      default -> failure.status() >= 500 ? Next.OTHER_TARGET : Next.NOBODY;
    };
  }

  /** What a vendor's error says of the target and of the key. */
  static Ending ending(Failure failure) {
    int status = failure.status();
    if (isQuota(failure) || status == 402) {
      return new Ending.KeyRefused("its quota is used up", rest(failure, KEY_REST));
    }
    return switch (status) {
      case 401, 403 -> new Ending.KeyRefused("it was refused with " + status, KEY_REST);
      // The target is well; how much it still takes is for its allowance to know.
      case 429, NO_ROOM -> Ending.CALLERS_FAULT;
      default ->
          status >= 500 || status == 408
              ? new Ending.Failed(0, rest(failure, Duration.ZERO))
              : Ending.CALLERS_FAULT;
    };
  }

  /** Whether it would be served a little later, so that it may wait for that. */
  static boolean lacksRoom(Failure failure) {
    int status = failure.status();
    return (status == 429 || status == 503 || status == 529 || status == NO_ROOM)
        && !isQuota(failure);
  }

  /** How long the vendor asked to be left alone; zero if it did not. */
  static Duration rest(Failure failure) {
    return rest(failure, Duration.ZERO);
  }

  private static Duration rest(Failure failure, Duration unsaid) {
    Duration said =
        failure
            .retryAfterSeconds()
            .map(seconds -> Duration.ofSeconds(Math.min(seconds, REST_MAX.toSeconds())))
            .orElse(unsaid);
    return said;
  }

  private static boolean isQuota(Failure failure) {
    String code = failure.code().orElse("");
    for (String known : QUOTA_CODES) {
      if (known.equals(code) || known.equals(failure.type())) {
        return true;
      }
    }
    if (failure.status() < 400 || failure.status() >= 500) {
      return false;
    }
    String message = failure.message().toLowerCase(Locale.ROOT);
    // Google says of a minute's quota what others say of an account's, and when to come back.
    if (message.contains("please retry in")) {
      return false;
    }
    for (String words : QUOTA_WORDS) {
      if (message.contains(words)) {
        return true;
      }
    }
    return false;
  }
}
