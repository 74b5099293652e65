package dev.understudy.store;

import dev.understudy.exchange.Facts;
import dev.understudy.exchange.Purpose;
import dev.understudy.money.Currencies;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The numbers of what repeats in many attempts: groups, forms and items. What a transaction made is
 * remembered when it is over, for one that fails has made nothing.
 */
final class FactNames {
  private static final int KNOWN_MAX = 20_000;

  private final Map<Object, Long> known =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Long> eldest) {
          return size() > KNOWN_MAX;
        }
      };

  /** The numbers as one transaction sees them. */
  Seen in(Session session) {
    return new Seen(session);
  }

  /** Numbers within one transaction. */
  final class Seen {
    private final Session session;
    private final Map<Object, Long> made = new HashMap<>();

    private Seen(Session session) {
      this.session = session;
    }

    /** The transaction is over, and what it made is there. */
    void remember() {
      synchronized (known) {
        known.putAll(made);
      }
    }

    long of(Facts.Group group) throws SQLException {
      Optional<Long> there = ifKnown(group);
      if (there.isPresent()) {
        return there.get();
      }
      return made(
          group,
          "fact_groups",
          "organisation, team, key_id, route, purpose, vendor, kind, model, reply_model, region,"
              + " tier, estimated, price",
          group.organisation(),
          group.team(),
          group.keyId(),
          group.route(),
          group.purpose().word(),
          group.vendor(),
          group.kind(),
          group.model(),
          group.replyModel(),
          group.region(),
          group.tier(),
          group.estimated(),
          group.price());
    }

    long of(FactForm form) throws SQLException {
      Optional<Long> there = ifKnown(form);
      return there.isPresent() ? there.get() : made(form, "fact_forms", "form", form.json());
    }

    long of(FactItem item) throws SQLException {
      Optional<Long> there = ifKnown(item);
      if (there.isPresent()) {
        return there.get();
      }
      return made(
          item,
          "fact_items",
          "item, each_price, currency, priced",
          item.item(),
          item.eachIfAny().map(BigDecimal::toPlainString),
          item.currency().getCurrencyCode(),
          item.priced());
    }

    private Optional<Long> ifKnown(Object name) {
      Long number = made.get(name);
      if (number == null) {
        synchronized (known) {
          number = known.get(name);
        }
      }
      return Optional.ofNullable(number);
    }

    private long made(Object name, String table, String columns, Object... values)
        throws SQLException {
      String digest = digest(values);
      String find = "SELECT id FROM " + table + " WHERE digest = ?";
      Optional<Long> there = session.one(find, row -> row.whole(1), digest);
      if (there.isEmpty()) {
        var arguments = new ArrayList<Object>(List.of(digest));
        arguments.addAll(List.of(values));
        session.update(
            "INSERT INTO %s (digest, %s) VALUES (?%s)"
                .formatted(table, columns, ", ?".repeat(values.length)),
            arguments.toArray());
        there = session.one(find, row -> row.whole(1), digest);
      }
      long number = there.orElseThrow(() -> new SQLException("a name is not there: " + table));
      made.put(name, number);
      return number;
    }
  }

  /** Of the values with their lengths, so that no two lists of them are one text. */
  private static String digest(Object... values) {
    var text = new StringBuilder();
    for (Object value : values) {
      String word = value instanceof Optional<?> some ? String.valueOf(some) : value.toString();
      text.append(word.length()).append(' ').append(word);
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Reads what numbers stand for, each once. */
  static final class Reader {
    private final Session session;
    private final Map<Long, Facts.Group> groups = bounded();
    private final Map<Long, FactForm> forms = bounded();
    private final Map<Long, FactItem> items = bounded();

    Reader(Session session) {
      this.session = session;
    }

    private static <V> Map<Long, V> bounded() {
      return new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, V> eldest) {
          return size() > KNOWN_MAX;
        }
      };
    }

    Facts.Group group(long id) throws SQLException {
      Facts.Group group = groups.get(id);
      if (group == null) {
        group =
            session
                .one(
                    """
                    SELECT organisation, team, key_id, route, purpose, vendor, kind, model,
                      reply_model, region, tier, estimated, price
                    FROM fact_groups WHERE id = ?
                    """,
                    FactNames::group,
                    id)
                .orElseThrow(() -> missing("group", id));
        groups.put(id, group);
      }
      return group;
    }

    FactForm form(long id) throws SQLException {
      FactForm form = forms.get(id);
      if (form == null) {
        form =
            session
                .one(
                    "SELECT form FROM fact_forms WHERE id = ?",
                    row -> FactForm.read(row.text(1)),
                    id)
                .orElseThrow(() -> missing("form", id));
        forms.put(id, form);
      }
      return form;
    }

    FactItem item(long id) throws SQLException {
      FactItem item = items.get(id);
      if (item == null) {
        item =
            session
                .one(
                    "SELECT item, each_price, currency, priced FROM fact_items WHERE id = ?",
                    row ->
                        new FactItem(
                            row.text(1),
                            row.textIfAny(2).map(BigDecimal::new).orElse(null),
                            Currencies.of(row.text(3)),
                            row.whole(4) != 0),
                    id)
                .orElseThrow(() -> missing("item", id));
        items.put(id, item);
      }
      return item;
    }

    private static SQLException missing(String what, long id) {
      return new SQLException("there are attempts of a " + what + " that is not there: " + id);
    }
  }

  private static Facts.Group group(Row row) throws SQLException {
    return new Facts.Group(
        row.text(1),
        row.text(2),
        row.text(3),
        row.text(4),
        Purpose.of(row.text(5)),
        row.text(6),
        row.text(7),
        row.text(8),
        row.text(9),
        row.text(10),
        row.text(11),
        row.whole(12) != 0,
        row.text(13));
  }
}
