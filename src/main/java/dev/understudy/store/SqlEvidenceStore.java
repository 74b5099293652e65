package dev.understudy.store;

import dev.understudy.contract.EvidenceStore;
import dev.understudy.contract.Happening;
import dev.understudy.contract.Logged;
import dev.understudy.json.Json;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/** Keeps what happened under contracts in the database. */
public final class SqlEvidenceStore implements EvidenceStore {
  private final Database database;

  public SqlEvidenceStore(Database database) {
    this.database = database;
  }

  @Override
  public boolean add(Logged next) throws IOException {
    return database.write(session -> {
      long last =
          session
              .one("SELECT COALESCE(MAX(number), 0) FROM contract_evidence", row -> row.whole(1))
              .orElse(0L);
      if (last != next.number() - 1) {
        return false;
      }
      Happening what = next.what();
      // Where another replica is quicker in this very moment, the number is taken.
      return session.update(
              """
              INSERT INTO contract_evidence
                (number, taken_at, told_by, kind, contract, clause, happened_at, details,
                 previous, hash)
              VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
              ON CONFLICT (number) DO NOTHING
              """,
              next.number(),
              next.takenAt(),
              next.by(),
              what.kind().word(),
              what.contract(),
              what.clause(),
              what.at(),
              json(what.details()),
              next.previous(),
              next.hash())
          == 1;
    });
  }

  @Override
  public List<Logged> after(long number) throws IOException {
    return database.read(session ->
        session.all(
            """
            SELECT number, taken_at, told_by, kind, contract, clause, happened_at, details,
              previous, hash
            FROM contract_evidence WHERE number > ? ORDER BY number LIMIT ?
            """,
            SqlEvidenceStore::logged,
            number,
            (long) PAGE));
  }

  private static Logged logged(Row row) throws SQLException {
    String kind = row.text(4);
    return new Logged(
        row.whole(1),
        row.moment(2),
        row.text(3),
        new Happening(
            Happening.Kind.of(kind)
                .orElseThrow(() ->
                    new SQLException(
                        "evidence of kind " + kind + ", which this program does not know")),
            row.text(5),
            row.text(6),
            row.moment(7),
            details(row.text(8))),
        row.text(9),
        row.text(10));
  }

  private static String json(Map<String, String> details) {
    ObjectNode object = Json.object();
    details.forEach(object::put);
    return Json.text(object);
  }

  private static SortedMap<String, String> details(String json) {
    var details = new TreeMap<String, String>();
    Json.parseObject(json)
        .properties()
        .forEach(detail -> details.put(detail.getKey(), detail.getValue().asString()));
    return details;
  }
}
