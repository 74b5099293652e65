package dev.understudy.journal;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Usage;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.CallerName;
import dev.understudy.exchange.Clause;
import dev.understudy.exchange.Decision;
import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Exclusion;
import dev.understudy.exchange.Purpose;
import dev.understudy.exchange.TraceParent;
import dev.understudy.money.Cost;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Finished calls of every kind, made by chance. */
public final class Calls {
  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00.123456789Z");
  private static final List<Leaf> LEAVES =
      List.of(
          Leaf.INPUT,
          Leaf.CACHE_READ,
          Leaf.CACHE_WRITE_5M,
          Leaf.OUTPUT,
          Leaf.REASONING,
          Leaf.input(Leaf.Modality.DOCUMENT));

  private final Random chance;
  private int items;

  public Calls(long seed) {
    chance = new Random(seed);
  }

  /** A usual call that was answered at the first target. */
  public static Exchange usual(String id, Instant at) {
    var tokens =
        Tokens.NONE.with(Leaf.INPUT, 3).with(Leaf.CACHE_WRITE_5M, 12_304).with(Leaf.OUTPUT, 550);
    var lines =
        List.of(
            line("input.text", 3, "0.000003"),
            line("input.text.write_5m", 12_304, "0.00000375"),
            line("output.text", 550, "0.000015"));
    var attempt =
        new Attempt(
                "claude/claude-sonnet-4-5",
                "claude",
                "anthropic",
                "claude-sonnet-4-5",
                "env:ANTHROPIC_API_KEY",
                "anthropic-messages",
                true,
                402_123,
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
                    Map.of(),
                    Optional.of("standard"),
                    Optional.of(
                        "{\"input_tokens\":3,\"cache_creation_input_tokens\":12304,\"cache_read_input_tokens\":0,\"cache_creation\":{\"ephemeral_5m_input_tokens\":12304,\"ephemeral_1h_input_tokens\":0},\"output_tokens\":550,\"service_tier\":\"standard\"}"),
                    false,
                    List.of()))
            .with(
                Cost.of(
                    lines,
                    List.of(),
                    Currencies.USD,
                    "list/anthropic/claude-sonnet-4-5@2025-09-29"));
    return new Exchange(
        id,
        at,
        Optional.of(
            new CallerName("nightly", "k7q2", "search", "acme", Map.of("cost-centre", "4711"))),
        "anthropic-messages",
        "chat",
        "smart",
        true,
        Optional.of(200),
        Attempt.Outcome.ANSWERED,
        Optional.empty(),
        List.of(attempt),
        1_900_321_999,
        Optional.of(640_300_000L),
        2_048,
        70_000,
        List.of(),
        Optional.empty(),
        new Decision(
            3,
            "in the order of the route",
            List.of("claude/claude-sonnet-4-5", "openai/gpt-5.1"),
            List.of(),
            List.of("first of the route")),
        Optional.empty(),
        Purpose.CALL);
  }

  private static Cost.Line line(String item, long quantity, String each) {
    var price = new BigDecimal(each);
    return new Cost.Line(
        item,
        BigDecimal.valueOf(quantity),
        Optional.of(price),
        Money.of(price.multiply(BigDecimal.valueOf(quantity)), Currencies.USD));
  }

  /** Any call there may be. */
  public Exchange any(String id) {
    return new Exchange(
        id,
        NOON.plusNanos(chance.nextLong(86_400_000_000_000L)),
        maybe(() -> new CallerName(text(), text(), text(), text(), Map.of("a", text(), "é", ""))),
        text(),
        chance.nextInt(5) == 0 ? "count_tokens" : "chat",
        text(),
        chance.nextBoolean(),
        maybe(() -> chance.nextInt(1_000)),
        one(Attempt.Outcome.values()),
        maybe(this::text),
        many(this::attempt),
        chance.nextLong(),
        maybe(chance::nextLong),
        chance.nextLong(1L << 40),
        -chance.nextLong(10),
        many(this::text),
        maybe(() ->
            TraceParent.parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
                .orElseThrow()),
        new Decision(
            chance.nextLong(),
            text(),
            many(this::text),
            many(() -> new Exclusion(text(), text(), text())),
            many(this::text),
            many(() ->
                new Clause(text(), chance.nextBoolean(), text(), chance.nextInt(99), text()))),
        Optional.empty(),
        one(Purpose.values()));
  }

  private Attempt attempt() {
    var plain =
        new Attempt(
            "openai/" + text(),
            chance.nextBoolean() ? "openai" : "anthropic",
            text(),
            text(),
            text(),
            text(),
            chance.nextBoolean(),
            chance.nextLong(10_000_000_000L),
            maybe(chance::nextLong),
            chance.nextLong(),
            maybe(() -> 429),
            one(Attempt.Outcome.values()),
            maybe(this::text),
            maybe(this::text),
            maybe(this::text),
            maybe(this::text),
            usage());
    var priced = chance.nextInt(3) == 0 ? plain : plain.with(cost());
    return chance.nextInt(8) == 0 ? priced.goingOnAfter(chance.nextInt(1_000)) : priced;
  }

  private Usage usage() {
    var tokens = new TreeMap<Leaf, Long>();
    for (Leaf leaf : LEAVES) {
      if (chance.nextBoolean()) {
        tokens.put(leaf, chance.nextLong(1_000_000));
      }
    }
    return new Usage(
        new Tokens(tokens),
        chance.nextBoolean()
            ? Map.of()
            : Map.of("cost", new BigDecimal("1E+999999999"), "web_search_requests", quantity()),
        maybe(this::text),
        maybe(() -> "{\"n\":" + chance.nextInt() + "}"),
        chance.nextBoolean(),
        chance.nextInt(4) == 0 ? many(this::text) : List.of());
  }

  private Cost cost() {
    var in = chance.nextInt(5) == 0 ? Currencies.of("EUR") : Currencies.USD;
    return Cost.of(
        many(() ->
            new Cost.Line(
                "output." + items++, quantity(), maybe(this::quantity), Money.of(quantity(), in))),
        chance.nextInt(3) > 0
            ? List.of()
            : many(() -> new Cost.Unpriced(text(), quantity(), text(), Money.of(quantity(), in))),
        in,
        text());
  }

  private BigDecimal quantity() {
    return new BigDecimal(new BigInteger(chance.nextInt(90), chance), chance.nextInt(30));
  }

  private String text() {
    return switch (chance.nextInt(6)) {
      case 0 -> "";
      case 1 -> "né \"quoted\" \\ \u0001 \u4e16 \ud83d\ude00";
      case 2 -> "x".repeat(chance.nextInt(600));
      default -> "word" + chance.nextInt(1_000);
    };
  }

  private <T> Optional<T> maybe(Supplier<T> some) {
    return chance.nextBoolean() ? Optional.of(some.get()) : Optional.empty();
  }

  private <T> List<T> many(Supplier<T> each) {
    var many = new ArrayList<T>();
    for (int i = chance.nextInt(4); i > 0; i--) {
      many.add(each.get());
    }
    return many;
  }

  private <T> T one(T[] all) {
    return all[chance.nextInt(all.length)];
  }
}
