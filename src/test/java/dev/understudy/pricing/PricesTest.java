package dev.understudy.pricing;

import static dev.understudy.pricing.Books.NOON;
import static dev.understudy.pricing.Books.book;
import static dev.understudy.pricing.Books.cost;
import static dev.understudy.pricing.Books.inAndOut;
import static dev.understudy.pricing.Books.prices;
import static dev.understudy.pricing.Books.total;
import static dev.understudy.pricing.Books.usage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Usage;
import dev.understudy.money.Cost;
import dev.understudy.money.Money;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What usages cost by books of every kind. */
final class PricesTest {
  private static final String CLIFF =
      """
      v:
        source: page
        tiers: {default: standard}
        models:
          m:
            prices:
              - from: 2025-01-01
                tokens: {input.text: 2, input.text.read: 0.2, output.text: 10}
                also:
                  - {when: {above: 200000}, tokens: {input.text: 4, input.text.read: 0.4, output.text: 15}}
                  - {when: {tier: batch}, times: 0.5}
                  - {when: {tier: priority}, tokens: {input.text: 3.5, output.text: 17.5}}
                  - {when: {region: us}, times: 1.1}
      """;

  @Test
  void everyLeafHasItsLineAndTheLinesAreTheTotal() {
    Cost cost =
        cost(
            prices(book(CLIFF)),
            "v",
            "m",
            usage(inAndOut(1_000, 100).with(Leaf.CACHE_READ, 500).with(Leaf.REASONING, 50)));

    assertThat(cost.lines())
        .extracting(line -> line.item() + " " + line.amount())
        .containsExactly(
            "input.text 0.002 USD",
            "input.text.read 0.0001 USD",
            "output.text 0.001 USD",
            "output.text.reasoning 0.0005 USD");
    assertThat(cost.total()).hasToString("0.0036 USD");
    assertThat(cost.counted()).isEqualTo(cost.total());
    assertThat(cost.isWhole()).isTrue();
    assertThat(cost.price()).isEqualTo("list/v/m@2025-01-01");
  }

  @Test
  void aCliffPutsTheWholeRequestIntoOneTierAndCountsCachedTokens() {
    Prices prices = prices(book(CLIFF));

    assertThat(total(prices, "v", "m", usage(inAndOut(200_000, 0)))).isEqualTo("0.4 USD");
    assertThat(total(prices, "v", "m", usage(inAndOut(200_001, 0)))).isEqualTo("0.800004 USD");
    Tokens mostlyCached = inAndOut(1, 1).with(Leaf.CACHE_READ, 200_000);
    assertThat(total(prices, "v", "m", usage(mostlyCached))).isEqualTo("0.080019 USD");
  }

  @Test
  void factorsApplyToTheTableThatHolds() {
    Prices prices = prices(book(CLIFF));

    assertThat(total(prices, "v", "m", usage(inAndOut(1_000, 0), "batch"))).isEqualTo("0.001 USD");
    assertThat(total(prices, "v", "m", usage(inAndOut(300_000, 0), "batch"))).isEqualTo("0.6 USD");
    assertThat(
            prices
                .cost(
                    new Use(
                        "v",
                        "v",
                        "m",
                        Optional.empty(),
                        Optional.of("us"),
                        Optional.of("batch"),
                        NOON,
                        NOON,
                        usage(inAndOut(300_000, 0))))
                .total())
        .hasToString("0.66 USD");
  }

  @Test
  void aMissingCombinationIsInSuspenseAndNotAtAWrongPrice() {
    Cost cost = cost(prices(book(CLIFF)), "v", "m", usage(inAndOut(300_000, 1), "priority"));

    assertThat(cost.total().isZero()).isTrue();
    assertThat(cost.unpriced()).hasSize(2);
    assertThat(cost.unpriced().getFirst().reason())
        .isEqualTo("no price for m with tier priority, above 200000");
    assertThat(cost.counted()).hasToString("3.00004 USD");
  }

  @Test
  void anUnknownTierIsInSuspense() {
    Cost cost = cost(prices(book(CLIFF)), "v", "m", usage(inAndOut(1, 0), "scale"));

    assertThat(cost.unpriced().getFirst().reason()).isEqualTo("no price for m with tier scale");
    assertThat(total(prices(book(CLIFF)), "v", "m", usage(inAndOut(1, 0), "default")))
        .isEqualTo("0.000002 USD");
  }

  @Test
  void aVendorsWordForItsUsualTierMeansThePlainPriceUnlessTheBookSaysOtherwise() {
    String plain =
        """
        v:
          source: page
          models:
            m: {prices: [{from: 2025-01-01, tokens: {input.text: 2}}]}
            own:
              prices:
                - from: 2025-01-01
                  tokens: {input.text: 2}
                  also: [{when: {tier: default}, tokens: {input.text: 3}}]
        """;
    Prices prices = prices(book(plain));
    for (String word : List.of("default", "auto", "standard", "on_demand", "ON_DEMAND")) {
      assertThat(total(prices, "v", "m", usage(inAndOut(1, 0), word))).isEqualTo("0.000002 USD");
    }
    for (String word : List.of("priority", "flex", "scale", "batch", "ON_DEMAND_PRIORITY")) {
      assertThat(cost(prices, "v", "m", usage(inAndOut(1, 0), word)).unpriced().getFirst().reason())
          .isEqualTo("no price for m with tier " + word);
    }
    var ask = new Ask("v", "v", "m", Optional.empty(), Optional.of("default"), NOON, 1, 0);
    assertThat(prices.worstCase(ask).total()).hasToString("0.000002 USD");

    assertThat(total(prices, "v", "own", usage(inAndOut(1, 0), "default")))
        .isEqualTo("0.000003 USD");
    Prices translated = prices(book(plain.replace("v:\n", "v:\n  tiers: {default: flex}\n")));
    assertThat(
            cost(translated, "v", "m", usage(inAndOut(1, 0), "default"))
                .unpriced()
                .getFirst()
                .reason())
        .isEqualTo("no price for m with tier flex");
  }

  @Test
  void aLeafWithoutAPriceIsInSuspenseAndTheOthersArePriced() {
    Leaf audio = Leaf.input(Leaf.Modality.AUDIO);
    Cost cost = cost(prices(book(CLIFF)), "v", "m", usage(inAndOut(1_000, 0).with(audio, 100)));

    assertThat(cost.total()).hasToString("0.002 USD");
    assertThat(cost.unpriced())
        .singleElement()
        .isEqualTo(
            new Cost.Unpriced(
                "input.audio",
                BigDecimal.valueOf(100),
                "no price in list/v/m@2025-01-01",
                Money.parse("0.001 USD")));
    assertThat(cost.counted()).hasToString("0.003 USD");
  }

  @Test
  void anUnknownModelIsInSuspense() {
    Cost cost = cost(prices(book(CLIFF)), "v", "m-mini", usage(inAndOut(10, 10)));

    assertThat(cost.unpriced()).hasSize(2);
    assertThat(cost.unpriced().getFirst().reason()).isEqualTo("no price for model m-mini of v");
    assertThat(cost.counted()).hasToString("0.0005 USD");
    assertThat(cost(Prices.NONE, "v", "m", usage(inAndOut(1, 0))).unpriced()).hasSize(1);
  }

  @Test
  void aModelIsFoundByItsDatedNameAndNeverByTheBeginningOfAnother() {
    Prices prices =
        prices(
            book(
                """
                v:
                  source: page
                  models:
                    gpt-5.1: {prices: [{from: 2025-11-13, tokens: {input.text: 1, output.text: 1}}]}
                    gpt-4o: {prices: [{from: 2024-05-13, tokens: {input.text: 2, output.text: 2}}]}
                    gpt-4o-2024-05-13:
                      prices: [{from: 2024-05-13, tokens: {input.text: 5, output.text: 5}}]
                    claude: {names: ["*.claude-v1:0"], prices: [{from: 2024-05-13, tokens: {input.text: 7}}]}
                """));

    assertThat(total(prices, "v", "gpt-5.1-2025-11-13", usage(inAndOut(1, 0))))
        .isEqualTo("0.000001 USD");
    assertThat(total(prices, "v", "gpt-5.1@20251113", usage(inAndOut(1, 0))))
        .isEqualTo("0.000001 USD");
    assertThat(total(prices, "v", "gpt-4o-2024-05-13", usage(inAndOut(1, 0))))
        .isEqualTo("0.000005 USD");
    assertThat(total(prices, "v", "us.anthropic.claude-v1:0", usage(inAndOut(1, 0))))
        .isEqualTo("0.000007 USD");
    for (String other : new String[] {"gpt-5.1-codex", "gpt-5.1-mini", "gpt-5", "gpt-5.1-2025"}) {
      assertThat(cost(prices, "v", other, usage(inAndOut(1, 0))).unpriced()).as(other).hasSize(1);
    }
  }

  @Test
  void theModelThatAnsweredIsPricedBeforeTheOneThatWasAsked() {
    Prices prices =
        prices(
            book(
                """
                v:
                  source: page
                  models:
                    small: {prices: [{from: 2025-01-01, tokens: {input.text: 1}}]}
                    large: {prices: [{from: 2025-01-01, tokens: {input.text: 9}}]}
                """));
    Use use =
        new Use(
            "v",
            "v",
            "large",
            Optional.of("small-2025-02-03"),
            Optional.empty(),
            Optional.empty(),
            NOON,
            NOON,
            usage(inAndOut(1, 0)));

    assertThat(prices.cost(use).total()).hasToString("0.000001 USD");
    assertThat(cost(prices, "v", "my-deployment", usage(inAndOut(1, 0))).isWhole()).isFalse();
  }

  @Test
  void thePriceThatHeldAtTheTimeOfUseCounts() {
    Prices prices =
        prices(
            book(
                """
                v:
                  source: page
                  models:
                    m:
                      prices:
                        - {from: 2025-01-01, to: "2026-02-03T04:05:06Z", tokens: {input.text: 4}}
                        - {from: "2026-02-03T04:05:06Z", tokens: {input.text: 3}}
                """));
    var usage = usage(inAndOut(1_000_000, 0));

    assertThat(at(prices, "2026-02-03T04:05:05.999999999Z", usage)).isEqualTo("4 USD");
    assertThat(at(prices, "2026-02-03T04:05:06Z", usage)).isEqualTo("3 USD");
    Cost before = prices.cost(Use.of("v", "v", "m", Instant.parse("2024-12-31T23:59:59Z"), usage));
    assertThat(before.unpriced().getFirst().reason())
        .isEqualTo("no price for m on 2024-12-31: its prices begin at 2025-01-01T00:00:00Z");
  }

  private static String at(Prices prices, String instant, Usage usage) {
    return prices.cost(Use.of("v", "v", "m", Instant.parse(instant), usage)).total().toString();
  }

  @Test
  void hoursOfTheDayAreUtcMayPassMidnightAndGoByTheEndWhereTheVendorSaysSo() {
    String vendor =
        """
        v:
          source: page
          clock: %s
          models:
            m:
              prices:
                - from: 2025-01-01
                  tokens: {input.text: 2}
                  also: [{when: {hours: "16:30-00:30"}, times: 0.5}]
        """;
    Prices byStart = prices(book(vendor.formatted("start")));
    Prices byEnd = prices(book(vendor.formatted("end")));
    var usage = usage(inAndOut(1_000_000, 0));

    assertThat(at(byStart, "2026-03-29T16:29:59Z", usage)).isEqualTo("2 USD");
    assertThat(at(byStart, "2026-03-29T16:30:00Z", usage)).isEqualTo("1 USD");
    assertThat(at(byStart, "2026-03-30T00:29:59Z", usage)).isEqualTo("1 USD");
    assertThat(at(byStart, "2026-03-30T00:30:00Z", usage)).isEqualTo("2 USD");
    Use across =
        new Use(
            "v",
            "v",
            "m",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Instant.parse("2026-03-29T16:29:00Z"),
            Instant.parse("2026-03-29T16:31:00Z"),
            usage);
    assertThat(byStart.cost(across).total()).hasToString("2 USD");
    assertThat(byEnd.cost(across).total()).hasToString("1 USD");
  }

  @Test
  void unitsArePricedByTheVendorsNameAndUnknownOnesAreInSuspense() {
    Prices prices =
        prices(
            book(
                """
                v:
                  source: page
                  free: ["cost*", total_pages]
                  signals: {speed.fast: {tier: fast}, geo.us: {region: us}}
                  models:
                    m:
                      prices:
                        - from: 2025-01-01
                          tokens: {input.text: 1, output.text: 1}
                          units: {web_search_requests: 0.01, seconds: 0.0001, pages: 0.002}
                          also:
                            - {when: {tier: fast}, times: 6}
                            - {when: {region: us}, times: 1.1}
                """));
    Cost cost =
        cost(
            prices,
            "v",
            "m",
            usage(
                inAndOut(1_000_000, 0),
                Map.of(
                    "web_search_requests", new BigDecimal(3),
                    "seconds", new BigDecimal("12.5"),
                    "cost_in_usd", new BigDecimal("0.1"),
                    "speed.fast", BigDecimal.ONE,
                    "geo.us", BigDecimal.ONE,
                    "dances", new BigDecimal(2))));

    assertThat(cost.total()).hasToString("6.63125 USD");
    assertThat(cost.unpriced()).singleElement().extracting(Cost.Unpriced::item).isEqualTo("dances");
    assertThat(cost.counted()).hasToString("8.63125 USD");
  }

  @Test
  void aQuantityThatWouldFillMemoryIsNotMultiplied() {
    Cost cost =
        cost(
            prices(book(CLIFF)),
            "v",
            "m",
            usage(Tokens.NONE, Map.of("searches", new BigDecimal("1E+999999999"))));

    assertThat(cost.unpriced().getFirst().reason())
        .isEqualTo("what the vendor sent is no quantity");
    assertThat(cost.counted()).hasToString("1 USD");
  }

  @Test
  void aCallCostsAtLeastTheMinimum() {
    Prices prices =
        prices(
            book(
                """
                v:
                  source: page
                  models:
                    m: {prices: [{from: 2025-01-01, tokens: {input.text: 1}, minimum: 0.001}]}
                """));

    assertThat(total(prices, "v", "m", usage(inAndOut(10, 0)))).isEqualTo("0.001 USD");
    assertThat(total(prices, "v", "m", usage(inAndOut(2_000, 0)))).isEqualTo("0.002 USD");
  }

  private static final String NEGOTIATED =
      """
      book: ours
      kind: negotiated
      currency: USD
      sources: {deal: {where: "master agreement, annex 2", checked: 2026-01-15, mark: contract}}
      vendors:
        v-eu:
          source: deal
          models:
            m: {prices: [{from: 2026-01-01, to: 2026-12-31, tokens: {input.text: 1.5}}]}
      """;

  @Test
  void whatWasNegotiatedForAVendorComesBeforeTheListWhileItHolds() {
    Prices prices = prices(book(CLIFF), NEGOTIATED);
    var usage = usage(inAndOut(1_000_000, 0));

    assertThat(prices.cost(Use.of("v-eu", "v", "m", NOON, usage)).total()).hasToString("1.5 USD");
    assertThat(prices.cost(Use.of("v-us", "v", "m", NOON, usage)).total()).hasToString("4 USD");
    assertThat(
            prices
                .cost(Use.of("v-eu", "v", "m", Instant.parse("2027-01-01T00:00:00Z"), usage))
                .total())
        .hasToString("4 USD");
  }

  @Test
  void aLeafThatWasNotNegotiatedIsOnTheListOnlyIfThatWasSaid() {
    var usage = usage(inAndOut(1_000_000, 1_000));
    Cost strict = prices(book(CLIFF), NEGOTIATED).cost(Use.of("v-eu", "v", "m", NOON, usage));
    Cost open =
        prices(
                book(CLIFF),
                NEGOTIATED.replace("    source: deal\n", "    source: deal\n    rest: next\n"))
            .cost(Use.of("v-eu", "v", "m", NOON, usage));

    assertThat(strict.unpriced())
        .singleElement()
        .extracting(Cost.Unpriced::item)
        .isEqualTo("output.text");
    assertThat(open.isWhole()).isTrue();
    assertThat(open.total()).hasToString("1.515 USD");
  }

  @Test
  void costPlusIsMadeFromAnotherBook() {
    Prices prices =
        prices(
            book(CLIFF),
            """
            book: resale
            kind: negotiated
            currency: USD
            vendors:
              v: {basis: {book: list, times: 1.15, plus: 0.0005}}
            """);
    Cost cost = cost(prices, "v", "m", usage(inAndOut(1_000, 100)));

    assertThat(cost.total()).hasToString("0.00395 USD");
    assertThat(cost.price()).isEqualTo("resale (list/v/m@2025-01-01 times 1.15)");
    assertThat(cost(prices, "v", "unknown", usage(inAndOut(1, 0))).isWhole()).isFalse();
  }

  @Test
  void capacityIsPaidByTheBegunHourWhetherUsedOrNot() {
    PriceBook book =
        Books.read(
            """
            book: ours
            currency: USD
            unpriced: {input: 1, output: 1, unit: 1}
            vendors: {azure-eu: {capacity: {ptu: {unit: PTU, per-hour: 1.00}}}}
            """);
    CapacityPrice ptu = book.capacity("azure-eu", "ptu").orElseThrow();
    Instant start = Instant.parse("2026-04-01T00:00:00Z");

    assertThat(ptu.cost(100, start, start.plusSeconds(720 * 3_600))).hasToString("72000 USD");
    assertThat(ptu.cost(1, start, start.plusSeconds(3_601))).hasToString("2 USD");
    assertThatThrownBy(() -> ptu.cost(1, start, start.minusSeconds(1)))
        .hasMessageContaining("no capacity");
  }

  @Test
  void booksThatLackWhatTheyNeedOfOthersAreRefused() {
    assertThatThrownBy(() -> prices(book(CLIFF), book(CLIFF)))
        .hasMessage("two price books are called list");
    assertThatThrownBy(() -> prices(NEGOTIATED.replace("USD", "EUR"), book(CLIFF)))
        .hasMessageContaining("states what counts for what has no price");
    assertThatThrownBy(() ->
            prices(
                book("v: {basis: {book: elsewhere, times: 2}}").replace("book: list", "book: x")))
        .hasMessageContaining("made from book elsewhere, which is not there");
  }

  @Test
  void theWorstCaseIsTheDearestThatTheCallCanTurnOutToBe() {
    Prices prices = prices(book(CLIFF));

    // Above the cliff, from the dearer region: 300 000 at 4 and 10 000 at 15, times 1.1.
    assertThat(prices.worstCase(ask("m", Optional.empty(), 300_000, 10_000)).counted())
        .hasToString("1.485 USD");
    assertThat(prices.worstCase(ask("m", Optional.of("eu"), 1_000, 100)).isWhole()).isFalse();
    assertThat(prices.worstCase(ask("none", Optional.empty(), 1_000_000, 1_000_000)).counted())
        .hasToString("50 USD");
    assertThat(prices.estimate(ask("m", Optional.empty(), 1_000, 100)).total())
        .hasToString("0.003 USD");
  }

  private static Ask ask(String model, Optional<String> region, long input, long output) {
    return new Ask("v", "v", model, region, Optional.empty(), NOON, input, output);
  }
}
