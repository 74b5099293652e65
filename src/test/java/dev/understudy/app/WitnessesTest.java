package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class WitnessesTest {
  private final Witnesses witnesses = new Witnesses();

  @Test
  void aSessionIsNewOnceAMinute() {
    for (long now : new long[] {-3_000_000_000L, 0, 1L << 40}) {
      assertThat(witnesses.isNew(7, now)).isTrue();
      assertThat(witnesses.isNew(7, now + 1)).isFalse();
      assertThat(witnesses.isNew(7, now + Witnesses.NANOS - 200_000_000)).isFalse();
      now += Witnesses.NANOS + 100_000_000;
      assertThat(witnesses.isNew(7, now)).isTrue();
      assertThat(witnesses.isNew(7, now)).isFalse();
    }
  }

  @Test
  void thousandsOfSessionsAreKeptApart() {
    for (long session = 1; session <= 4_000; session++) {
      assertThat(witnesses.isNew(session, session)).isTrue();
    }
    int forgotten = 0;
    for (long session = 1; session <= 4_000; session++) {
      forgotten += witnesses.isNew(session, 5_000) ? 1 : 0;
    }
    // Where more than four fall together: so rarely that it weighs nothing.
    assertThat(forgotten).isLessThan(20);
  }

  @Test
  void oneThatRepeatsItselfIsHeardOnceHoweverManyOthersThereAre() {
    int heard = 0;
    for (int i = 0; i < 100_000; i++) {
      long now = i * 500_000L;
      heard += witnesses.isNew(42, now) ? 1 : 0;
      witnesses.isNew(1_000_000 + i, now);
    }
    assertThat(heard).isLessThan(10);
  }
}
