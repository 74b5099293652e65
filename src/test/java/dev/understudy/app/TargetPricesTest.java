package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.pricing.Prices;
import dev.understudy.pricing.Shipped;
import dev.understudy.routing.Request;
import dev.understudy.routing.Target;
import dev.understudy.vendor.Vendors;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The price of a request at a target. */
final class TargetPricesTest {
  private final TargetPrices prices =
      new TargetPrices(
          () -> new Prices(List.of(Shipped.list())),
          new Vendors(List.of()),
          _ -> Optional.empty(),
          () -> Instant.parse("2026-11-27T12:00:00Z"));

  private static final Request REQUEST =
      new Request("nightly", "", Set.of(), Set.of(), 40_000, "", 0);

  @Test
  void targetsAreComparedByTheSameRequestAndAnswer() {
    // 10 000 tokens in and 500 out: at 1.25 and 10, and at 0.25 and 2, for a million.
    assertThat(prices.of(new Target("openai", "gpt-5.1"), REQUEST)).isEqualTo(0.0175);
    assertThat(prices.of(new Target("openai", "gpt-5-mini"), REQUEST)).isEqualTo(0.0035);
  }

  @Test
  void whatHasNoPriceIsNotKnownToBeCheap() {
    assertThat(prices.of(new Target("mai", "mai-1"), REQUEST)).isNaN();
    var unread =
        new TargetPrices(
            () -> Prices.NONE,
            new Vendors(List.of()),
            _ -> Optional.empty(),
            () -> Instant.parse("2026-11-27T12:00:00Z"));
    assertThat(unread.of(new Target("openai", "gpt-5.1"), REQUEST)).isNaN();
  }
}
