package dev.understudy.store;

import dev.understudy.exchange.Fact;
import dev.understudy.exchange.Facts;
import dev.understudy.ledger.AttemptCosts;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Writes attempts, and what hours come to by them, within one transaction. */
final class FactPages {
  static final long HOUR = 3_600_000;

  private static final int ASKED_AT_ONCE = 256;
  private static final int PRUNED_AT_ONCE = 5_000;

  private final Session session;
  private final FactNames.Seen names;

  FactPages(Session session, FactNames.Seen names) {
    this.session = session;
    this.names = names;
  }

  /** Where a sum stands; in this order no two writers wait for each other in a circle. */
  private record Place(long hour, long group, long item) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int byHour = Long.compare(hour, other.hour);
      int byGroup = byHour != 0 ? byHour : Long.compare(group, other.group);
      return byGroup != 0 ? byGroup : Long.compare(item, other.item);
    }
  }

  /** Keeps those that are not kept yet, and says how many those were. */
  int keep(List<Fact> facts) throws SQLException {
    Set<String> kept = kept(facts);
    kept.addAll(forgotten(facts));
    var rows = new ArrayList<Object[]>(facts.size());
    var sums = new TreeMap<Place, FactItem.Running>();
    for (Fact fact : facts) {
      if (!kept.add(fact.id())) {
        continue;
      }
      Facts.Group words = Facts.Group.of(fact);
      long group = names.of(words);
      FactForm.Split split = FactForm.split(fact);
      rows.add(
          new Object[] {
            fact.exchange(),
            fact.index(),
            fact.occurredAt(),
            group,
            names.of(split.form()),
            split.numbers()
          });
      long hour = hour(fact.occurredAt());
      for (Map.Entry<FactItem, FactItem.Running> one : FactItem.of(fact).entrySet()) {
        sums.computeIfAbsent(
                new Place(hour, group, names.of(one.getKey())), _ -> new FactItem.Running())
            .add(one.getValue());
      }
    }
    session.batch(
        """
        INSERT INTO facts (exchange, place, occurred_at, group_id, form_id, numbers)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        rows);
    add(sums);
    return rows.size();
  }

  static long hour(Instant at) {
    return Math.floorDiv(at.toEpochMilli(), HOUR) * HOUR;
  }

  private Set<String> kept(List<Fact> facts) throws SQLException {
    var kept = new HashSet<String>();
    List<String> exchanges = facts.stream().map(Fact::exchange).distinct().toList();
    for (int from = 0; from < exchanges.size(); from += ASKED_AT_ONCE) {
      // Always so many, the last one repeated, so that it is one statement however many they are.
      var asked = new Object[ASKED_AT_ONCE];
      for (int i = 0; i < ASKED_AT_ONCE; i++) {
        asked[i] = exchanges.get(Math.min(from + i, exchanges.size() - 1));
      }
      session.each(
          "SELECT exchange, place FROM facts WHERE exchange IN (?" + MORE + ")",
          row -> kept.add(row.text(1) + "/" + row.whole(2)),
          asked);
    }
    return kept;
  }

  /**
   * Of those from before attempts are kept one by one, those that count already: the ledger knows
   * what was ever booked. What costs nothing has no entry to know it by, and is not counted again.
   */
  private Set<String> forgotten(List<Fact> facts) throws SQLException {
    long before = prunedBefore(session);
    var counted = new HashSet<String>();
    for (Fact fact : facts) {
      if (fact.occurredAt().toEpochMilli() < before && (isFree(fact) || isBooked(fact))) {
        counted.add(fact.id());
      }
    }
    return counted;
  }

  private static boolean isFree(Fact fact) {
    return fact.cost().filter(cost -> !cost.counted().isZero()).isEmpty();
  }

  private boolean isBooked(Fact fact) throws SQLException {
    return session
        .one(
            "SELECT 1 FROM ledger_entries WHERE source = ? AND event_id = ?",
            row -> row.whole(1),
            AttemptCosts.SOURCE,
            fact.id())
        .isPresent();
  }

  private static final String MORE = ", ?".repeat(ASKED_AT_ONCE - 1);

  private void add(Map<Place, FactItem.Running> sums) throws SQLException {
    var rows = new ArrayList<Object[]>(sums.size());
    for (Map.Entry<Place, FactItem.Running> one : sums.entrySet()) {
      Place at = one.getKey();
      FactItem.Running more = one.getValue();
      if (session.dialect() == Dialect.SQLITE) {
        // It has no exact numbers, so they are added here; nobody else writes meanwhile.
        session
            .one(
                """
                SELECT quantity, amount, counted, attempts FROM fact_sums
                WHERE hour = ? AND group_id = ? AND item_id = ?
                """,
                row -> running(row, 1),
                at.hour(),
                at.group(),
                at.item())
            .ifPresent(more::add);
      }
      rows.add(
          new Object[] {
            at.hour(),
            at.group(),
            at.item(),
            more.quantity,
            more.amount,
            more.counted,
            more.attempts
          });
    }
    session.batch(
        session.dialect() == Dialect.SQLITE
            ? """
            INSERT OR REPLACE INTO fact_sums
              (hour, group_id, item_id, quantity, amount, counted, attempts)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """
            : """
            INSERT INTO fact_sums AS was
              (hour, group_id, item_id, quantity, amount, counted, attempts)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (hour, group_id, item_id) DO UPDATE SET
              quantity = was.quantity + excluded.quantity,
              amount = was.amount + excluded.amount,
              counted = was.counted + excluded.counted,
              attempts = was.attempts + excluded.attempts
            """,
        rows);
  }

  static FactItem.Running running(Row row, int first) throws SQLException {
    var running = new FactItem.Running();
    running.quantity = row.decimal(first);
    running.amount = row.decimal(first + 1);
    running.counted = row.decimal(first + 2);
    running.attempts = row.whole(first + 3);
    return running;
  }

  /** When attempts begin to be kept one by one. */
  static long prunedBefore(Session session) throws SQLException {
    return session.one("SELECT before FROM fact_pruning", row -> row.whole(1)).orElse(0L);
  }

  /** From now on, attempts before this are as if they were gone. */
  static void pruning(Session session, long before) throws SQLException {
    session.update("UPDATE fact_pruning SET before = ? WHERE before < ?", before, before);
  }

  /** Forgets some of those before; the number of these, which is 0 when there are no more. */
  static int pruneSome(Session session, long before) throws SQLException {
    List<Object[]> some =
        session.all(
            "SELECT exchange, place FROM facts WHERE occurred_at < ? ORDER BY occurred_at LIMIT "
                + PRUNED_AT_ONCE,
            row -> new Object[] {row.text(1), row.whole(2)},
            before);
    session.batch("DELETE FROM facts WHERE exchange = ? AND place = ?", some);
    return some.size();
  }
}
