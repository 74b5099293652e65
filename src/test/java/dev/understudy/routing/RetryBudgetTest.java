package dev.understudy.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** How many tries a route may make, and how long it waits before them. */
final class RetryBudgetTest {

  @Property(tries = 300)
  void triesNeverExceedTheShareOfCallsAndWhatWasSavedUp(
      @ForAll @DoubleRange(min = 0, max = 2) double share,
      @ForAll @IntRange(min = 0, max = 20) int burst,
      @ForAll @Size(max = 200) List<Boolean> callsAndTries) {
    var retry = new Retry(3, share, burst, Duration.ofMillis(1), Duration.ofMillis(2));
    RetryBudget budget = RetryBudget.full(retry);
    int calls = 0;
    int tries = 0;
    for (boolean isCall : callsAndTries) {
      if (isCall) {
        budget = budget.earned(retry);
        calls++;
      } else if (budget.affords()) {
        budget = budget.spent();
        tries++;
      }
      assertThat(budget.tokens()).isBetween(0L, burst * 1_000L);
    }

    assertThat((double) tries).isLessThanOrEqualTo(burst + share * calls + 0.001 * calls);
  }

  @Property(tries = 300)
  void pausesAreWithinTheirBoundsAndHonourWhatTheVendorAsked(
      @ForAll @IntRange(min = 1, max = 60) int again,
      @ForAll @IntRange(min = 0, max = 9_000) int askedMillis,
      @ForAll long seed) {
    var retry = new Retry(3, 0.2, 10, Duration.ofMillis(250), Duration.ofSeconds(5));
    Duration asked = Duration.ofMillis(askedMillis);

    var pause = Backoff.before(retry, again, asked, new Random(seed));

    if (askedMillis > 5_000) {
      assertThat(pause).isEmpty();
    } else {
      assertThat(pause.orElseThrow()).isBetween(asked, Duration.ofSeconds(5));
      assertThat(pause.orElseThrow()).isGreaterThanOrEqualTo(Duration.ofMillis(125));
    }
  }

  @Test
  void aVeryLongBackoffDoesNotOverflow() {
    var retry = new Retry(3, 0.2, 10, Duration.ofHours(12), Duration.ofHours(24));

    assertThat(Backoff.before(retry, 1_000, Duration.ZERO, new Random(1)).orElseThrow())
        .isBetween(Duration.ofHours(12), Duration.ofHours(24));
  }
}
