package dev.understudy.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Who is let in. */
final class CallersTest {
  private static final Callers TWO =
      new Callers(Map.of("alice", "alice-0123456789", "bob", "bob-0123456789ab"));

  @Test
  void withoutKeysOnlyCallersOnTheSameMachineAreLetIn() {
    assertThat(Callers.NONE.admit("", true)).isEqualTo(new Admission.Admitted("loopback"));
    assertThat(Callers.NONE.admit("sk-whatever", true))
        .isEqualTo(new Admission.Admitted("loopback"));
    assertThat(status(Callers.NONE.admit("", false))).isEqualTo(403);
    assertThat(status(Callers.NONE.admit("sk-whatever", false))).isEqualTo(403);
  }

  @Test
  void withKeysEverybodyMustShowOne() {
    assertThat(TWO.admit("alice-0123456789", false)).isEqualTo(new Admission.Admitted("alice"));
    assertThat(TWO.admit("bob-0123456789ab", true)).isEqualTo(new Admission.Admitted("bob"));
    assertThat(status(TWO.admit("", true))).isEqualTo(401);
    assertThat(status(TWO.admit("alice-012345678", true))).isEqualTo(401);
    assertThat(status(TWO.admit("x".repeat(10_000), true))).isEqualTo(401);
  }

  @Property(tries = 200)
  void aRefusalNeverRepeatsWhatWasShown(@ForAll String letters) {
    String shown = "zq" + letters;

    assertThat(TWO.admit(shown, true))
        .isInstanceOfSatisfying(
            Admission.Refused.class, r -> assertThat(r.message()).doesNotContain(shown));
  }

  private static int status(Admission admission) {
    return ((Admission.Refused) admission).status();
  }
}
