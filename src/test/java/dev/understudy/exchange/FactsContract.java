package dev.understudy.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.money.Cost;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the store of attempts does wherever it is; each store runs it. */
public abstract class FactsContract {
  private static final Currency USD = Currencies.USD;
  private static final Instant NOON = Instant.parse("2026-10-31T12:00:00Z");
  private static final Instant ALWAYS = Instant.parse("2100-01-01T00:00:00Z");

  private Facts facts;
  private FactStore store;

  /** A store of no attempts, as the reading and the writing side. */
  protected abstract FactStore fresh() throws Exception;

  @BeforeEach
  void open() throws Exception {
    store = fresh();
    facts = (Facts) store;
  }

  private static Cost.Line line(String item, String quantity, String each) {
    var many = new BigDecimal(quantity);
    var price = new BigDecimal(each);
    return new Cost.Line(item, many, Optional.of(price), Money.of(many.multiply(price), USD));
  }

  private static Fact fact(String exchange, int index, Instant at, Optional<Cost> cost) {
    var leaves = new TreeMap<String, BigDecimal>();
    cost.ifPresent(said -> {
      said.lines().forEach(one -> leaves.put(one.item(), one.quantity()));
      said.unpriced().forEach(one -> leaves.put(one.item(), one.quantity()));
    });
    return new Fact(
        exchange,
        index,
        at,
        "acme",
        "search",
        "key_1",
        Map.of("cost-centre", "42", "app", "né"),
        "smart",
        Purpose.CALL,
        "anthropic",
        "anthropic",
        "claude-sonnet-4-5",
        "claude-sonnet-4-5-20250929",
        "env:ANTHROPIC_API_KEY",
        "us",
        "standard",
        Attempt.Outcome.ANSWERED,
        false,
        leaves,
        cost);
  }

  private static Fact usual(String exchange, Instant at) {
    return fact(
        exchange,
        0,
        at,
        Optional.of(
            Cost.of(
                List.of(
                    line("input.text", "3", "0.000003"),
                    line("input.text.write_5m", "12304", "0.00000375"),
                    line("output.text", "550", "0.000015")),
                List.of(),
                USD,
                "list/anthropic/claude-sonnet-4-5@2025-09-29")));
  }

  private List<Fact> all(Instant from, Instant until) throws IOException {
    var all = new ArrayList<Fact>();
    facts.each(from, until, all::add);
    return all;
  }

  private Map<String, Facts.Sum> sums(Instant from, Instant until, Facts.Grain grain)
      throws IOException {
    var sums = new TreeMap<String, Facts.Sum>();
    facts.sums(
        from,
        until,
        grain,
        sum ->
            assertThat(
                    sums.put(
                        sum.begins() + " " + sum.item() + " " + sum.priced() + sum.each(), sum))
                .isNull());
    return sums;
  }

  @Test
  void anAttemptIsReadAsItWasKept() throws IOException {
    Cost odd =
        Cost.of(
            List.of(
                // By steps: no one price, and an amount that is no product.
                new Cost.Line(
                    "input.text", new BigDecimal("300.50"), Optional.empty(), usd("0.0238")),
                // A unit of which the usage has another count.
                line("web_search_requests", "2", "0.01"),
                new Cost.Line("minimum", BigDecimal.ONE, Optional.of(BigDecimal.ONE), usd("2"))),
            List.of(
                new Cost.Unpriced(
                    "audio seconds", new BigDecimal("1E+3"), "no price in \"x\"", usd("0.5"))),
            USD,
            "list/x");
    Fact whole = fact("b", 1, NOON.plusNanos(1_234_567), Optional.of(odd));
    var leaves = new TreeMap<>(whole.leaves());
    leaves.put("web_search_requests", new BigDecimal("3"));
    leaves.put("mischief", new BigDecimal("1E+999999999"));
    Fact kept =
        new Fact(
            "b",
            1,
            whole.occurredAt(),
            "",
            "",
            "",
            Map.of(),
            "",
            Purpose.SHADOW,
            "v",
            "",
            "",
            "",
            "",
            "",
            "",
            Attempt.Outcome.BROKEN,
            true,
            leaves,
            whole.cost());
    Fact nothing = fact("c", 0, NOON.plusSeconds(1), Optional.empty());

    assertThat(store.keep(List.of(nothing, usual("a", NOON), kept))).isEqualTo(3);

    assertThat(all(NOON, ALWAYS)).containsExactly(usual("a", NOON), kept, nothing);
    assertThat(all(NOON, NOON.plusMillis(1))).containsExactly(usual("a", NOON));
    assertThat(all(NOON.plusMillis(1), NOON.plusMillis(2))).containsExactly(kept);
    assertThat(kept.occurredAt()).isEqualTo(NOON.plusMillis(1));
  }

  private static Money usd(String amount) {
    return Money.of(new BigDecimal(amount), USD);
  }

  @Test
  void anAttemptIsKeptOnceHoweverOftenItIsTold() throws IOException {
    assertThat(store.keep(List.of(usual("a", NOON), usual("a", NOON), usual("b", NOON))))
        .isEqualTo(2);
    assertThat(store.keep(List.of(usual("b", NOON), usual("c", NOON), usual("a", NOON))))
        .isEqualTo(1);

    assertThat(all(NOON, ALWAYS)).hasSize(3);
    Facts.Sum input =
        sums(NOON, ALWAYS, Facts.Grain.WHOLE).values().stream()
            .filter(sum -> sum.item().equals("input.text"))
            .findFirst()
            .orElseThrow();
    assertThat(input.attempts()).isEqualTo(3);
    assertThat(input.quantity()).isEqualTo("9");
    assertThat(input.amount()).isEqualTo(usd("0.000027"));
    assertThat(input.each()).contains(new BigDecimal("0.000003"));
    assertThat(input.group().price()).isEqualTo("list/anthropic/claude-sonnet-4-5@2025-09-29");
    assertThat(input.begins()).isEqualTo(NOON);
    assertThat(input.ends()).isEqualTo(ALWAYS);
  }

  @Test
  void whatHasNoPriceIsCountedApartAndWhatCostsNothingIsThere() throws IOException {
    Cost suspended =
        Cost.of(
            List.of(line("input.text", "10", "0.1")),
            List.of(new Cost.Unpriced("input.text", BigDecimal.TWO, "why", usd("0.7"))),
            USD,
            "list/x");
    store.keep(
        List.of(fact("a", 0, NOON, Optional.of(suspended)), fact("b", 0, NOON, Optional.empty())));

    List<Facts.Sum> sums = List.copyOf(sums(NOON, NOON.plusSeconds(1), Facts.Grain.HOUR).values());

    assertThat(sums).extracting(Facts.Sum::item).containsExactly("", "input.text", "input.text");
    assertThat(sums.get(0).attempts()).isEqualTo(1);
    assertThat(sums.get(0).amount().isZero()).isTrue();
    assertThat(sums.get(1).priced()).isFalse();
    assertThat(sums.get(1).amount()).isEqualTo(usd("0"));
    assertThat(sums.get(1).counted()).isEqualTo(usd("0.7"));
    assertThat(sums.get(2).priced()).isTrue();
    assertThat(sums.get(2).amount()).isEqualTo(usd("1"));
    assertThat(sums.get(2).counted()).isEqualTo(usd("1"));
  }

  @Test
  void sumsAreThoseOfTheAttemptsWhateverTheSpanAndTheOrder() throws IOException {
    var chance = new Random(20261127);
    var kept = new ArrayList<Fact>();
    for (int i = 0; i < 400; i++) {
      Instant at = NOON.plusMillis(chance.nextLong(Duration.ofHours(40).toMillis()));
      BigDecimal each = BigDecimal.valueOf(1 + chance.nextInt(3), 7 + chance.nextInt(2));
      BigDecimal many = BigDecimal.valueOf(chance.nextInt(100_000));
      kept.add(
          fact(
              "x" + i,
              chance.nextInt(2),
              at,
              Optional.of(
                  Cost.of(
                      List.of(line("input.text", many.toString(), each.toPlainString())),
                      List.of(),
                      USD,
                      "list/" + chance.nextInt(3)))));
    }
    var told = new ArrayList<>(kept);
    told.addAll(kept.subList(0, 200));
    Collections.shuffle(told, chance);
    for (int i = 0; i < told.size(); i += 50) {
      store.keep(told.subList(i, i + 50));
    }

    for (int i = 0; i < 30; i++) {
      // From the middle of an hour and from its first instant, over hours and within one.
      long hour = Duration.ofHours(1).toMillis();
      long offset = chance.nextLong(20 * hour);
      Instant from = NOON.plusMillis(i % 2 == 0 ? offset : offset / hour * hour);
      Instant until = from.plusMillis(1 + chance.nextLong(i % 3 == 0 ? hour : 20 * hour));
      Facts.Grain grain = Facts.Grain.values()[i % 3];
      var expected = new HashMap<String, BigDecimal>();
      for (Fact fact : kept) {
        if (!fact.occurredAt().isBefore(from) && fact.occurredAt().isBefore(until)) {
          Cost cost = fact.cost().orElseThrow();
          expected.merge(
              cost.price()
                  + " "
                  + cost.lines().getFirst().each().orElseThrow().stripTrailingZeros(),
              cost.total().amount(),
              BigDecimal::add);
        }
      }
      var found = new HashMap<String, BigDecimal>();
      facts.sums(
          from,
          until,
          grain,
          sum -> {
            assertThat(sum.begins()).isBetween(from, until);
            assertThat(sum.ends()).isBetween(from, until);
            found.merge(
                sum.group().price() + " " + sum.each().orElseThrow().stripTrailingZeros(),
                sum.amount().amount(),
                BigDecimal::add);
          });
      assertThat(found.keySet()).isEqualTo(expected.keySet());
      found.forEach((key, amount) -> assertThat(amount).isEqualByComparingTo(expected.get(key)));
    }
  }

  @Test
  void daysAndHoursAreCutAtTheirBoundsInUtc() throws IOException {
    Instant midnight = Instant.parse("2026-11-01T00:00:00Z");
    store.keep(
        List.of(
            usual("a", midnight.minusMillis(1)),
            usual("b", midnight),
            usual("c", midnight.plusSeconds(3_599)),
            usual("d", midnight.plusSeconds(3_600))));

    Instant from = midnight.minusSeconds(1_800);
    Instant until = midnight.plusSeconds(3_700);
    var days = sums(from, until, Facts.Grain.DAY);
    var hours = sums(from, until, Facts.Grain.HOUR);

    assertThat(days.values().stream().filter(sum -> sum.item().equals("output.text")))
        .extracting(sum -> sum.begins() + " " + sum.ends() + " " + sum.attempts())
        .containsExactly(
            "2026-10-31T23:30:00Z 2026-11-01T00:00:00Z 1",
            "2026-11-01T00:00:00Z 2026-11-01T01:01:40Z 3");
    assertThat(hours.values().stream().filter(sum -> sum.item().equals("output.text")))
        .extracting(sum -> sum.begins() + " " + sum.attempts())
        .containsExactly(
            "2026-10-31T23:30:00Z 1", "2026-11-01T00:00:00Z 2", "2026-11-01T01:00:00Z 1");
  }

  @Test
  void sumsOfWholeHoursStayWhenAttemptsAreForgotten() throws IOException {
    store.keep(
        List.of(
            usual("a", NOON),
            usual("b", NOON.plusSeconds(3_000)),
            usual("c", NOON.plusSeconds(3_600))));
    var before = sums(NOON, ALWAYS, Facts.Grain.HOUR);

    assertThat(store.prune(NOON.plusSeconds(4_000))).isEqualTo(2);

    assertThat(sums(NOON, ALWAYS, Facts.Grain.HOUR)).isEqualTo(before);
    assertThat(all(NOON.plusSeconds(3_600), ALWAYS)).hasSize(1);
    assertThatThrownBy(() -> all(NOON, ALWAYS))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "attempts before 2026-10-31T13:00:00Z are no longer kept one by one; begin then, or ask for sums of whole hours");
    assertThatThrownBy(() -> sums(NOON.plusSeconds(1), ALWAYS, Facts.Grain.WHOLE))
        .hasMessageContaining("no longer kept");
    assertThat(sums(NOON.plusSeconds(3_601), ALWAYS, Facts.Grain.WHOLE)).isEmpty();
  }
}
