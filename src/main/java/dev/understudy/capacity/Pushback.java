package dev.understudy.capacity;

import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Why a vendor took no more, and until when.
 *
 * @param dimension what there was too much of; empty if the vendor does not say
 * @param retryAfterMillis how long it wants to be left alone; empty if it does not say
 */
public record Pushback(Cause cause, Optional<Dimension> dimension, OptionalLong retryAfterMillis) {

  /** What the refusal is about. */
  public enum Cause {
    /** Too much in this minute. */
    RATE,
    /** Too much on this day, or in this month. */
    DAY,
    /** The vendor has not enough for everybody; our own use is not to blame. */
    OVERLOAD,
    /** Money or entitlement: waiting does not help, and this credential is of no use for now. */
    QUOTA
  }

  /** The longest error in which reasons are looked for. */
  private static final int BODY_BYTES_MAX = 64 << 10;

  /** Words behind which a vendor's account is empty; each is documented or was recorded. */
  private static final String[] QUOTA_WORDS = {
    // https://help.openai.com/en/articles/5955604-troubleshooting-api-rate-limits-and-429-errors
    "insufficient_quota",
    "credit_balance_exhausted",
    "organization_usage_limit_exceeded",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "billing_hard_limit_reached",
    "billing_not_active",
    // https://docs.anthropic.com/en/api/errors
    "enforced_spend_limit_reached",
    "you have reached your specified api usage limits",
    "you have reached your specified workspace api usage limits",
    "credit balance is too low",
    "billing_error",
    // https://api-docs.deepseek.com/quick_start/error_codes
    "insufficient balance",
    // https://openrouter.ai/docs/api-reference/errors
    "insufficient credits",
    "has run out of credits",
    "exhausted your monthly spend",
  };

  private static final String[] OVERLOAD_WORDS = {
    "overloaded",
    "resource exhausted",
    "experiencing high demand",
    "high demand for",
    "capacity exceeded",
    "temporarily rate-limited upstream",
    "modelnotreadyexception",
    "no capacity",
  };

  private static final String[] DAY_WORDS = {
    "perday", "per day", "per_day", "(rpd)", "(tpd)", "daily", "per month", "monthly",
  };

  private static final Pattern SAYS_WHEN =
      Pattern.compile(
          "(?:retry|try again)[a-z ]{0,24}?(?:in|after)\\s+([0-9][0-9.dhms]{0,40}?)\\s?"
              + "(ms|milliseconds?|s|seconds?|m|minutes?|h|hours?)?(?!\\w|\\.[0-9])");

  /**
   * Classifies an answer that is none; empty if it is about something else than capacity.
   *
   * @param header the value of a header by its name in lower case
   * @param body the vendor's error as it came
   */
  public static Optional<Pushback> of(
      int status, Function<String, Optional<String>> header, byte[] body, Instant now) {
    // Some say in a 400 or 403 that the account is empty.
    boolean about = status == 429 || status == 402 || status >= 498;
    if (!about && status != 400 && status != 403) {
      return Optional.empty();
    }
    String text =
        new String(body, 0, Math.min(body.length, BODY_BYTES_MAX), StandardCharsets.UTF_8)
                .toLowerCase(Locale.ROOT)
            + header.apply("x-amzn-errortype").orElse("").toLowerCase(Locale.ROOT);
    boolean serviceQuota = status == 400 && text.contains("servicequotaexceededexception");
    if (status == 402 || (status < 500 && holds(text, QUOTA_WORDS))) {
      return Optional.of(new Pushback(Cause.QUOTA, Optional.empty(), OptionalLong.empty()));
    }
    if (!about && !serviceQuota) {
      return Optional.empty();
    }
    OptionalLong wait = wait(header, text, body, now);
    if (status != 429 && !serviceQuota) {
      return status == 503 || status == 529 || status == 498 || wait.isPresent()
          ? Optional.of(new Pushback(Cause.OVERLOAD, Optional.empty(), wait))
          : Optional.empty();
    }
    if (holds(text, DAY_WORDS)) {
      return Optional.of(new Pushback(Cause.DAY, daily(text), wait));
    }
    return Optional.of(
        holds(text, OVERLOAD_WORDS)
            ? new Pushback(Cause.OVERLOAD, Optional.empty(), wait)
            : new Pushback(Cause.RATE, perMinute(text), wait));
  }

  /** A vendor that said nothing but that it has no room. */
  public static Pushback overloaded() {
    return new Pushback(Cause.OVERLOAD, Optional.empty(), OptionalLong.empty());
  }

  private static OptionalLong wait(
      Function<String, Optional<String>> header, String text, byte[] body, Instant now) {
    OptionalLong millis =
        header.apply("retry-after-ms").map(Waits::ofMillis).orElse(OptionalLong.empty());
    OptionalLong seconds =
        header
            .apply("retry-after")
            .map(value -> Waits.millis(value, now))
            .orElse(OptionalLong.empty());
    // Azure was recorded to say 0 ms beside 1 s: of two, the longer one is safe.
    if (millis.isPresent() || seconds.isPresent()) {
      return OptionalLong.of(Math.max(millis.orElse(0), seconds.orElse(0)));
    }
    if (text.contains("retrydelay")) {
      OptionalLong delay = retryDelay(body, now);
      if (delay.isPresent()) {
        return delay;
      }
    }
    Matcher says = SAYS_WHEN.matcher(text);
    if (says.find()) {
      return Waits.millis(says.group(1) + unit(says.group(2)), now);
    }
    return OptionalLong.empty();
  }

  /** As it stands behind a number, if any does: without one it is seconds. */
  private static String unit(@Nullable String word) {
    if (word == null) {
      return "";
    }
    return word.startsWith("ms") || word.startsWith("mil") ? "ms" : word.substring(0, 1);
  }

  /** Google's {@code RetryInfo}: {@code https://cloud.google.com/apis/design/errors}. */
  private static OptionalLong retryDelay(byte[] body, Instant now) {
    try {
      JsonNode root = Json.parse(body, 0, Math.min(body.length, BODY_BYTES_MAX));
      JsonNode error = root.isArray() ? root.path(0).path("error") : root.path("error");
      for (JsonNode detail : error.path("details")) {
        JsonNode delay = detail.path("retryDelay");
        if (delay.isString()) {
          return Waits.millis(delay.stringValue(), now);
        }
      }
    } catch (Malformed e) {
      // What is no JSON has been read as text.
    }
    return OptionalLong.empty();
  }

  private static Optional<Dimension> daily(String text) {
    if (text.contains("month")) {
      return Optional.of(Dimension.TOKENS_MONTH);
    }
    return Optional.of(text.contains("token") ? Dimension.TOKENS_DAY : Dimension.REQUESTS_DAY);
  }

  private static Optional<Dimension> perMinute(String text) {
    boolean input = text.contains("input token") || text.contains("input_token");
    boolean output = text.contains("output token") || text.contains("output_token");
    if (input != output) {
      return Optional.of(input ? Dimension.INPUT_TOKENS : Dimension.OUTPUT_TOKENS);
    }
    if (text.contains("tokens per min")
        || text.contains("(tpm)")
        || text.contains("too many tokens")) {
      return Optional.of(Dimension.TOKENS);
    }
    return text.contains("requests per min") || text.contains("(rpm)")
        ? Optional.of(Dimension.REQUESTS)
        : Optional.empty();
  }

  private static boolean holds(String text, String[] words) {
    for (String word : words) {
      if (text.contains(word)) {
        return true;
      }
    }
    return false;
  }
}
