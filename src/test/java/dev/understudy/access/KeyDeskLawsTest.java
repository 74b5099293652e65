package dev.understudy.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever is done with keys, in whatever order, the right ones open the door and no others. */
final class KeyDeskLawsTest {
  private static final Instant START = Instant.parse("2026-11-27T18:00:00Z");

  /** One thing that happens; numbers choose among the keys there are. */
  sealed interface Step {
    record Create(int hours) implements Step {}

    record Rotate(int key, int overlapHours) implements Step {}

    record Revoke(int key) implements Step {}

    record Expire(int key, int hours) implements Step {}

    record Forget(int key) implements Step {}

    record Wait(int minutes) implements Step {}

    /** Another replica makes a key. */
    record Elsewhere() implements Step {}
  }

  /** What we believe of one text that was handed out. */
  private static final class Text {
    final String text;
    final int key;
    Instant until = Instant.MAX;

    Text(String text, int key) {
      this.text = text;
      this.key = key;
    }
  }

  /** What we believe of one key. */
  private static final class Believed {
    final String id;
    Instant expires;
    boolean revoked;
    boolean forgotten;

    Believed(String id, Instant expires) {
      this.id = id;
      this.expires = expires;
    }

    boolean isActive(Instant now) {
      return !forgotten && !revoked && now.isBefore(expires);
    }
  }

  private final List<Believed> keys = new ArrayList<>();
  private final List<Text> texts = new ArrayList<>();
  private Instant now = START;
  private Callers inForce = Callers.NONE;

  @Property(tries = 300)
  void theDoorOpensForExactlyTheKeysThatShouldOpenIt(@ForAll("steps") List<Step> steps)
      throws Exception {
    var store = new MemoryKeyStore();
    var desk = desk(store, d -> inForce = d.callers(Callers.NONE));
    var other = desk(store, _ -> {});
    keys.clear();
    texts.clear();
    now = START;
    inForce = Callers.NONE;

    for (Step step : steps) {
      take(step, desk, other);
      desk.refresh();

      assertThat(desk.directory()).isEqualTo(store.load());
      for (Text text : texts) {
        Believed key = keys.get(text.key);
        boolean opens = key.isActive(now) && now.isBefore(text.until);
        Admission admission = inForce.admit(text.text, true, now.toEpochMilli());
        assertThat(admission instanceof Admission.Admitted)
            .as("%s after %s", text.text, step)
            .isEqualTo(opens);
        if (admission instanceof Admission.Admitted(Caller caller)) {
          assertThat(caller.keyId()).isEqualTo(key.id);
        }
      }
      assertThat(inForce.admit("us-0000000000-" + "0".repeat(32), true, now.toEpochMilli()))
          .matches(it -> texts.isEmpty() == (it instanceof Admission.Admitted));
    }
  }

  private KeyDesk desk(KeyStore store, Consumer<Directory> force) {
    return new KeyDesk(store, Directory.EMPTY, () -> now, new SecureRandom(), force);
  }

  private void take(Step step, KeyDesk desk, KeyDesk other) throws DeskRefusal {
    switch (step) {
      case Step.Create(int hours) -> {
        Optional<Instant> expires =
            hours == 0 ? Optional.empty() : Optional.of(now.plus(Duration.ofHours(hours)));
        issued(desk.create(wish(expires)), expires.orElse(Instant.MAX));
      }
      case Step.Elsewhere() -> issued(other.create(wish(Optional.empty())), Instant.MAX);
      case Step.Rotate(int which, int overlap) -> {
        int at = which % Math.max(1, keys.size());
        if (keys.isEmpty()) {
          return;
        }
        Believed key = keys.get(at);
        long living = texts.stream().filter(t -> t.key == at && now.isBefore(t.until)).count();
        Instant end = now.plus(Duration.ofHours(overlap));
        boolean may = key.isActive(now) && (overlap == 0 || living < VirtualKey.SECRETS_MAX);
        try {
          KeyDesk.Issued rotated = desk.rotate(key.id, Duration.ofHours(overlap));
          assertThat(may).isTrue();
          for (Text text : texts) {
            if (text.key == at && text.until.isAfter(end)) {
              text.until = end;
            }
          }
          texts.add(new Text(rotated.text().reveal(), at));
        } catch (DeskRefusal e) {
          assertThat(may).as(e.getMessage()).isFalse();
        }
      }
      case Step.Revoke(int which) -> {
        if (!keys.isEmpty() && !keys.get(which % keys.size()).forgotten) {
          Believed key = keys.get(which % keys.size());
          desk.revoke(key.id);
          key.revoked = true;
        }
      }
      case Step.Expire(int which, int hours) -> {
        if (!keys.isEmpty() && !keys.get(which % keys.size()).forgotten) {
          Believed key = keys.get(which % keys.size());
          Instant expires = now.plus(Duration.ofHours(hours));
          desk.change(key.id, it -> it.withExpiry(Optional.of(expires)));
          key.expires = expires;
        }
      }
      case Step.Forget(int which) -> {
        if (keys.isEmpty()) {
          return;
        }
        Believed key = keys.get(which % keys.size());
        boolean may =
            !key.forgotten
                && !key.isActive(now)
                && keys.stream().filter(one -> !one.forgotten).count() > 1;
        try {
          desk.forget(key.id);
          assertThat(may).isTrue();
          key.forgotten = true;
        } catch (DeskRefusal e) {
          assertThat(may).as(e.getMessage()).isFalse();
        }
      }
      case Step.Wait(int minutes) -> now = now.plus(Duration.ofMinutes(minutes));
    }
  }

  private void issued(KeyDesk.Issued issued, Instant expires) {
    keys.add(new Believed(issued.key().id(), expires));
    texts.add(new Text(issued.text().reveal(), keys.size() - 1));
  }

  private static KeyDesk.Wish wish(Optional<Instant> expires) {
    return new KeyDesk.Wish(Optional.empty(), "default", Map.of(), Terms.NONE, expires);
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Integer> which = Arbitraries.integers().between(0, 50);
    Arbitrary<Integer> hours = Arbitraries.integers().between(1, 30);
    Arbitrary<Integer> maybe = Arbitraries.integers().between(0, 30);
    Arbitrary<Step> step =
        Arbitraries.frequencyOf(
            Tuple.of(3, maybe.map(Step.Create::new)),
            Tuple.of(
                4, Combinators.combine(which, maybe).as((k, h) -> (Step) new Step.Rotate(k, h))),
            Tuple.of(1, which.map(Step.Revoke::new)),
            Tuple.of(
                2, Combinators.combine(which, hours).as((k, h) -> (Step) new Step.Expire(k, h))),
            Tuple.of(1, which.map(Step.Forget::new)),
            Tuple.of(3, Arbitraries.integers().between(1, 3_000).map(Step.Wait::new)),
            Tuple.of(1, Arbitraries.just(new Step.Elsewhere())));
    return step.list().ofMaxSize(40);
  }
}
