package dev.understudy.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Who is let in. */
final class CallersTest {
  private static final long NOW = Instant.parse("2026-11-24T03:00:00Z").toEpochMilli();
  private static final Callers TWO =
      new Callers(Map.of("alice", "alice-0123456789", "bob", "bob-0123456789ab"));

  @Test
  void withoutKeysOnlyCallersOnTheSameMachineAreLetIn() {
    assertThat(name(Callers.NONE.admit("", true, NOW))).isEqualTo("loopback");
    assertThat(name(Callers.NONE.admit("sk-whatever", true, NOW))).isEqualTo("loopback");
    assertThat(status(Callers.NONE.admit("", false, NOW))).isEqualTo(403);
    assertThat(status(Callers.NONE.admit("sk-whatever", false, NOW))).isEqualTo(403);
  }

  @Test
  void withKeysEverybodyMustShowOne() {
    assertThat(TWO.admit("alice-0123456789", false, NOW))
        .isEqualTo(new Admission.Admitted(Caller.ofSettings("alice")));
    assertThat(name(TWO.admit("bob-0123456789ab", true, NOW))).isEqualTo("bob");
    assertThat(status(TWO.admit("", true, NOW))).isEqualTo(401);
    assertThat(status(TWO.admit("alice-012345678", true, NOW))).isEqualTo(401);
    assertThat(status(TWO.admit("x".repeat(10_000), true, NOW))).isEqualTo(401);
  }

  @Test
  void aKeyOfTheSettingsBelongsToTheDefaultTeamAndMayUseEverything() {
    Caller alice = ((Admission.Admitted) TWO.admit("alice-0123456789", false, NOW)).caller();

    assertThat(alice.team()).isEqualTo("default");
    assertThat(alice.organisation()).isEqualTo("default");
    assertThat(alice.keyId()).isEqualTo("settings:alice");
    assertThat(alice.reach().isAny()).isTrue();
    assertThat(alice.scopes())
        .extracting(Scope::id)
        .containsExactly("org:default", "team:default", "key:settings:alice");
  }

  @Test
  void whoShowsAKeyThatIsOverHearsSoAndNobodyElseDoes() {
    Instant over = Instant.parse("2026-11-24T02:00:00.5Z");
    Caller caller = Caller.ofSettings("carol");
    var keys =
        new Callers(
            List.of(
                held("expired-key-000001", caller, Optional.of(over), Optional.empty()),
                held("revoked-key-000001", caller, Optional.empty(), Optional.of(over))),
            Caller.loopback());

    assertThat(keys.admit("expired-key-000001", true, NOW))
        .isEqualTo(
            new Admission.Refused(401, "the key expired at 2026-11-24T02:00:00Z; ask for another"));
    assertThat(keys.admit("expired-key-000001", true, over.toEpochMilli() - 1))
        .isInstanceOf(Admission.Admitted.class);
    assertThat(keys.admit("revoked-key-000001", true, NOW))
        .isEqualTo(
            new Admission.Refused(
                401, "the key was revoked at 2026-11-24T02:00:00Z; ask for another"));
    assertThat(keys.admit("expired-key-000002", true, NOW))
        .isEqualTo(new Admission.Refused(401, "the key is not one that this gateway knows"));
    // Keys that are all over do not open the door to whoever is near.
    assertThat(status(keys.admit("", true, NOW))).isEqualTo(401);
  }

  @Test
  void everyOneOfManyKeysIsFound() {
    var keys = new ArrayList<Callers.Held>();
    for (int i = 0; i < 20_000; i++) {
      keys.add(
          held("key-number-" + i, Caller.ofSettings("c" + i), Optional.empty(), Optional.empty()));
    }
    var callers = new Callers(keys, Caller.loopback());

    for (int i = 0; i < 20_000; i += 37) {
      assertThat(name(callers.admit("key-number-" + i, false, NOW))).isEqualTo("c" + i);
      assertThat(status(callers.admit("key-number-x" + i, false, NOW))).isEqualTo(401);
    }
  }

  @Property(tries = 200)
  void aRefusalNeverRepeatsWhatWasShown(@ForAll String letters) {
    String shown = "zq" + letters;

    assertThat(TWO.admit(shown, true, NOW))
        .isInstanceOfSatisfying(
            Admission.Refused.class, r -> assertThat(r.message()).doesNotContain(shown));
  }

  private static Callers.Held held(
      String key, Caller caller, Optional<Instant> until, Optional<Instant> revoked) {
    return new Callers.Held(Digest.of(key), caller, until, revoked);
  }

  private static String name(Admission admission) {
    return ((Admission.Admitted) admission).caller().name();
  }

  private static int status(Admission admission) {
    return ((Admission.Refused) admission).status();
  }
}
