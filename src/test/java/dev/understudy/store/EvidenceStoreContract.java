package dev.understudy.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.contract.ContractBook;
import dev.understudy.contract.ContractDesk;
import dev.understudy.contract.Contracts;
import dev.understudy.contract.Happening;
import dev.understudy.contract.Happening.Kind;
import dev.understudy.contract.Logged;
import dev.understudy.contract.Subject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What happens under contracts is kept in one chain, by however many replicas. */
abstract class EvidenceStoreContract {
  private static final Instant NOW = Instant.parse("2027-09-01T12:00:00.123Z");
  private static final Map<String, String> VENDORS = Map.of("azure", "azure-openai", "b", "custom");

  abstract Database open() throws Exception;

  private static Happening outage(String vendor) {
    return Happening.of(Kind.OUTAGE, "", "", NOW, "vendor", vendor, "since", NOW.toString());
  }

  private static ContractDesk desk(SqlEvidenceStore store, String letter) {
    return new ContractDesk(
        new ContractBook(List.of(Contracts.example(letter))),
        VENDORS,
        store,
        InstantSource.fixed(NOW));
  }

  @Test
  void keepsWhatWasTakenDownAsItWas() throws Exception {
    try (Database database = open()) {
      var store = new SqlEvidenceStore(database);
      Logged first = Logged.after(Optional.empty(), NOW, "ann", outage("azure"));
      Logged second = Logged.after(Optional.of(first), NOW, "bob", outage("böse \"x\""));

      assertThat(store.add(first)).isTrue();
      assertThat(store.add(second)).isTrue();

      assertThat(store.after(0)).containsExactly(first, second);
      assertThat(store.after(1)).containsExactly(second);
      assertThat(Logged.fault(store.after(0))).isEmpty();
    }
  }

  @Test
  void takesOnlyTheNextOne() throws Exception {
    try (Database database = open()) {
      var store = new SqlEvidenceStore(database);
      Logged first = Logged.after(Optional.empty(), NOW, "ann", outage("azure"));
      Logged other = Logged.after(Optional.empty(), NOW, "bob", outage("b"));

      assertThat(store.add(Logged.after(Optional.of(first), NOW, "ann", outage("b")))).isFalse();
      assertThat(store.add(first)).isTrue();
      assertThat(store.add(other)).isFalse();
      assertThat(store.after(0)).containsExactly(first);
    }
  }

  @Test
  void replicasThatTellAtTheSameTimeLoseNothing() throws Exception {
    try (Database database = open()) {
      var store = new SqlEvidenceStore(database);
      var go = new CountDownLatch(1);
      var failures = new AtomicInteger();
      var threads =
          List.of("ann", "bob", "eve").stream()
              .map(who ->
                  Thread.ofVirtual()
                      .start(() -> {
                        ContractDesk desk = desk(store, "a");
                        try {
                          go.await();
                          for (int i = 0; i < 5; i++) {
                            desk.tell(who, outage("azure"));
                          }
                        } catch (Exception e) {
                          failures.incrementAndGet();
                        }
                      }))
              .toList();
      go.countDown();
      for (Thread thread : threads) {
        thread.join();
      }

      assertThat(failures).hasValue(0);
      assertThat(store.after(0)).hasSize(15);
      assertThat(Logged.fault(store.after(0))).isEmpty();
    }
  }

  @Test
  void anotherReplicaObeysWhatTwoPersonsDecided() throws Exception {
    try (Database database = open()) {
      var store = new SqlEvidenceStore(database);
      ContractDesk one = desk(store, "a");
      ContractDesk other = desk(store, "a");
      Subject caller = Subject.asker("o", "t", Map.of(), Set.of());
      assertThat(other.rules().judge("b", "custom", "gpt-5", "", caller).allowed()).isFalse();

      one.tell(
          "ann",
          Happening.of(Kind.DECLARE, "microsoft-openai", "agi", NOW, "body", "openai.board"));
      one.tell(
          "ann",
          Happening.of(
              Kind.METRIC,
              "microsoft-openai",
              "agi",
              NOW,
              "metric",
              "openai.cum-profit-available",
              "value",
              "101000000000",
              "currency",
              "USD"));
      other.refresh();
      assertThat(other.rules().judge("b", "custom", "gpt-5", "", caller).allowed()).isFalse();
      one.tell("bob", Happening.of(Kind.APPROVE, "microsoft-openai", "agi", NOW));
      other.refresh();

      assertThat(other.rules().judge("b", "custom", "gpt-5", "", caller).allowed()).isTrue();
      assertThat(other.log().getLast().what().kind()).isEqualTo(Kind.EFFECT);
      assertThat(other.log().getLast().by()).isEqualTo(ContractDesk.GATEWAY);
      assertThat(other.state().book().at(NOW).getFirst().version()).isEqualTo(2);
      assertThat(store.after(0)).hasSize(4);
    }
  }
}
