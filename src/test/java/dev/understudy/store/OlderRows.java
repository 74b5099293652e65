package dev.understudy.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.contract.Logged;
import dev.understudy.exchange.Fact;
import dev.understudy.exchange.Facts;
import dev.understudy.journal.Calls;
import dev.understudy.ledger.Account;
import dev.understudy.ledger.AttemptBook.Finished;
import dev.understudy.ledger.AttemptCosts;
import dev.understudy.ledger.Balance;
import dev.understudy.ledger.Ledger;
import dev.understudy.ledger.Verification;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.settlement.SalesFact;
import dev.understudy.settlement.StatementStore.Kept;
import dev.understudy.settlement.StatementStore.Kind;
import dev.understudy.telemetry.ExchangeLines;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What the program wrote into each step's tables when that step was new, kept as text in {@code
 * rows/STEP.sql}, and what must be found of it after a database was brought forward. Every step has
 * such a file, so that a new one cannot come without saying what becomes of it.
 */
final class OlderRows {
  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
  private static final Instant ALWAYS = Instant.parse("2100-01-01T00:00:00Z");

  private OlderRows() {}

  /** Puts the rows of the first steps into a database that has taken those. */
  static void write(Database database, int steps) throws IOException {
    database.write(session -> {
      for (String name : Migrations.ALL.names().subList(0, steps)) {
        for (String statement : Migrations.statements(script(name))) {
          session.update(
              session.dialect() == Dialect.POSTGRES
                  ? statement.replaceAll("X'([0-9a-f]*)'", "'\\\\x$1'")
                  : statement);
        }
      }
      if (session.dialect() == Dialect.POSTGRES) {
        for (String table : List.of("fact_groups", "fact_forms", "fact_items", "exchange_blocks")) {
          if (steps >= (table.startsWith("fact") ? 3 : 7)) {
            count(session, table);
          }
        }
      }
      return 0;
    });
  }

  /** Identities go on after those that are there, as they do in a database that gave them out. */
  private static void count(Session session, String table) throws SQLException {
    session.one(
        "SELECT setval(pg_get_serial_sequence('%1$s', 'id'), (SELECT max(id) FROM %1$s))"
            .formatted(table),
        row -> row.whole(1));
  }

  private static String script(String step) {
    String path = "rows/" + step + ".sql";
    try (var in = OlderRows.class.getResourceAsStream(path)) {
      assertThat(in).as("what step %s kept when it was new: %s", step, path).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Looks for all of it, through the stores, and lets work go on on top of it. */
  static void check(Database database, int steps) throws Exception {
    if (steps >= 1) {
      keys(database);
    }
    if (steps >= 2) {
      ledger(database);
    }
    if (steps >= 3) {
      attempts(database, 3, "0.163197 USD");
    }
    if (steps >= 4) {
      rollouts(database);
    }
    if (steps >= 5) {
      settlement(database);
    }
    if (steps >= 6) {
      evidence(database);
    }
    if (steps >= 7) {
      records(database);
    }
    if (steps >= 8) {
      plans(database);
    }
    goOn(database, steps);
  }

  private static void keys(Database database) throws IOException {
    var directory = new SqlKeyStore(database).load();

    assertThat(directory.version()).isEqualTo(3);
    assertThat(directory.organisations()).containsKeys("default", "acme");
    assertThat(directory.teams()).containsKeys("default", "search");
    assertThat(directory.keys().values())
        .singleElement()
        .satisfies(key -> {
          assertThat(key.name()).isEqualTo("nightly");
          assertThat(key.tags()).containsEntry("env", "prod é");
          assertThat(key.expiresAt()).contains(Instant.parse("2027-02-25T12:00:00Z"));
          assertThat(key.secrets()).hasSize(1);
        });
  }

  private static void ledger(Database database) throws IOException {
    var ledger = new Ledger(new SqlLedgerStore(database), () -> NOON.plusSeconds(200));

    var heads = new HashMap<String, String>();
    for (Verification one : ledger.verify()) {
      assertThat(one.problems()).isEmpty();
      assertThat(one.entries()).isEqualTo(3);
      heads.put(one.currency().getCurrencyCode(), one.head());
    }
    assertThat(heads)
        .isEqualTo(
            Map.of(
                "USD", "5d7c56ca44a50d072b5a4dbe90e0ccc0b3f17ffdcad632aa216b89e2f0e03f1e",
                "EUR", "79777cbb9dc8e80cb4d2babd2a9f24e3a685ff6c225e2c222368fa9d5abb9937"));
    assertThat(ledger.balances(Currencies.USD).get(Account.of(Account.Kind.USAGE, "claude")))
        .isEqualTo(new Balance(Money.parse("0.163197 USD"), Money.zero(Currencies.USD)));
    // What was booked was taken back; what was reserved is held still.
    assertThat(
            ledger.balances(Currencies.of("EUR")).get(Account.of(Account.Kind.PAYABLE, "openai")))
        .isEqualTo(new Balance(Money.parse("0 EUR"), Money.parse("-7.77 EUR")));
  }

  private static void attempts(Database database, int count, String cost) throws IOException {
    var facts = new SqlFacts(database);
    var all = new ArrayList<Fact>();
    facts.each(Instant.EPOCH, ALWAYS, all::add);
    var sums = new ArrayList<Facts.Sum>();
    facts.sums(Instant.EPOCH, ALWAYS, Facts.Grain.DAY, sums::add);

    assertThat(all)
        .containsExactlyElementsOf(
            IntStream.range(0, count)
                .mapToObj(i -> Fact.of(Calls.usual("01jdb" + i, NOON.plusSeconds(i)), 0, "eu"))
                .toList());
    assertThat(sums.stream().map(Facts.Sum::amount).reduce(Money.zero(Currencies.USD), Money::plus))
        .isEqualTo(Money.parse(cost));
  }

  private static void rollouts(Database database) throws IOException {
    var store = new SqlRolloutStore(database);

    assertThat(store.load().version()).isEqualTo(1);
    assertThat(store.load().rollouts())
        .singleElement()
        .satisfies(one -> {
          assertThat(one.name()).isEqualTo("one");
          assertThat(one.rules().stages()).containsExactly(0.0, 0.05, 1.0);
        });
    assertThat(store.steps("id-one")).isNotEmpty();
  }

  private static void settlement(Database database) throws IOException {
    var sales = new ArrayList<SalesFact>();
    var store = new SqlSalesStore(database);
    store.each(Instant.EPOCH, ALWAYS, sales::add);
    var statements = new SqlStatementStore(database);

    assertThat(sales)
        .singleElement()
        .satisfies(sale -> {
          assertThat(sale.amount()).isEqualTo(Money.parse("9000.01 EUR"));
          assertThat(sale.product()).isEqualTo("assistant, größer");
        });
    assertThat(store.rates())
        .singleElement()
        .satisfies(rate -> {
          assertThat(rate.rate()).isEqualTo(new BigDecimal("1.0815"));
          assertThat(rate.source()).isEqualTo("ECB reference rate");
        });
    assertThat(statements.last(Kind.STATEMENT, "resale", "2026-10"))
        .contains(new Kept(Kind.STATEMENT, "resale", "2026-10", 1, "", "d1", "{\"n\":1}", NOON));
    assertThat(statements.numbered("2026-00001")).map(Kept::digest).contains("d2");
  }

  private static void evidence(Database database) throws IOException {
    List<Logged> log = new SqlEvidenceStore(database).after(0);

    assertThat(log).extracting(Logged::by).containsExactly("ann", "bob");
    assertThat(Logged.fault(log)).isEmpty();
  }

  private static void records(Database database) throws IOException {
    var records = new SqlRecords(database);

    for (int i = 0; i < 3; i++) {
      assertThat(records.find("01jdb" + i))
          .contains(
              new ExchangeLines.Speller().line(Calls.usual("01jdb" + i, NOON.plusSeconds(i))));
    }
  }

  private static void plans(Database database) throws IOException {
    var plans = new SqlPlanStore(database).load();

    assertThat(plans.current().version()).isEqualTo(2);
    assertThat(plans.current().text()).isEqualTo("routes: {a: {serve: \"x/é\"}}\n");
    assertThat(plans.previous().orElseThrow().text()).isEmpty();
  }

  /** A call is told again and another one for the first time: one is known, one is booked. */
  private static void goOn(Database database, int steps) throws IOException {
    var book = new SqlAttemptBook(database, () -> NOON.plusSeconds(300));
    var ledger = new Ledger(new SqlLedgerStore(database), () -> NOON.plusSeconds(300));

    var kept = book.keep(List.of(finished(2), finished(3)));

    assertThat(kept.conflicts()).isEmpty();
    assertThat(kept.attempts()).isEqualTo(steps >= 3 ? 1 : 2);
    assertThat(kept.entries()).isEqualTo(steps >= 2 ? 1 : 2);
    assertThat(ledger.verify()).isNotEmpty().allMatch(one -> one.problems().isEmpty());
    if (steps >= 3) {
      attempts(database, 4, "0.217596 USD");
    }
  }

  private static Finished finished(int i) {
    var call = Calls.usual("01jdb" + i, NOON.plusSeconds(i));
    return new Finished(
        call.id(),
        call.startedAt().toEpochMilli(),
        List.of(Fact.of(call, 0, "eu")),
        AttemptCosts.of(call),
        new ExchangeLines.Speller().line(call));
  }
}
