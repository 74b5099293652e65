package dev.understudy.sandbox;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The headers each vendor puts on its replies: request ids, versions, rate limits. */
final class Headers {
  private Headers() {}

  static void add(SandboxProfile profile, Call call, Answer answer) {
    Ids ids = call.ids();
    switch (profile.accent()) {
      case OPENAI, MAI -> {
        answer.with("x-request-id", "req_" + ids.hex("request", 32));
        if (profile.accent() == Accent.OPENAI) {
          answer.with("openai-version", "2020-10-01").with("openai-processing-ms", "12");
          limits(answer, "x-ratelimit-", "10000", "9999", "2000000", "1999900");
          answer.with("x-ratelimit-reset-requests", "6ms").with("x-ratelimit-reset-tokens", "3ms");
        }
      }
      case XAI -> {
        answer.with("x-request-id", ids.uuid("request"));
        limits(answer, "x-ratelimit-", "1800", "1799", "10000000", "9999900");
      }
      case DEEPSEEK -> answer.with("x-ds-trace-id", ids.hex("request", 32));
      case META -> {
        answer.with("x-request-id", ids.letters("request", 24));
        limits(answer, "x-ratelimit-", "3000", "2999", "1000000", "999900");
      }
      case ANTHROPIC -> anthropic(answer, ids);
      case GOOGLE -> answer.with("server-timing", "gfet4t7; dur=12").with("vary", "X-Origin");
      case BEDROCK -> answer.with("x-amzn-requestid", ids.uuid("request"));
    }
  }

  private static void anthropic(Answer answer, Ids ids) {
    answer.with("request-id", "req_011" + ids.letters("request", 21));
    answer.with("anthropic-organization-id", "00000000-0000-4000-8000-000000000000");
    String reset = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(1).toString();
    limit(answer, "requests", "4000", "3999", reset);
    limit(answer, "tokens", "2400000", "2399000", reset);
    limit(answer, "input-tokens", "2000000", "1999000", reset);
    limit(answer, "output-tokens", "400000", "400000", reset);
    if (answer.status() >= 400) {
      boolean retry = answer.status() == 429 || answer.status() >= 500;
      answer.with("x-should-retry", String.valueOf(retry));
    }
  }

  private static void limit(
      Answer answer, String what, String limit, String remaining, String reset) {
    answer
        .with("anthropic-ratelimit-" + what + "-limit", limit)
        .with("anthropic-ratelimit-" + what + "-remaining", remaining)
        .with("anthropic-ratelimit-" + what + "-reset", reset);
  }

  private static void limits(
      Answer answer,
      String prefix,
      String requests,
      String left,
      String tokens,
      String tokensLeft) {
    answer
        .with(prefix + "limit-requests", requests)
        .with(prefix + "remaining-requests", answer.status() == 429 ? "0" : left)
        .with(prefix + "limit-tokens", tokens)
        .with(prefix + "remaining-tokens", tokensLeft);
  }
}
