package dev.understudy.telemetry;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Usage;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.CallerName;
import dev.understudy.exchange.Content;
import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.TraceParent;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Exchanges as the gateway records them. */
public final class Samples {
  private static final String VENDOR_USAGE =
      """
      {
        "input_tokens": 12, "cache_read_input_tokens": 1000,
        "note": "a \\"quoted\\" [word], été",
        "cache_creation": {"ephemeral_1h_input_tokens": 30},
        "iterations": [1, -2.5e3, null, true]
      }
      """;

  private Samples() {}

  static Attempt refused() {
    return new Attempt(
        "openai/gpt-5.1",
        "openai",
        "openai",
        "gpt-5.1",
        "OPENAI_API_KEY",
        "openai-responses",
        false,
        210_000,
        Optional.empty(),
        40_000_000,
        Optional.of(429),
        Attempt.Outcome.REFUSED,
        Optional.of("rate limit reached"),
        Optional.of("req_1"),
        Optional.empty(),
        Optional.empty(),
        Usage.UNSAID);
  }

  static Attempt answered() {
    var tokens =
        Tokens.NONE
            .with(Leaf.INPUT, 12)
            .with(Leaf.CACHE_READ, 1_000)
            .with(Leaf.CACHE_WRITE_1H, 30)
            .with(Leaf.OUTPUT, 200)
            .with(Leaf.REASONING, 0);
    return new Attempt(
        "claude/claude-sonnet-4-5",
        "claude",
        "anthropic",
        "claude-sonnet-4-5",
        "ANTHROPIC_API_KEY",
        "anthropic-messages",
        true,
        40_500_000,
        Optional.of(640_250_400L),
        1_900_000_000,
        Optional.of(200),
        Attempt.Outcome.ANSWERED,
        Optional.empty(),
        Optional.of("req_011CSHoEeqs5C35K2UUqR7Fy"),
        Optional.of("claude-sonnet-4-5-20250929"),
        Optional.of("end_turn"),
        new Usage(
            tokens,
            Map.of("web_search_requests", new BigDecimal("2"), "cost", new BigDecimal("1E+9")),
            Optional.of("standard"),
            Optional.of(VENDOR_USAGE),
            false,
            List.of("input and output are not the total")));
  }

  public static Exchange exchange() {
    return exchange("01JDBZ9", "assistant", List.of(refused(), answered()));
  }

  static Exchange exchange(String id, String route, List<Attempt> attempts) {
    return new Exchange(
        id,
        Instant.parse("2026-11-24T03:02:42.007999Z"),
        Optional.of(
            new CallerName("nightly", "k7q2", "search", "acme", Map.of("cost-centre", "4711"))),
        "anthropic-messages",
        "chat",
        route,
        true,
        Optional.of(200),
        Attempt.Outcome.ANSWERED,
        Optional.empty(),
        attempts,
        1_900_321_999,
        Optional.of(640_300_000L),
        2_048,
        70_000,
        List.of("messages[0].cache_control"),
        TraceParent.parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
  }

  /** Longer than texts in records may be, for JSON must not be cut. */
  static final String SAID =
      "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"long ago %s\"}]}]"
          .formatted("x".repeat(3_000));

  /** A call of which it is known what was said. */
  static Exchange withContent() {
    Exchange plain = exchange();
    return new Exchange(
        plain.id(),
        plain.startedAt(),
        plain.caller(),
        plain.protocol(),
        plain.operation(),
        plain.route(),
        plain.stream(),
        plain.status(),
        plain.outcome(),
        plain.failureType(),
        plain.attempts(),
        plain.durationNanos(),
        plain.firstByteNanos(),
        plain.bytesIn(),
        plain.bytesOut(),
        plain.losses(),
        plain.traceParent(),
        plain.decision(),
        Optional.of(new Content(SAID, "[]")),
        plain.purpose());
  }

  /** A call for a name that leads nowhere. */
  static Exchange unknown(String route) {
    return new Exchange(
        "01JDBZA",
        Instant.parse("2026-11-24T03:02:42Z"),
        Optional.empty(),
        "openai-chat",
        "chat",
        route,
        false,
        Optional.of(404),
        Attempt.Outcome.REFUSED,
        Optional.of("not_found"),
        List.of(),
        90_000,
        Optional.of(80_000L),
        100,
        200,
        List.of());
  }

  /** An attempt that went on with another's answer. */
  static Attempt wentOn(String model, Attempt.Outcome outcome) {
    return attempt(model, 200, outcome).goingOnAfter(120);
  }

  static Attempt attempt(String model, int status, Attempt.Outcome outcome) {
    return new Attempt(
        "mai/" + model,
        "mai",
        "mai",
        model,
        "MAI_KEY",
        "openai-chat",
        true,
        0,
        Optional.empty(),
        1_000_000,
        Optional.of(status),
        outcome,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Usage.UNSAID);
  }
}
