package dev.understudy.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Scale;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class SpillTest {

  @Test
  void beginsAtTheUpperMarkAndEndsAtTheLowerOne() {
    assertThat(Spill.next(false, 0.949, 0.95, 0.80)).isFalse();
    assertThat(Spill.next(false, 0.95, 0.95, 0.80)).isTrue();
    assertThat(Spill.next(true, 0.81, 0.95, 0.80)).isTrue();
    assertThat(Spill.next(true, 0.80, 0.95, 0.80)).isFalse();
  }

  @Property
  void changesOnlyWhenUseHasCrossedTheWholeWayBetweenTheMarks(
      @ForAll @Size(max = 200) List<@DoubleRange(min = 0, max = 1) Double> uses) {
    boolean spilling = false;
    double highest = 0;
    double lowest = 1;
    for (double used : uses) {
      highest = Math.max(highest, used);
      lowest = Math.min(lowest, used);
      boolean next = Spill.next(spilling, used, 0.95, 0.80);
      if (next != spilling) {
        assertThat(next ? highest : lowest)
            .satisfies(mark -> {
              if (next) {
                assertThat(mark).isGreaterThanOrEqualTo(0.95);
              } else {
                assertThat(mark).isLessThanOrEqualTo(0.80);
              }
            });
        highest = used;
        lowest = used;
      }
      spilling = next;
    }
  }

  @Property
  void useThatTremblesBetweenTheMarksChangesNothing(
      @ForAll boolean spilling,
      @ForAll @Size(max = 100) List<@Scale(3) @DoubleRange(min = 0.801, max = 0.949) Double> uses) {
    for (double used : uses) {
      assertThat(Spill.next(spilling, used, 0.95, 0.80)).isEqualTo(spilling);
    }
  }

  @Test
  void sessionsThatAreThereStayWhileNewOnesGo() {
    var bought =
        new Provisioned(
            1, 10_000, Burn.PLAIN, Hours.ALWAYS, 0.95, 0.80, Provisioned.Beyond.REFUSED);
    var terms = new Terms(Map.of(), 0, Burn.PLAIN, 0.2, HeaderDialect.NONE, Optional.of(bought));
    var capacity = new Capacity((_, _) -> terms, () -> Instant.EPOCH);
    var ptu = capacity.of("azure", "ptu", "key", 0);

    assertThat(ptu.isPaidFor(8, 0)).isTrue();
    var first = ptu.reserve(new Load(9_600, 0, 0), 0, Priority.INTERACTIVE, 7, 0).orElseThrow();

    assertThat(ptu.spills(8, 0)).as("a new session").isTrue();
    assertThat(ptu.spills(0, 0)).as("a call of no session").isTrue();
    assertThat(ptu.spills(7, 0)).as("the session that is there").isFalse();
    assertThat(ptu.isPaidFor(8, 0)).isFalse();
    first.served(new Load(9_600, 0, 0), 0);

    // A tenth of the window later 86 % are in use, two tenths later 76 %.
    assertThat(ptu.spills(8, 6_000)).isTrue();
    assertThat(ptu.spills(8, 12_000)).isFalse();
    assertThat(ptu.isPaidFor(8, 12_000)).isTrue();
  }

  @Test
  void whoCameBackStaysUntilTheUpperMarkIsReachedAgain() {
    var bought =
        new Provisioned(
            1, 10_000, Burn.PLAIN, Hours.ALWAYS, 0.95, 0.80, Provisioned.Beyond.REFUSED);
    var terms = new Terms(Map.of(), 0, Burn.PLAIN, 0.2, HeaderDialect.NONE, Optional.of(bought));
    var ptu = new Capacity((_, _) -> terms, () -> Instant.EPOCH).of("a", "ptu", "k", 0);
    Load most = new Load(9_600, 0, 0);
    ptu.reserve(most, 0, Priority.INTERACTIVE, 7, 0).orElseThrow().served(most, 0);
    assertThat(ptu.spills(8, 0)).isTrue();

    // Down to 76 % and up to 82 %, 88 %, 94 % and 100 %, each by a session that is new.
    Load some = new Load(600, 0, 0);
    for (int session = 8; session < 12; session++) {
      assertThat(ptu.spills(session, 12_000)).as("session %d", session).isFalse();
      ptu.reserve(some, 0, Priority.INTERACTIVE, session, 12_000)
          .orElseThrow()
          .served(some, 12_000);
    }

    assertThat(ptu.spills(12, 12_000)).isTrue();
  }
}
