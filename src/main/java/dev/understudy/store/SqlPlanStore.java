package dev.understudy.store;

import dev.understudy.routing.KeptPlans;
import dev.understudy.routing.KeptPlans.Kept;
import dev.understudy.routing.PlanStore;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;

/** Keeps the plan that operators sent in the database. */
public final class SqlPlanStore implements PlanStore {
  private static final String CURRENT = "current";
  private static final String PREVIOUS = "previous";

  private final Database database;

  public SqlPlanStore(Database database) {
    this.database = database;
  }

  @Override
  public KeptPlans load() throws IOException {
    return database.read(session ->
        new KeptPlans(
            kept(session, CURRENT).orElse(KeptPlans.FIRST.current()), kept(session, PREVIOUS)));
  }

  private static Optional<Kept> kept(Session session, String slot) throws SQLException {
    return session.one(
        "SELECT version, text, since FROM plans WHERE slot = ?",
        row -> new Kept(row.whole(1), row.text(2), row.moment(3)),
        slot);
  }

  @Override
  public long version() throws IOException {
    return database.read(session ->
        session
            .one("SELECT version FROM plans WHERE slot = ?", row -> row.whole(1), CURRENT)
            .orElse(KeptPlans.FIRST.current().version()));
  }

  @Override
  public boolean save(KeptPlans next, long onTopOf) throws IOException {
    return database.write(session -> {
      Kept now = next.current();
      int moved =
          session.update(
              "UPDATE plans SET version = ?, text = ?, since = ? WHERE slot = ? AND version = ?",
              now.version(),
              now.text(),
              now.since(),
              CURRENT,
              onTopOf);
      if (moved == 0) {
        return false;
      }
      if (next.previous().isEmpty()) {
        session.update("DELETE FROM plans WHERE slot = ?", PREVIOUS);
        return true;
      }
      Kept before = next.previous().get();
      session.update(
          """
          INSERT INTO plans (slot, version, text, since) VALUES (?, ?, ?, ?)
          ON CONFLICT (slot) DO UPDATE SET
            version = excluded.version, text = excluded.text, since = excluded.since
          """,
          PREVIOUS,
          before.version(),
          before.text(),
          before.since());
      return true;
    });
  }
}
