package dev.understudy.store;

import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.json.Quoted;
import dev.understudy.ledger.Account;
import dev.understudy.ledger.Act;
import dev.understudy.ledger.Balance;
import dev.understudy.ledger.Draft;
import dev.understudy.ledger.Entry;
import dev.understudy.ledger.EventId;
import dev.understudy.ledger.LedgerStore;
import dev.understudy.ledger.Posting;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** The ledger's tables within one transaction. */
final class SqlLedgerPages implements LedgerStore.Pages {
  private static final String COLUMNS =
      """
      SELECT number, source, event_id, act, ends_source, ends_id, expires_at, currency,
        occurred_at, received_at, booked_at, correction, postings, notes, previous, hash
      FROM ledger_entries
      """;

  private static final int ASKED_AT_ONCE = 256;
  private static final String MORE = ", ?".repeat(ASKED_AT_ONCE - 1);

  private static final String APPEND =
      """
      INSERT INTO ledger_entries (number, source, event_id, act, ends_source, ends_id,
        expires_at, currency, occurred_at, received_at, booked_at, correction, postings,
        notes, previous, hash)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  /** Characters of usual ones. */
  private static final int POSTINGS_USUAL = 120;

  private static final int NOTES_USUAL = 240;

  private final Session session;

  SqlLedgerPages(Session session) {
    this.session = session;
  }

  /** Carries what the database objects to through code that knows no database. */
  static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final SQLException problem;

    Failed(SQLException problem) {
      super(problem);
      this.problem = problem;
    }

    SQLException problem() {
      return problem;
    }
  }

  /** What is asked of the database. */
  @FunctionalInterface
  private interface Asked<T> {
    T ask() throws SQLException;
  }

  private static <T> T ask(Asked<T> asked) {
    try {
      return asked.ask();
    } catch (SQLException e) {
      throw new Failed(e);
    }
  }

  @Override
  public Optional<Entry> entry(EventId event) {
    return ask(() ->
        session.one(
            COLUMNS + "WHERE source = ? AND event_id = ?",
            SqlLedgerPages::entry,
            event.source(),
            event.id()));
  }

  @Override
  public Map<EventId, Entry> entries(Collection<EventId> events) {
    var bySource = new TreeMap<String, List<String>>();
    for (EventId event : events) {
      bySource.computeIfAbsent(event.source(), _ -> new ArrayList<>()).add(event.id());
    }
    return ask(() -> {
      var found = new HashMap<EventId, Entry>();
      for (Map.Entry<String, List<String>> one : bySource.entrySet()) {
        List<String> ids = one.getValue();
        for (int from = 0; from < ids.size(); from += ASKED_AT_ONCE) {
          // Always so many, the last one repeated, so that it is one statement however many.
          var asked = new Object[ASKED_AT_ONCE + 1];
          asked[0] = one.getKey();
          for (int i = 0; i < ASKED_AT_ONCE; i++) {
            asked[i + 1] = ids.get(Math.min(from + i, ids.size() - 1));
          }
          session.each(
              COLUMNS + "WHERE source = ? AND event_id IN (?" + MORE + ")",
              row -> {
                Entry entry = entry(row);
                found.put(entry.draft().event(), entry);
              },
              asked);
        }
      }
      return found;
    });
  }

  @Override
  public Optional<Entry> ending(EventId ended) {
    return ask(() ->
        session.one(
            COLUMNS + "WHERE ends_source = ? AND ends_id = ?",
            SqlLedgerPages::entry,
            ended.source(),
            ended.id()));
  }

  @Override
  public Optional<Entry> last(Currency currency) {
    return ask(() ->
        session.one(
            COLUMNS + "WHERE currency = ? ORDER BY number DESC LIMIT 1",
            SqlLedgerPages::entry,
            currency.getCurrencyCode()));
  }

  @Override
  public Optional<Instant> closedUntil(Currency currency) {
    return ask(() ->
        session.one(
            "SELECT closed_until FROM ledger_periods WHERE currency = ?",
            row -> row.moment(1),
            currency.getCurrencyCode()));
  }

  @Override
  public Balance balance(Currency currency, Account account) {
    return ask(() ->
        session
            .one(
                "SELECT posted, pending FROM ledger_balances WHERE currency = ? AND account = ?",
                row -> balance(row, 1, currency),
                currency.getCurrencyCode(),
                account.toString())
            .orElseGet(() -> Balance.zero(currency)));
  }

  @Override
  public SortedMap<Account, Balance> balances(Currency currency) {
    return ask(() -> {
      var balances = new TreeMap<Account, Balance>();
      session.each(
          "SELECT account, posted, pending FROM ledger_balances WHERE currency = ?",
          row -> balances.put(Account.parse(row.text(1)), balance(row, 2, currency)),
          currency.getCurrencyCode());
      return balances;
    });
  }

  private static Balance balance(Row row, int column, Currency currency) throws SQLException {
    return new Balance(
        Money.of(row.decimal(column), currency), Money.of(row.decimal(column + 1), currency));
  }

  @Override
  public List<Currency> currencies() {
    return ask(() ->
        session.all(
            """
            SELECT currency FROM ledger_entries
            UNION SELECT currency FROM ledger_balances
            ORDER BY currency
            """,
            row -> Currencies.of(row.text(1))));
  }

  @Override
  public void each(Currency currency, Consumer<Entry> use, BiConsumer<Long, String> unreadable) {
    ask(() -> {
      session.each(
          COLUMNS + "WHERE currency = ? ORDER BY number",
          row -> read(row, use, unreadable),
          currency.getCurrencyCode());
      return 0;
    });
  }

  @Override
  public void eachBeside(String source, Consumer<Entry> use, BiConsumer<Long, String> unreadable) {
    ask(() -> {
      // Two spans of the index by source, so that the many entries of calls are not read at all.
      session.each(COLUMNS + "WHERE source < ?", row -> read(row, use, unreadable), source);
      session.each(COLUMNS + "WHERE source > ?", row -> read(row, use, unreadable), source);
      return 0;
    });
  }

  private static void read(Row row, Consumer<Entry> use, BiConsumer<Long, String> unreadable)
      throws SQLException {
    Entry entry;
    try {
      entry = entry(row);
    } catch (IllegalArgumentException | ArithmeticException | Malformed e) {
      unreadable.accept(row.whole(1), String.valueOf(e.getMessage()));
      return;
    }
    use.accept(entry);
  }

  @Override
  public List<Entry> expired(Instant now, int max) {
    return ask(() ->
        session.all(
            COLUMNS
                + """
                AS held WHERE act = 'reserve' AND expires_at <= ? AND NOT EXISTS (
                  SELECT 1 FROM ledger_entries ending
                  WHERE ending.ends_source = held.source AND ending.ends_id = held.event_id)
                ORDER BY expires_at LIMIT ?
                """,
            SqlLedgerPages::entry,
            now,
            max));
  }

  @Override
  public void append(Entry entry) {
    ask(() -> session.update(APPEND, columns(entry)));
  }

  @Override
  public void append(List<Entry> entries) {
    ask(() -> {
      session.batch(APPEND, () -> entries.stream().map(SqlLedgerPages::columns).iterator());
      return 0;
    });
  }

  private static Object[] columns(Entry entry) {
    Draft draft = entry.draft();
    Optional<Instant> expiresAt =
        draft.act() instanceof Act.Reserve(Instant at) ? Optional.of(at) : Optional.empty();
    return new Object[] {
      entry.number(),
      draft.event().source(),
      draft.event().id(),
      draft.act().word(),
      draft.act().ends().map(EventId::source),
      draft.act().ends().map(EventId::id),
      expiresAt,
      draft.currency().getCurrencyCode(),
      draft.occurredAt(),
      entry.receivedAt(),
      entry.bookedAt(),
      entry.correction(),
      postings(draft),
      notes(draft),
      entry.previous(),
      entry.hash()
    };
  }

  @Override
  public void put(Currency currency, Account account, Balance balance) {
    ask(() ->
        session.update(
            """
            INSERT INTO ledger_balances (currency, account, posted, pending) VALUES (?, ?, ?, ?)
            ON CONFLICT (currency, account)
            DO UPDATE SET posted = excluded.posted, pending = excluded.pending
            """,
            currency.getCurrencyCode(),
            account.toString(),
            balance.posted().amount().toPlainString(),
            balance.pending().amount().toPlainString()));
  }

  @Override
  public void close(Currency currency, Instant until) {
    ask(() ->
        session.update(
            """
            INSERT INTO ledger_periods (currency, closed_until) VALUES (?, ?)
            ON CONFLICT (currency) DO UPDATE SET closed_until = excluded.closed_until
            """,
            currency.getCurrencyCode(),
            until));
  }

  private static Entry entry(Row row) throws SQLException {
    Currency currency = Currencies.of(row.text(8));
    var draft =
        new Draft(
            new EventId(row.text(2), row.text(3)),
            act(row),
            currency,
            row.moment(9),
            postings(row.text(13), currency),
            notes(row.text(14)));
    return new Entry(
        row.whole(1),
        draft,
        row.moment(10),
        row.moment(11),
        row.whole(12) != 0,
        row.text(15),
        row.text(16));
  }

  private static Act act(Row row) throws SQLException {
    String word = row.text(4);
    return switch (word) {
      case "post" -> Act.post();
      case "reserve" -> new Act.Reserve(row.moment(7));
      case "settle" -> new Act.Settle(new EventId(row.text(5), row.text(6)));
      case "release" -> new Act.Release(new EventId(row.text(5), row.text(6)));
      case "reverse" -> new Act.Reverse(new EventId(row.text(5), row.text(6)));
      default -> throw new SQLException("an entry that does \"" + word + "\" is not known");
    };
  }

  private static String postings(Draft draft) {
    // Neither an account's name nor an amount has anything that JSON would write otherwise.
    var array = new StringBuilder(POSTINGS_USUAL).append('[');
    for (Posting posting : draft.postings()) {
      array
          .append(array.length() == 1 ? "[\"" : ",[\"")
          .append(posting.account())
          .append("\",\"")
          .append(posting.amount().amount().toPlainString())
          .append("\"]");
    }
    return array.append(']').toString();
  }

  private static List<Posting> postings(String json, Currency currency) {
    var postings = new ArrayList<Posting>();
    for (JsonNode one : Json.parse(json)) {
      postings.add(
          new Posting(
              Account.parse(one.path(0).asString()),
              Money.of(new BigDecimal(one.path(1).asString()), currency)));
    }
    return postings;
  }

  private static String notes(Draft draft) {
    var object = new StringBuilder(NOTES_USUAL).append('{');
    for (Map.Entry<String, String> note : draft.notes().entrySet()) {
      if (object.length() > 1) {
        object.append(',');
      }
      Quoted.add(note.getKey(), object);
      object.append(':');
      Quoted.add(note.getValue(), object);
    }
    return object.append('}').toString();
  }

  private static SortedMap<String, String> notes(String json) {
    var notes = new TreeMap<String, String>();
    Json.parseObject(json)
        .properties()
        .forEach(note -> notes.put(note.getKey(), note.getValue().asString()));
    return notes;
  }
}
