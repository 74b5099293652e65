package dev.understudy.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Tokens;
import dev.understudy.money.Cost;
import dev.understudy.vendor.Catalogue;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The price book that is shipped. */
final class ShippedTest {
  private static final Prices LIST = new Prices(List.of(Shipped.list()));

  @Test
  void everyVendorOfTheListIsAKindOfTheCatalogue() {
    Catalogue catalogue = Catalogue.load();

    assertThat(Shipped.list().vendors().keySet())
        .allMatch(name -> catalogue.kind(name).filter(k -> k.name().equals(name)).isPresent());
  }

  @Test
  void everyPriceHasASourceThatWasChecked() {
    for (VendorPrices vendor : Shipped.list().vendors().values()) {
      for (ModelPrices model : vendor.models()) {
        for (PriceVersion version : model.versions()) {
          assertThat(version.source().checked()).isAfter(LocalDate.parse("2026-08-01"));
          assertThat(version.source().where()).startsWith("https://");
        }
      }
    }
  }

  @Test
  void modelsThatReadMeNamesHavePrices() {
    for (String target : List.of("openai/gpt-5.1", "anthropic/claude-sonnet-4-5")) {
      String[] names = target.split("/");
      Cost cost =
          LIST.cost(
              Use.of(
                  names[0],
                  names[0],
                  names[1],
                  Instant.parse("2026-11-27T12:00:00Z"),
                  Books.usage(Books.inAndOut(1_000, 100))));
      assertThat(cost.isWhole()).as(target).isTrue();
    }
  }

  @Test
  void aLongPromptOfHaikuCostsFiveTimesAsMuchAndTheAnswerToo() {
    assertThat(claude("claude-haiku-5-5", Books.inAndOut(100_000, 1_000), Map.of()))
        .isEqualTo("0.0105 USD");
    assertThat(
            claude(
                "claude-haiku-5-5",
                Books.inAndOut(1, 1_000).with(Leaf.CACHE_READ, 100_000),
                Map.of()))
        .isEqualTo("0.0075005 USD");
  }

  @Test
  void whatBecameCheaperIsCheaperFromThatDayOn() {
    var usage = Books.usage(Tokens.NONE.with(Leaf.CACHE_READ, 1_000_000));
    for (String[] day : new String[][] {{"2026-10-06", "0.2 USD"}, {"2026-10-07", "0.1 USD"}}) {
      assertThat(
              LIST.cost(
                      Use.of(
                          "anthropic",
                          "anthropic",
                          "claude-sonnet-5-5",
                          Instant.parse(day[0] + "T12:00:00Z"),
                          usage))
                  .total())
          .hasToString(day[1]);
    }
  }

  @Test
  void peakHoursOfDeepSeekCostTwiceOnWorkingDays() {
    assertThat(deepseek("2026-11-27T01:00:00Z")).isEqualTo("1.32 USD"); // a Friday
    assertThat(deepseek("2026-11-27T04:00:00Z")).isEqualTo("0.66 USD");
    assertThat(deepseek("2026-11-28T01:00:00Z")).isEqualTo("0.66 USD"); // a Saturday
    assertThat(deepseek("2026-08-16T15:59:59Z")).isEqualTo("0.435 USD");
    assertThat(deepseek("2026-08-16T16:00:00Z")).isEqualTo("0.66 USD");
    assertThat(deepseek("2026-08-22T02:00:00Z")).isEqualTo("1.32 USD"); // a Saturday, daily then
  }

  private static String deepseek(String at) {
    return LIST.cost(
            Use.of(
                "deepseek",
                "deepseek",
                "deepseek-v4-pro",
                Instant.parse(at),
                Books.usage(Books.inAndOut(1_000_000, 0))))
        .total()
        .toString();
  }

  @Test
  void whereClaudeRanAndHowFastIsInItsPrice() {
    Tokens million = Tokens.NONE.with(Leaf.INPUT, 1_000_000);

    assertThat(claude("claude-opus-4-6", million, Map.of())).isEqualTo("5 USD");
    assertThat(claude("claude-opus-4-6", million, Map.of("inference_geo.us", BigDecimal.ONE)))
        .isEqualTo("5.5 USD");
    assertThat(
            claude(
                "claude-opus-4-6",
                million,
                Map.of("inference_geo.us", BigDecimal.ONE, "speed.fast", BigDecimal.ONE)))
        .isEqualTo("33 USD");
    assertThat(
            claude(
                "claude-haiku-4-5",
                million,
                Map.of(
                    "inference_geo.us",
                    BigDecimal.ONE,
                    "speed.standard",
                    BigDecimal.ONE,
                    "server_tool_use.web_search_requests",
                    new BigDecimal(3))))
        .isEqualTo("1.03 USD");
  }

  private static String claude(String model, Tokens tokens, Map<String, BigDecimal> units) {
    Cost cost =
        LIST.cost(
            Use.of(
                "anthropic",
                "anthropic",
                model,
                Instant.parse("2026-11-27T12:00:00Z"),
                Books.usage(tokens, units)));
    assertThat(cost.unpriced()).isEmpty();
    return cost.total().toString();
  }

  @Test
  void aMarketsOwnWordIsThePriceAndItsSilenceIsNot() {
    Tokens tokens = Books.inAndOut(10, 10);
    Cost said =
        LIST.cost(
            Use.of(
                "openrouter",
                "openrouter",
                "any/model",
                Instant.now(),
                Books.usage(tokens, Map.of("cost", new BigDecimal("0.00014")))));
    Cost silent =
        LIST.cost(
            Use.of("openrouter", "openrouter", "any/model", Instant.now(), Books.usage(tokens)));

    assertThat(said.total()).hasToString("0.00014 USD");
    assertThat(said.isWhole()).isTrue();
    assertThat(silent.unpriced().getFirst().reason()).endsWith("and it reported no cost");
  }

  @Test
  void aClaudeOfARegionOfVertexCostsATenthMore() {
    var usage = Books.usage(Books.inAndOut(1_000_000, 0));
    Use regional =
        new Use(
            "vertex",
            "vertex",
            "claude-opus-4-6@20260205",
            Optional.empty(),
            Optional.of("regional"),
            Optional.empty(),
            Instant.parse("2026-08-07T12:00:00Z"),
            Instant.parse("2026-08-07T12:00:00Z"),
            usage);

    assertThat(LIST.cost(regional).total()).hasToString("5.5 USD");
  }

  @Test
  void aChangedBookIsToldPriceByPrice() {
    PriceBook before = Books.read(CHANGE.formatted("1.25", "10", "gone"));
    PriceBook after = Books.read(CHANGE.formatted("1.50", "25", "new"));

    assertThat(PriceChange.between(before, after))
        .extracting(PriceChange::line)
        .containsExactly(
            "- openai/gone input.text from 2025-01-01: 1 -> none",
            "~ openai/m input.text from 2025-01-01: 1.25 -> 1.50 (+20.0 %)",
            "~ openai/m output.text from 2025-01-01: 10 -> 25 (+150.0 %)  ! more than a factor of two",
            "+ openai/new input.text from 2025-01-01: none -> 1");
    assertThat(PriceChange.between(before, before)).isEmpty();
    assertThat(PriceChange.between(Shipped.list(), Shipped.list())).isEmpty();
  }

  @Test
  void aChangeOfThePastOrOfTheFutureIsToldWithItsDates() {
    PriceBook before =
        dated(
            """
            - {from: 2025-01-01, to: 2026-01-01, tokens: {input.text: 1, output.text: 8}}
            - {from: 2026-01-01, tokens: {input.text: 2, output.text: 8}}
            """);

    // What has been is restated.
    assertThat(
            PriceChange.between(
                before,
                dated(
                    """
                    - {from: 2025-01-01, to: 2026-01-01, tokens: {input.text: 1.5, output.text: 8}}
                    - {from: 2026-01-01, tokens: {input.text: 2, output.text: 8}}
                    """)))
        .extracting(PriceChange::line)
        .containsExactly(
            "~ openai/m input.text from 2025-01-01 until 2026-01-01: 1 -> 1.5 (+50.0 %)");
    // The same prices, from another day on.
    assertThat(
            PriceChange.between(
                before,
                dated(
                    """
                    - {from: 2025-01-01, to: 2026-03-01, tokens: {input.text: 1, output.text: 8}}
                    - {from: 2026-03-01, tokens: {input.text: 2, output.text: 8}}
                    """)))
        .extracting(PriceChange::line)
        .containsExactly(
            "~ openai/m input.text from 2026-01-01 until 2026-03-01: 2 -> 1 (-50.0 %)");
    // What is announced, with a discount, in the middle of a day.
    assertThat(
            PriceChange.between(
                before,
                dated(
                    """
                    - {from: 2025-01-01, to: 2026-01-01, tokens: {input.text: 1, output.text: 8}}
                    - {from: 2026-01-01, to: "2027-06-01T16:00:00Z", tokens: {input.text: 2, output.text: 8}}
                    - {from: "2027-06-01T16:00:00Z", tokens: {input.text: 2, output.text: 8}, also: [{when: {tier: batch}, times: 0.5}]}
                    """)))
        .extracting(PriceChange::line)
        .containsExactly("+ openai/m [tier batch] factor from 2027-06-01T16:00:00Z: none -> 0.5");
  }

  @Test
  void whatElseABookSaysIsToldToo() {
    assertThat(PriceChange.between(dated(PLAIN), Books.read(OTHERWISE)))
        .extracting(PriceChange::line)
        .containsExactly(
            "~ currency: USD -> EUR",
            "~ unpriced output: 40 -> 80 (+100.0 %)",
            "+ openai fallback output.text.reasoning: none -> output.text",
            "+ openai free cost: none -> free",
            "+ openai tier default: none -> standard",
            "+ openai/m called our-m: none -> by this name",
            "~ source of 1 price: https://example.com, checked 2026-06-01, verified"
                + " -> https://example.com, checked 2026-11-01, witness");
  }

  private static PriceBook dated(String versions) {
    return Books.read(
        """
        book: list
        currency: USD
        sources: {page: {where: "https://example.com", checked: 2026-06-01, mark: verified}}
        unpriced: {input: 10, output: 40, unit: 1}
        vendors:
          openai:
            source: page
            models:
              m:
                prices:
        """
            + versions.indent(10));
  }

  private static final String PLAIN = "- {from: 2025-01-01, tokens: {input.text: 1}}\n";
  private static final String OTHERWISE =
      """
      book: list
      currency: EUR
      sources: {page: {where: "https://example.com", checked: 2026-11-01, mark: witness}}
      unpriced: {input: 10, output: 80, unit: 1}
      fallbacks: {output.text.reasoning: output.text}
      free: [cost]
      vendors:
        openai:
          source: page
          tiers: {default: standard}
          models:
            m: {names: [our-m], prices: [{from: 2025-01-01, tokens: {input.text: 1}}]}
      """;

  private static final String CHANGE =
      """
      book: list
      currency: USD
      sources: {page: {where: "https://example.com", checked: 2026-06-01, mark: verified}}
      unpriced: {input: 10, output: 40, unit: 1}
      vendors:
        openai:
          source: page
          models:
            m: {prices: [{from: 2025-01-01, tokens: {input.text: %s, output.text: %s}}]}
            %s: {prices: [{from: 2025-01-01, tokens: {input.text: 1}}]}
      """;

  /** Neither what embeds texts, nor names of the book's own, nor what is not sold any more. */
  @Test
  void modelsThatAnswerAreToldAsTheirVendorNamesThem() {
    Instant now = Instant.parse("2026-11-28T00:00:00Z");

    assertThat(LIST.models("openai", "openai", now))
        .contains("gpt-5.1")
        .doesNotContain("text-embedding-3-small");
    assertThat(LIST.models("aws", "bedrock", now)).isEmpty();
    assertThat(LIST.models("openai", "openai", Instant.parse("2024-02-01T00:00:00Z")))
        .contains("gpt-4")
        .doesNotContain("gpt-5.1");
  }
}
