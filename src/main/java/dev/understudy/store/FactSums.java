package dev.understudy.store;

import dev.understudy.exchange.Fact;
import dev.understudy.exchange.Facts;
import dev.understudy.money.Money;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Adds up what attempts came to in a span: whole hours from the sums that are kept, what is left of
 * hours at either end from the attempts themselves.
 */
final class FactSums {
  private static final long DAY = 24 * FactPages.HOUR;

  private final Session session;
  private final FactNames.Reader names;
  private final FactNames.Seen numbers;
  private final long from;
  private final long until;
  private final Facts.Grain grain;
  private final Consumer<Facts.Sum> use;
  private final Map<Key, FactItem.Running> piece = new HashMap<>();
  private long pieceBegins;

  private record Key(long group, long item) {}

  FactSums(
      Session session,
      FactNames.Seen numbers,
      long from,
      long until,
      Facts.Grain grain,
      Consumer<Facts.Sum> use) {
    this.session = session;
    this.names = new FactNames.Reader(session);
    this.numbers = numbers;
    this.from = from;
    this.until = until;
    this.grain = grain;
    this.use = use;
    this.pieceBegins = from;
  }

  void tell() throws SQLException {
    long firstWhole = -Math.floorDiv(-from, FactPages.HOUR) * FactPages.HOUR;
    long endWhole = Math.floorDiv(until, FactPages.HOUR) * FactPages.HOUR;
    if (firstWhole > endWhole) {
      attempts(from, until);
    } else {
      attempts(from, firstWhole);
      hours(firstWhole, endWhole);
      attempts(endWhole, until);
    }
    tellPiece();
  }

  private void hours(long first, long end) throws SQLException {
    session.each(
        """
        SELECT hour, group_id, item_id, quantity, amount, counted, attempts FROM fact_sums
        WHERE hour >= ? AND hour < ? ORDER BY hour
        """,
        row -> {
          at(row.whole(1));
          piece
              .computeIfAbsent(new Key(row.whole(2), row.whole(3)), _ -> new FactItem.Running())
              .add(FactPages.running(row, 4));
        },
        first,
        end);
  }

  private void attempts(long first, long end) throws SQLException {
    if (first >= end) {
      return;
    }
    session.each(
        """
        SELECT occurred_at, group_id, form_id, numbers FROM facts
        WHERE occurred_at >= ? AND occurred_at < ? ORDER BY occurred_at
        """,
        row -> {
          at(row.whole(1));
          long group = row.whole(2);
          Fact fact =
              names.form(row.whole(3)).join("", 0, row.moment(1), names.group(group), row.text(4));
          for (Map.Entry<FactItem, FactItem.Running> one : FactItem.of(fact).entrySet()) {
            piece
                .computeIfAbsent(
                    new Key(group, numbers.of(one.getKey())), _ -> new FactItem.Running())
                .add(one.getValue());
          }
        },
        first,
        end);
  }

  /** What follows is of this time. */
  private void at(long millis) throws SQLException {
    long begins = Math.max(from, begin(millis));
    if (begins != pieceBegins) {
      tellPiece();
      pieceBegins = begins;
    }
  }

  private long begin(long millis) {
    return switch (grain) {
      case HOUR -> Math.floorDiv(millis, FactPages.HOUR) * FactPages.HOUR;
      case DAY -> Math.floorDiv(millis, DAY) * DAY;
      case WHOLE -> from;
    };
  }

  private long end(long millis) {
    return switch (grain) {
      case HOUR -> begin(millis) + FactPages.HOUR;
      case DAY -> begin(millis) + DAY;
      case WHOLE -> until;
    };
  }

  private void tellPiece() throws SQLException {
    Instant begins = Instant.ofEpochMilli(pieceBegins);
    Instant ends = Instant.ofEpochMilli(Math.min(until, end(pieceBegins)));
    for (Map.Entry<Key, FactItem.Running> one : piece.entrySet()) {
      FactItem item = names.item(one.getKey().item());
      FactItem.Running sum = one.getValue();
      use.accept(
          new Facts.Sum(
              names.group(one.getKey().group()),
              begins,
              ends,
              item.item(),
              item.eachIfAny(),
              Money.of(sum.quantity, item.currency()).amount(),
              Money.of(sum.amount, item.currency()),
              Money.of(sum.counted, item.currency()),
              item.priced(),
              sum.attempts));
    }
    piece.clear();
  }
}
