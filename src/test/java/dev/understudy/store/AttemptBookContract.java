package dev.understudy.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Fact;
import dev.understudy.exchange.Facts;
import dev.understudy.journal.Calls;
import dev.understudy.ledger.AttemptBook;
import dev.understudy.ledger.AttemptBook.Finished;
import dev.understudy.ledger.AttemptBook.Kept;
import dev.understudy.ledger.AttemptCosts;
import dev.understudy.ledger.Ledger;
import dev.understudy.ledger.LoggedCalls;
import dev.understudy.ledger.Verification;
import dev.understudy.money.Currencies;
import dev.understudy.telemetry.ExchangeLines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How finished calls are kept; each kind of database runs it. */
abstract class AttemptBookContract {
  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
  private static final Instant ALWAYS = Instant.parse("2100-01-01T00:00:00Z");

  private @Nullable Database opened;
  private Database database;
  private AttemptBook book;
  private SqlRecords records;
  private Ledger ledger;

  abstract Database fresh() throws Exception;

  @BeforeEach
  void open() throws Exception {
    opened = fresh();
    database = opened;
    book = new SqlAttemptBook(database, () -> NOON.plusSeconds(90_000));
    records = new SqlRecords(database);
    ledger = new Ledger(new SqlLedgerStore(database), () -> NOON.plusSeconds(90_000));
  }

  @AfterEach
  void close() {
    if (opened != null) {
      opened.close();
    }
  }

  private static Finished finished(Exchange call) {
    var facts = new ArrayList<Fact>();
    for (int i = 0; i < call.attempts().size(); i++) {
      facts.add(Fact.of(call, i, "eu"));
    }
    return new Finished(
        call.id(),
        call.startedAt().toEpochMilli(),
        facts,
        AttemptCosts.of(call),
        new ExchangeLines.Speller().line(call));
  }

  private List<Fact> attempts() throws IOException {
    var all = new ArrayList<Fact>();
    new SqlFacts(database).each(Instant.EPOCH, ALWAYS, all::add);
    return all;
  }

  private void verified() throws IOException {
    for (Verification one : ledger.verify()) {
      assertThat(one.problems()).isEmpty();
    }
  }

  @Test
  void whateverTheOrderAndHoweverOftenTheyAreToldCallsAreKeptOnce() throws Exception {
    var calls = new Calls(3);
    var told = new ArrayList<Finished>();
    for (int i = 0; i < 300; i++) {
      told.add(finished(calls.any("01jdb" + i)));
    }
    int attempts = told.stream().mapToInt(call -> call.attempts().size()).sum();
    int entries = told.stream().mapToInt(call -> call.costs().size()).sum();
    var again = new ArrayList<>(told);
    again.addAll(told.subList(50, 250));
    Collections.shuffle(again, new Random(5));

    int keptAttempts = 0;
    int keptEntries = 0;
    for (int i = 0; i < again.size(); i += 100) {
      Kept kept = book.keep(again.subList(i, i + 100));
      assertThat(kept.refused()).isEmpty();
      assertThat(kept.conflicts()).isEmpty();
      keptAttempts += kept.attempts();
      keptEntries += kept.entries();
    }

    assertThat(keptAttempts).isEqualTo(attempts);
    assertThat(keptEntries).isEqualTo(entries);
    assertThat(attempts())
        .containsExactlyInAnyOrderElementsOf(
            told.stream().flatMap(call -> call.attempts().stream()).toList());
    verified();
    for (Finished call : told) {
      assertThat(records.find(call.exchange()))
          .hasValueSatisfying(json -> assertThat(json).isEqualTo(call.record()));
    }
    assertThat(records.find("nobody")).isEmpty();
  }

  @Test
  void attemptsToldAheadOfTheirCallCountOnce() throws Exception {
    var calls = new Calls(11);
    var told = new ArrayList<Finished>();
    for (int i = 0; i < 100; i++) {
      Exchange call = calls.any("01jdb" + i);
      told.add(finished(call));
      Exchange soFar =
          call.with(call.attempts().subList(0, Math.max(0, call.attempts().size() - 1)));
      Finished ahead = finished(soFar);
      book.keep(
          List.of(
              new Finished(
                  ahead.exchange(),
                  ahead.startedAtMillis(),
                  ahead.attempts(),
                  ahead.costs(),
                  new byte[0])));
    }
    Kept kept = book.keep(told);

    assertThat(kept.refused()).isEmpty();
    assertThat(kept.conflicts()).isEmpty();
    assertThat(attempts())
        .containsExactlyInAnyOrderElementsOf(
            told.stream().flatMap(call -> call.attempts().stream()).toList());
    verified();
    for (Finished call : told) {
      assertThat(records.find(call.exchange()))
          .hasValueSatisfying(json -> assertThat(json).isEqualTo(call.record()));
    }
  }

  @Test
  void attemptsToldAgainAfterTheyWereForgottenCountOnce() throws Exception {
    var calls = new Calls(21);
    var told = new ArrayList<Finished>();
    for (int i = 0; i < 60; i++) {
      told.add(finished(calls.any("01jdb" + i)));
    }
    Finished late = finished(Calls.usual("01late", NOON));
    Kept first = book.keep(told);
    List<Facts.Sum> before = sums();
    new SqlFacts(database).prune(ALWAYS);

    for (int i = 0; i < 2; i++) {
      Kept again = book.keep(told);
      assertThat(again.attempts()).isZero();
      assertThat(again.entries()).isZero();
      assertThat(sums()).containsExactlyInAnyOrderElementsOf(before);
      new SqlFacts(database).prune(ALWAYS);
    }
    assertThat(first.attempts()).isPositive();

    // What comes for the first time, though late, counts.
    assertThat(book.keep(List.of(late)).attempts()).isEqualTo(1);
    List<Facts.Sum> more = sums();
    assertThat(more).hasSizeGreaterThan(before.size());
    new SqlFacts(database).prune(ALWAYS);
    assertThat(book.keep(List.of(late)).attempts()).isZero();
    assertThat(sums()).containsExactlyInAnyOrderElementsOf(more);
    verified();
  }

  private List<Facts.Sum> sums() throws IOException {
    var sums = new ArrayList<Facts.Sum>();
    new SqlFacts(database).sums(Instant.EPOCH, ALWAYS, Facts.Grain.HOUR, sums::add);
    return sums;
  }

  @Test
  void aLineOfTheLogTellsNothingNew() throws Exception {
    var calls = new Calls(8);
    var told = new ArrayList<Finished>();
    var lines = new ArrayList<Finished>();
    for (int i = 0; i < 500; i++) {
      Exchange call = calls.any("01jdb" + i);
      Finished one = finished(call);
      Finished logged =
          LoggedCalls.read(
                  new String(new ExchangeLines.Speller().line(call), StandardCharsets.UTF_8))
              .orElseThrow();
      assertThat(logged.costs()).isEqualTo(one.costs());
      assertThat(logged.attempts()).hasSameSizeAs(one.attempts());
      for (int place = 0; place < one.attempts().size(); place++) {
        assertThat(asLined(logged.attempts().get(place)))
            .isEqualTo(asLined(one.attempts().get(place)));
      }
      told.add(one);
      lines.add(logged);
    }
    Kept first = book.keep(lines);
    assertThat(first.attempts()).isGreaterThan(400);
    assertThat(first.entries()).isGreaterThan(200);

    Kept again = book.keep(told);

    assertThat(again).isEqualTo(new Kept(0, 0, List.of(), List.of()));
    assertThat(book.keep(lines)).isEqualTo(again);
  }

  /** What a line tells of an attempt: without its region, and quantities and prices of items. */
  private static List<Object> asLined(Fact fact) {
    return List.of(
        fact.id(),
        fact.occurredAt(),
        Facts.Group.of(fact).price(),
        List.of(fact.organisation(), fact.team(), fact.keyId(), fact.route(), fact.tags()),
        List.of(fact.vendor(), fact.kind(), fact.model(), fact.replyModel(), fact.credential()),
        List.of(fact.purpose(), fact.tier(), fact.outcome(), fact.estimated()),
        fact.leaves(),
        fact.cost().map(cost -> List.of(cost.total(), cost.counted())),
        fact.cost()
            .map(cost ->
                cost.lines().stream().map(line -> List.of(line.item(), line.amount())).toList()),
        fact.cost()
            .map(cost ->
                cost.unpriced().stream()
                    .map(one -> List.of(one.item(), one.quantity(), one.reason()))
                    .toList()));
  }

  @Test
  void severalReplicasKeepTheSameCallsOnce() throws Exception {
    var told = new ArrayList<Finished>();
    for (int i = 0; i < 400; i++) {
      told.add(finished(Calls.usual("01jdb" + i, NOON.plusSeconds(i % 3 * 3_600L))));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var done = new ArrayList<Future<Integer>>();
      for (int t = 0; t < 3; t++) {
        int offset = t * 60;
        var own = new SqlAttemptBook(database, () -> NOON.plusSeconds(90_000));
        done.add(
            threads.submit(() -> {
              int attempts = 0;
              for (int i = 0; i < 400; i += 40) {
                int from = (i + offset) % 400 / 40 * 40;
                attempts += own.keep(told.subList(from, from + 40)).attempts();
              }
              return attempts;
            }));
      }
      int attempts = 0;
      for (Future<Integer> one : done) {
        attempts += one.get();
      }
      assertThat(attempts).isEqualTo(400);
    }
    var counted = new ArrayList<Long>();
    new SqlFacts(database)
        .sums(
            NOON,
            ALWAYS,
            Facts.Grain.WHOLE,
            sum -> {
              counted.add(sum.attempts());
              if (sum.item().equals("input.text.write_5m")) {
                assertThat(sum.amount().toString()).isEqualTo("18.456 USD");
              }
            });
    assertThat(counted).containsExactly(400L, 400L, 400L);
    verified();
  }

  @Test
  void whatComesAfterItsPeriodWasClosedIsACorrection() throws Exception {
    ledger.close(Currencies.USD, NOON.plusSeconds(3_600));

    book.keep(List.of(finished(Calls.usual("late", NOON))));
    book.keep(List.of(finished(Calls.usual("open", NOON.plusSeconds(3_600)))));

    List<Boolean> corrections =
        database.read(session ->
            session.all(
                "SELECT correction FROM ledger_entries ORDER BY number", row -> row.whole(1) != 0));
    assertThat(corrections).containsExactly(true, false);
  }

  @Test
  void whatIsToBeInTheFutureIsKeptAndNotBooked() throws Exception {
    Kept kept =
        book.keep(
            List.of(
                finished(Calls.usual("ahead", NOON.plusSeconds(500_000))),
                finished(Calls.usual("now", NOON))));

    assertThat(kept.attempts()).isEqualTo(2);
    assertThat(kept.entries()).isEqualTo(1);
    assertThat(kept.refused())
        .singleElement()
        .satisfies(refused -> {
          assertThat(refused.exchange()).isEqualTo("ahead");
          assertThat(refused.reason()).contains("which is in the future: look at the clocks");
        });
  }

  @Test
  void recordsAreReadByTimeAndForgottenWhenTheirTimeIsOver() throws Exception {
    for (int day = 0; day < 4; day++) {
      var told = new ArrayList<Finished>();
      for (int i = 0; i < 100; i++) {
        told.add(
            finished(Calls.usual("d" + day + "-" + i, NOON.plusSeconds(86_400L * day - 300_000))));
      }
      book.keep(told);
    }
    Instant second = NOON.plusSeconds(86_400 - 300_000);
    var found = new ArrayList<String>();
    records.each(
        second,
        second.plusSeconds(86_400),
        json -> found.add(new String(json, StandardCharsets.UTF_8)));
    assertThat(found).hasSize(100).allMatch(json -> json.contains("\"id\":\"d1-"));

    assertThat(records.prune(second.plusSeconds(1))).isEqualTo(4);

    assertThat(records.find("d1-7")).isEmpty();
    assertThat(records.find("d2-7")).isPresent();
  }
}
