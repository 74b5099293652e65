package dev.understudy.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.exchange.Fact;
import dev.understudy.exchange.FactStore;
import dev.understudy.exchange.Records;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class RetentionTest {
  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
  private static final Duration NEVER = Duration.ofDays(1_000);
  private static final Duration HOUR = Duration.ofHours(1);

  private final Shelves shelves = new Shelves();
  private volatile Instant now = NOON;
  private volatile long nanos = Long.MAX_VALUE - 1; // it overflows, as System.nanoTime may

  /** Where records and attempts are; remembers what it was told to forget. */
  private static final class Shelves implements Records, FactStore {
    final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    volatile boolean away;

    @Override
    public Optional<byte[]> find(String exchange) {
      return Optional.empty();
    }

    @Override
    public void each(Instant from, Instant until, Consumer<byte[]> use) {}

    @Override
    public int keep(List<Fact> facts) {
      return 0;
    }

    @Override
    public long prune(Instant before) throws IOException {
      told.add(before.toString());
      if (away) {
        throw new IOException("the database is away");
      }
      return 1;
    }
  }

  private Retention retention(Duration first, Duration every) {
    return new Retention(
        shelves,
        shelves,
        Duration.ofDays(30),
        Duration.ofDays(400),
        () -> now,
        () -> nanos,
        first,
        every,
        () -> true);
  }

  private void passes(Duration time) {
    now = now.plus(time);
    nanos += time.toNanos();
  }

  private List<String> looked(Retention retention) {
    var forgotten = new CopyOnWriteArrayList<String>();
    retention.look(() -> true);
    shelves.told.drainTo(forgotten);
    return forgotten;
  }

  @Test
  void recordsGoBeforeAttemptsAgainAndAgain() throws Exception {
    try (var retention = retention(Duration.ZERO, Duration.ofMillis(5))) {
      for (int i = 0; i < 3; i++) {
        assertThat(shelves.told.poll(10, TimeUnit.SECONDS)).isEqualTo("2026-10-28T12:00:00Z");
        assertThat(shelves.told.poll(10, TimeUnit.SECONDS)).isEqualTo("2025-10-23T12:00:00Z");
      }
      // A database that is away is asked again.
      shelves.away = true;
      shelves.told.clear();
      for (int i = 0; i < 3; i++) {
        assertThat(shelves.told.poll(10, TimeUnit.SECONDS)).isNotNull();
      }
      assertThat(retention).isNotNull();
    }
  }

  @Test
  void nothingIsForgottenWhereNothingIsKept() {
    try (var retention = retention(NEVER, NEVER)) {
      retention.look(() -> false);
      assertThat(shelves.told).isEmpty();
    }
  }

  @Test
  void aClockThatWasPutForwardForgetsNothingForADay() {
    try (var retention = retention(NEVER, NEVER)) {
      passes(HOUR);
      assertThat(looked(retention)).hasSize(2);

      now = now.plus(Duration.ofDays(3_650));
      for (int i = 0; i < 24; i++) {
        assertThat(looked(retention)).as("hour %d", i).isEmpty();
        passes(HOUR);
      }
      assertThat(looked(retention)).hasSize(2);
    }
  }

  @Test
  void aClockThatWasPutForwardByMistakeAndBackHasForgottenNothing() {
    try (var retention = retention(NEVER, NEVER)) {
      now = now.plus(Duration.ofDays(3_650));
      assertThat(looked(retention)).isEmpty();
      passes(HOUR);
      now = now.minus(Duration.ofDays(3_650));
      passes(Duration.ofDays(1));
      assertThat(looked(retention)).containsExactly("2026-10-29T13:00:00Z", "2025-10-24T13:00:00Z");
    }
  }
}
