package dev.understudy.sandbox;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;

/** Holds one sandbox vendor's callers to its limits, each a bucket that fills continuously. */
final class RateKeeper {
  private static final double MINUTE_NANOS = 60e9;

  private final LongSupplier nanos;
  private RateLimit limit = RateLimit.NONE;
  private double requests;
  private double tokens;
  private double provisioned;
  private long at;
  private long taken;
  private long refused;

  RateKeeper(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /**
   * What became of one request.
   *
   * @param retryMillis until as much is left as it needs; 0 if it was let through
   * @param requests what is left of each
   * @param used how much of the provisioned deployment is in use, in percent
   */
  record Passage(RateLimit limit, long retryMillis, long requests, long tokens, double used) {}

  synchronized void set(RateLimit newLimit) {
    limit = newLimit;
    double share = newLimit.left() / 100.0;
    requests = newLimit.requests() * share;
    tokens = newLimit.tokens() * share;
    provisioned = newLimit.provisioned() * share;
    at = nanos.getAsLong();
    taken = 0;
    refused = 0;
  }

  synchronized RateLimit limit() {
    return limit;
  }

  /** How many requests were let through since the limit was set. */
  synchronized long taken() {
    return taken;
  }

  synchronized long refused() {
    return refused;
  }

  /** Takes what a request needs if all of it is there. */
  synchronized Passage pass(long needed) {
    long now = nanos.getAsLong();
    double minutes = (now - at) / MINUTE_NANOS;
    at = now;
    requests = filled(requests, limit.requests(), minutes);
    tokens = filled(tokens, limit.tokens(), minutes);
    provisioned = filled(provisioned, limit.provisioned(), minutes);
    double wait =
        Math.max(
            missing(requests, 1, limit.requests()),
            Math.max(
                missing(tokens, needed, limit.tokens()),
                // A provisioned deployment refuses once it is full, whatever comes.
                missing(provisioned, 1, limit.provisioned())));
    if (wait == 0) {
      requests -= 1;
      tokens -= needed;
      provisioned -= needed;
      taken++;
    } else {
      refused++;
    }
    return new Passage(
        limit,
        (long) Math.ceil(wait * MINUTE_NANOS / 1e6),
        (long) Math.max(0, requests),
        (long) Math.max(0, tokens),
        limit.provisioned() == 0 ? 0 : Math.max(0, 100 - 100 * provisioned / limit.provisioned()));
  }

  private static double filled(double left, long limit, double minutes) {
    return Math.min((double) limit, left + limit * minutes);
  }

  /** In minutes. */
  private static double missing(double left, long needed, long limit) {
    return limit == 0 || left >= Math.min(needed, limit)
        ? 0
        : (Math.min(needed, limit) - left) / limit;
  }

  /** Says on a reply what is left, as its vendor would. */
  static void say(Accent accent, Passage passage, Answer answer) {
    RateLimit limit = passage.limit();
    if (passage.retryMillis() > 0) {
      answer.with("retry-after", Long.toString((passage.retryMillis() + 999) / 1000));
      if (accent == Accent.OPENAI) {
        answer.with("retry-after-ms", Long.toString(passage.retryMillis()));
      }
    }
    switch (accent) {
      case OPENAI, XAI, META, MAI -> {
        if (limit.requests() > 0) {
          ours(answer, "requests", limit.requests(), passage.requests());
        }
        if (limit.tokens() > 0) {
          ours(answer, "tokens", limit.tokens(), passage.tokens());
        }
        if (limit.provisioned() > 0) {
          answer.headers().keySet().removeIf(name -> name.startsWith("x-ratelimit-"));
          answer.with(
              "azure-openai-deployment-utilization",
              "%.1f%%".formatted(Math.min(100, passage.used())));
        }
      }
      case ANTHROPIC -> {
        if (limit.requests() > 0) {
          anthropic(answer, "requests", limit.requests(), passage.requests());
        }
        if (limit.tokens() > 0) {
          anthropic(answer, "tokens", limit.tokens(), passage.tokens());
          anthropic(answer, "input-tokens", limit.tokens(), passage.tokens());
        }
      }
      case DEEPSEEK, GOOGLE, BEDROCK -> {}
    }
  }

  private static void ours(Answer answer, String what, long limit, long left) {
    answer
        .with("x-ratelimit-limit-" + what, Long.toString(limit))
        .with("x-ratelimit-remaining-" + what, Long.toString(left))
        .with("x-ratelimit-reset-" + what, (limit - left) * 60_000 / limit + "ms");
  }

  private static void anthropic(Answer answer, String what, long limit, long left) {
    String name = "anthropic-ratelimit-" + what;
    answer
        .with(name + "-limit", Long.toString(limit))
        .with(name + "-remaining", Long.toString(left))
        .with(
            name + "-reset",
            Instant.now()
                .plusMillis((limit - left) * 60_000 / limit)
                .truncatedTo(ChronoUnit.SECONDS)
                .toString());
  }
}
