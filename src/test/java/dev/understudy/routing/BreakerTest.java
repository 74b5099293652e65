package dev.understudy.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** When a target is taken out, and when it comes back. */
final class BreakerTest {
  private static final BreakerRule RULE =
      new BreakerRule(
          3,
          0.5,
          10,
          Duration.ofSeconds(10),
          Duration.ofSeconds(2),
          0.5,
          Duration.ofSeconds(5),
          Duration.ofSeconds(60),
          Duration.ZERO);

  private static final long SECOND = 1_000_000_000L;

  /** Not zero, for {@link System#nanoTime} may be anything; this overflows within the tests. */
  private static final long START = Long.MAX_VALUE - 20 * SECOND;

  @Test
  void fallsAfterFailuresInARowAndComesBackWithAGoodProbe() {
    Breaker fallen = failing(Breaker.untried(START), 3, START);

    assertThat(fallen.standing(START + SECOND)).isEqualTo(Standing.OUT);
    assertThat(fallen.why()).isEqualTo("3 calls in a row failed");
    long later = START + 6 * SECOND;
    assertThat(fallen.standing(later)).isEqualTo(Standing.PROBE);

    Breaker probing = fallen.begun(later);
    assertThat(probing.standing(later)).isEqualTo(Standing.OUT);
    assertThat(probing.succeeded(later, 1, RULE, later + 1).standing(later + 1))
        .isEqualTo(Standing.IN);
  }

  @Test
  void aProbeThatFailsPutsItOutForAFifthOfTheTimeItIsGone() {
    Breaker fallen = failing(Breaker.untried(START), 3, START);
    long soon = fallen.outUntil();
    long late = fallen.downSince() + 100 * SECOND;

    Breaker again = fallen.begun(soon).failed(soon, 0, RULE, 0.5, soon);
    Breaker later = again.begun(late).failed(late, 0, RULE, 0.5, late);

    assertThat(again.outUntil() - soon).isEqualTo(5 * SECOND);
    assertThat(again.standing(soon + 4 * SECOND)).isEqualTo(Standing.OUT);
    assertThat(again.standing(soon + 5 * SECOND)).isEqualTo(Standing.PROBE);
    assertThat(later.outUntil() - late).isEqualTo(20 * SECOND);
  }

  @Test
  void aProbeThatKeptItsCallerWaitingIsNotRepeatedSoSoon() {
    Breaker fallen = failing(Breaker.untried(START), 3, START);
    long begun = START + 6 * SECOND;
    long now = begun + 10 * SECOND;

    Breaker again = fallen.begun(begun).failed(begun, 10 * SECOND, RULE, 0.5, now);
    Breaker never = fallen.begun(begun).failed(begun, 100 * SECOND, RULE, 0.5, now);

    assertThat(again.outUntil() - now).isEqualTo(40 * SECOND);
    assertThat(never.outUntil() - now).isEqualTo(60 * SECOND);
  }

  /** However long it was gone, it is probed soon after it is back, and seldom before. */
  @Property(tries = 200)
  void isBackSoonAfterItsVendorAndAskedSeldomBefore(
      @ForAll @IntRange(min = 1, max = 3_000) int goneSeconds,
      @ForAll @IntRange(min = 0, max = 10) int tenths) {
    double chance = tenths / 10.0;
    Breaker breaker = failing(Breaker.untried(START), 3, START);
    long back = breaker.downSince() + goneSeconds * SECOND;
    long now = START;
    int probes = 0;
    while (breaker.out()) {
      now = breaker.outUntil();
      boolean isBack = now - back >= 0;
      breaker =
          isBack
              ? breaker.begun(now).succeeded(now, 1, RULE, now)
              : breaker.begun(now).failed(now, 0, RULE, chance, now);
      probes++;
    }

    double late = (double) (now - back) / SECOND;
    assertThat(late).isLessThanOrEqualTo(1.2 * Math.max(5, Math.min(60, 0.2 * goneSeconds)) + 0.1);
    assertThat(probes).isLessThanOrEqualTo(goneSeconds / 4 + 2);
    assertThat(probes).isLessThanOrEqualTo(30 + goneSeconds / 40);
  }

  @Test
  void aCallFromBeforeTheFallNeitherBringsItBackNorKeepsItOut() {
    Breaker fallen = failing(Breaker.untried(START), 3, START);

    assertThat(fallen.succeeded(START - SECOND, 1, RULE, START + SECOND)).isEqualTo(fallen);
    assertThat(fallen.failed(START - SECOND, 0, RULE, 0.5, START + SECOND)).isEqualTo(fallen);
  }

  @Test
  void aLastResortThatAnswersBringsItBack() {
    Breaker fallen = failing(Breaker.untried(START), 3, START);

    Breaker back = fallen.succeeded(START + SECOND, 1, RULE, START + 2 * SECOND);

    assertThat(back.standing(START + 2 * SECOND)).isEqualTo(Standing.IN);
  }

  @Test
  void fallsByItsShareOfFailuresEvenIfTheyAreNeverInARow() {
    Breaker breaker = Breaker.untried(START);
    for (int i = 0; i < 20 && !breaker.out(); i++) {
      breaker =
          i % 2 == 0
              ? breaker.failed(START, 0, RULE, 0.5, START)
              : breaker.succeeded(START, 1, RULE, START);
    }

    assertThat(breaker.out()).isTrue();
    assertThat(breaker.why()).endsWith("% of its calls failed");
  }

  @Test
  void forgetsFailuresAsTimePasses() {
    Breaker breaker = Breaker.untried(START);
    for (int i = 0; i < 30; i++) {
      long now = START + i * 10 * SECOND;
      breaker =
          i % 3 == 0
              ? breaker.failed(now, 0, RULE, 0.5, now)
              : breaker.succeeded(now, 1, RULE, now);
    }

    assertThat(breaker.out()).isFalse();
    assertThat(breaker.calls()).isLessThan(2);
  }

  @Test
  void fallsWhenHalfOfItsAnswersAreSlow() {
    Breaker breaker = Breaker.untried(START);
    for (int i = 0; i < 12 && !breaker.out(); i++) {
      breaker = breaker.succeeded(START, 3 * SECOND, RULE, START);
    }

    assertThat(breaker.out()).isTrue();
    assertThat(breaker.why()).isEqualTo("100 % of its answers took longer than 2000 ms");
  }

  @Test
  void whoSaysTheRequestIsWrongIsThere() {
    Breaker twice = failing(Breaker.untried(START), 2, START);

    Breaker after = twice.answered(START, START).failed(START, 0, RULE, 0.5, START);

    assertThat(after.out()).isFalse();
  }

  @Property(tries = 300)
  void aLongerRestIsNeverShortened(
      @ForAll @Size(min = 1, max = 30) List<@IntRange(min = 0, max = 4) Integer> happenings) {
    Breaker breaker = Breaker.untried(START);
    long now = START;
    for (int happening : happenings) {
      now += SECOND / 2;
      Breaker before = breaker;
      long begun = now - SECOND;
      breaker =
          switch (happening) {
            case 0 -> breaker.rested("resting", 20 * SECOND, now);
            case 1 -> breaker.rested("resting", SECOND, now);
            case 2 -> breaker.failed(begun, 0, RULE, 0, now);
            case 3 -> breaker.begun(now);
            default -> breaker.unlearned();
          };
      // Failures, rests and probes never bring a deadline nearer.
      if (before.out()) {
        assertThat(breaker.outUntil() - before.outUntil()).isNotNegative();
        assertThat(breaker.out()).isTrue();
      }
    }
  }

  @Property(tries = 300)
  void whateverHappensItCanComeBack(
      @ForAll @Size(max = 40) List<@IntRange(min = 0, max = 5) Integer> happenings) {
    Breaker breaker = Breaker.untried(START);
    long now = START;
    for (int happening : happenings) {
      now += SECOND;
      breaker =
          switch (happening) {
            case 0 -> breaker.begun(now);
            case 1 -> breaker.failed(now, 0, RULE, 1, now);
            case 2 -> breaker.succeeded(now, SECOND, RULE, now);
            case 3 -> breaker.rested("resting", SECOND, now);
            case 4 -> breaker.unlearned();
            default -> breaker.answered(now, now);
          };
    }
    long muchLater = now + RULE.outMax().toNanos() * 2;

    assertThat(breaker.standing(muchLater)).isNotEqualTo(Standing.OUT);
    Breaker probed = breaker.begun(muchLater).succeeded(muchLater, 1, RULE, muchLater);
    assertThat(probed.standing(muchLater)).isEqualTo(Standing.IN);
  }

  @Property(tries = 200)
  void onlyOneProbesAtATime(@ForAll @IntRange(min = 1, max = 50) int callers) {
    Breaker breaker = failing(Breaker.untried(START), 3, START);
    long now = START + 10 * SECOND;
    int probes = 0;
    for (int i = 0; i < callers; i++) {
      if (breaker.standing(now) == Standing.PROBE) {
        probes++;
        breaker = breaker.begun(now);
      }
    }

    assertThat(probes).isEqualTo(1);
  }

  private static Breaker failing(Breaker breaker, int times, long now) {
    Breaker after = breaker;
    for (int i = 0; i < times; i++) {
      after = after.failed(now, 0, RULE, 0.5, now);
    }
    return after;
  }
}
