package dev.understudy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Exchange;
import dev.understudy.pricing.PriceBookReader;
import dev.understudy.pricing.Prices;
import dev.understudy.routing.Plan;
import dev.understudy.text.Problems;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Records are priced once, before anything tells of them. */
final class PricedJournalTest {
  private static final Prices PRICES =
      new Prices(
          List.of(
              PriceBookReader.read(
                      "list.yaml",
                      """
                      book: list
                      currency: USD
                      sources: {page: {where: "https://example.com", checked: 2026-06-01, mark: verified}}
                      unpriced: {input: 10, output: 50, unit: 1}
                      free: [server_tool_use.web_fetch_requests]
                      vendors:
                        anthropic:
                          source: page
                          models:
                            claude-sonnet-4-5:
                              prices:
                                - from: 2025-09-29
                                  tokens: {input.text: 3, input.text.read: 0.3, output.text: 15}
                                  units: {server_tool_use.web_search_requests: 0.01}
                      """
                          .getBytes(StandardCharsets.UTF_8),
                      new Problems())
                  .orElseThrow()));

  private final List<Exchange> told = Collections.synchronizedList(new ArrayList<>());
  private final PricedJournal journal = new PricedJournal(told::add, _ -> Optional.empty());

  @Test
  void anAnswerIsPricedAndARefusalCostsNothing() {
    journal.inForce(PRICES);

    journal.append(
        Samples.exchange("01JDBZ9", "assistant", List.of(Samples.refused(), Samples.answered())));

    List<Attempt> attempts = told.getFirst().attempts();
    assertThat(attempts.get(0).cost()).isEmpty();
    var cost = attempts.get(1).cost().orElseThrow();
    // 12 x 3 + 1000 x 0.3 + 200 x 15 in millionths; the cache of an hour has no price here.
    assertThat(cost.lines())
        .extracting(line -> line.item() + " " + line.amount())
        .contains("input.text 0.000036 USD", "input.text.read 0.0003 USD", "output.text 0.003 USD");
    assertThat(cost.unpriced())
        .extracting(unpriced -> unpriced.item() + ": " + unpriced.reason())
        .contains("input.text.write_1h: no price in list/anthropic/claude-sonnet-4-5@2025-09-29");
  }

  @Test
  void theLogLineAndTheMetricsTellTheCost() {
    var metrics = new Metrics("test", Plan.EMPTY, () -> 0, () -> 0);
    var recent = new RecentExchanges();
    var lines = new ExchangeLines(new LogJournal(java.io.OutputStream.nullOutputStream()), recent);
    var priced =
        new PricedJournal(
            dev.understudy.exchange.Journal.all(metrics, lines), _ -> Optional.empty());
    priced.inForce(PRICES);

    priced.append(Samples.exchange("01JDBZ9", "assistant", List.of(Samples.answered())));

    String line = new String(recent.json(1), StandardCharsets.UTF_8);
    assertThat(line)
        .contains("\"cost\":{\"currency\":\"USD\",\"total\":")
        .contains("\"input.text\":0.000036,")
        .contains(
            "\"unpriced\":[{\"item\":\"input.text.write_1h\",\"quantity\":30,\"reason\":\"no price")
        .contains("\"price\":\"list/anthropic/claude-sonnet-4-5@2025-09-29\"");
    String scraped = new String(metrics.exposition("").body(), StandardCharsets.UTF_8);
    assertThat(scraped)
        .containsPattern(
            "understudy_cost_total\\{currency=\"USD\",model=\"[^\"]+\",vendor=\"claude\"\\} 0\\.0")
        .containsPattern(
            "understudy_cost_unpriced_total\\{model=\"[^\"]+\",vendor=\"claude\"\\} 1");
  }

  @Test
  void recordsThatComeBeforeThePricesWaitForThemInOrder() {
    journal.append(Samples.exchange("01JDBZ9", "assistant", List.of(Samples.answered())));
    journal.append(Samples.exchange("01JDBZ9", "assistant", List.of(Samples.refused())));
    assertThat(told).isEmpty();

    journal.inForce(PRICES);

    assertThat(told).hasSize(2);
    assertThat(told.get(0).attempts().getFirst().cost()).isPresent();
    journal.append(Samples.exchange("01JDBZ9", "assistant", List.of(Samples.answered())));
    assertThat(told).hasSize(3);
  }

  @Test
  void noRecordIsLostOrDoubledWhilePricesComeIn() throws InterruptedException {
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int n = 0; n < 1_000; n++) {
                  journal.append(
                      Samples.exchange("01JDBZ9", "assistant", List.of(Samples.answered())));
                }
              }));
    }
    journal.inForce(PRICES);
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(told).hasSize(4_000);
    assertThat(told).allMatch(exchange -> exchange.attempts().getFirst().cost().isPresent());
  }

  @Test
  void moreThanMayWaitGoesOnWithoutACost() {
    Exchange exchange = Samples.exchange("01JDBZ9", "assistant", List.of(Samples.answered()));
    for (int i = 0; i < PricedJournal.WAITING_MAX + 5; i++) {
      journal.append(exchange);
    }
    assertThat(told).hasSize(5);

    journal.close();

    assertThat(told).hasSize(PricedJournal.WAITING_MAX + 5);
    assertThat(told).noneMatch(e -> e.attempts().getFirst().cost().isPresent());
  }

  @Test
  void anAnswerWhoseVendorSaidNothingIsInSuspense() {
    journal.inForce(PRICES);
    Attempt refused = Samples.refused();
    var silent =
        new Attempt(
            refused.target(),
            refused.vendor(),
            refused.kind(),
            refused.model(),
            refused.credential(),
            refused.protocol(),
            false,
            0,
            Optional.empty(),
            1,
            Optional.of(200),
            Attempt.Outcome.ANSWERED,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            dev.understudy.chat.Usage.UNSAID);

    journal.append(Samples.exchange("01JDBZ9", "assistant", List.of(silent)));

    assertThat(told.getFirst().attempts().getFirst().cost().orElseThrow().unpriced())
        .singleElement()
        .extracting(unpriced -> unpriced.reason())
        .isEqualTo("the vendor did not say what it took");
  }
}
