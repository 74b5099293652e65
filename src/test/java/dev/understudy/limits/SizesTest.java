package dev.understudy.limits;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

final class SizesTest {
  private final Sizes sizes = new Sizes();

  @Test
  void trustsTheCallersMaximumWhileLittleIsKnown() {
    assertThat(sizes.expect("route/model", 32_000, 4_096)).isEqualTo(32_000);
    assertThat(sizes.expect("route/model", 0, 4_096)).isEqualTo(4_096);
  }

  @Test
  void expectsWhatNineteenOfTwentyAnswersStayBelow() {
    for (int i = 1; i <= 1_000; i++) {
      sizes.learn("m", i % 20 == 0 ? 9_000 : 500);
    }

    assertThat(sizes.expect("m", 32_000, 4_096)).isBetween(500L, 640L);
    assertThat(sizes.expect("m", 100, 4_096)).isEqualTo(100);
  }

  @Test
  void forgetsOldHabits() {
    for (int i = 0; i < 5_000; i++) {
      sizes.learn("m", 100);
    }
    for (int i = 0; i < 2_000; i++) {
      sizes.learn("m", 8_000);
    }
    assertThat(sizes.expect("m", 0, 4_096)).isGreaterThanOrEqualTo(8_000);
  }

  @Test
  void remembersNoMoreNamesThanItHasRoomFor() {
    for (int i = 0; i < 100_000; i++) {
      sizes.learn("stranger-" + i, 5);
    }
    for (int i = 0; i < 50; i++) {
      sizes.learn("late", 5);
    }
    assertThat(sizes.expect("late", 0, 4_096)).isEqualTo(4_096);
  }

  @Property
  void isNeverBelowWhatAllAnswersHad(@ForAll @LongRange(max = 10_000_000) long tokens) {
    var one = new Sizes();
    for (int i = 0; i < Sizes.SAMPLES_MIN; i++) {
      one.learn("m", tokens);
    }
    long expected = one.expect("m", 0, -1);
    assertThat(expected).isGreaterThanOrEqualTo(tokens).isLessThanOrEqualTo(tokens * 5 / 4 + 4);
  }
}
