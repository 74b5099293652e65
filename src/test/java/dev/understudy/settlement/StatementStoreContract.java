package dev.understudy.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.settlement.StatementStore.Kept;
import dev.understudy.settlement.StatementStore.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the store of statements does wherever it is; each store runs it. */
public abstract class StatementStoreContract {
  private static final Instant NOW = Instant.parse("2026-11-01T08:00:00Z");

  private StatementStore store;

  /** A store of no statements. */
  protected abstract StatementStore fresh() throws Exception;

  @BeforeEach
  void open() throws Exception {
    store = fresh();
  }

  @Test
  void keepsRevisionsAndGivesBackWhatWasThereFirst() throws Exception {
    Kept first = kept(Kind.STATEMENT, "deal", 1, "", "a");
    assertThat(store.keep(first)).isEqualTo(first);
    assertThat(store.keep(kept(Kind.STATEMENT, "deal", 1, "", "b"))).isEqualTo(first);
    Kept second = kept(Kind.STATEMENT, "deal", 2, "", "b");
    store.keep(second);
    store.keep(kept(Kind.STATEMENT, "other", 1, "", "c"));

    assertThat(store.revisions(Kind.STATEMENT, "deal", "2026-10")).containsExactly(first, second);
    assertThat(store.last(Kind.STATEMENT, "deal", "2026-10")).contains(second);
    assertThat(store.last(Kind.STATEMENT, "deal", "2026-09")).isEmpty();
    assertThat(store.all(Kind.STATEMENT)).hasSize(3);
    assertThat(store.latest(Kind.STATEMENT, Optional.empty(), Optional.empty(), 2))
        .containsExactly(second, first);
    assertThat(store.latest(Kind.STATEMENT, Optional.of("other"), Optional.of("2026-10"), 9))
        .extracting(Kept::digest)
        .containsExactly("c");
    assertThat(store.latest(Kind.STATEMENT, Optional.empty(), Optional.of("2026-09"), 9)).isEmpty();
    assertThat(store.numbered("")).isEmpty();
  }

  @Test
  void numbersWithoutGapsHoweverManyAskAtOnceAndAgain() throws Exception {
    var asked = new ArrayList<Callable<Kept>>();
    for (int i = 0; i < 24; i++) {
      String customer = "c-" + i % 12;
      asked.add(() ->
          store.number(
              Kind.INVOICE,
              customer,
              "2026-10",
              1,
              "2026-",
              number -> kept(Kind.INVOICE, customer, 1, number, "x")));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Kept> one : threads.invokeAll(asked)) {
        one.get();
      }
    }

    List<String> numbers = store.all(Kind.INVOICE).stream().map(Kept::number).toList();
    assertThat(numbers).hasSize(12).doesNotHaveDuplicates();
    assertThat(numbers.getFirst()).isEqualTo("2026-00001");
    assertThat(numbers.getLast()).isEqualTo("2026-00012");
    assertThat(store.numbered("2026-00007")).map(Kept::number).contains("2026-00007");
    assertThat(store.numbered("2026-00013")).isEmpty();
  }

  private static Kept kept(Kind kind, String subject, int revision, String number, String digest) {
    return new Kept(kind, subject, "2026-10", revision, number, digest, "{}", NOW);
  }
}
