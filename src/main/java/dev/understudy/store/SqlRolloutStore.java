package dev.understudy.store;

import dev.understudy.rollout.RolloutJson;
import dev.understudy.rollout.RolloutState;
import dev.understudy.rollout.RolloutStore;
import dev.understudy.rollout.Step;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Keeps rollouts and their steps in the database. */
public final class SqlRolloutStore implements RolloutStore {
  /** Of those that are over, the last are loaded; all are kept. */
  private static final int LOADED_MAX = 200;

  private final Database database;

  public SqlRolloutStore(Database database) {
    this.database = database;
  }

  @Override
  public long version() throws IOException {
    return database.read(SqlRolloutStore::version);
  }

  @Override
  public Kept load() throws IOException {
    return database.read(session -> {
      // Read before the rest: what is changed meanwhile is then loaded once more, not missed.
      long version = version(session);
      List<RolloutState> latest =
          session.all(
              """
              SELECT state FROM rollouts ORDER BY in_force DESC, started_at DESC, id DESC LIMIT ?
              """,
              row -> RolloutJson.read(row.text(1)),
              LOADED_MAX);
      return new Kept(
          version,
          latest.stream()
              .sorted(Comparator.comparing(RolloutState::startedAt).thenComparing(RolloutState::id))
              .toList());
    });
  }

  @Override
  public boolean save(RolloutState state, List<Step> steps, long onTopOf) throws IOException {
    String json = RolloutJson.write(state);
    return database.write(session -> {
      int moved =
          session.update(
              "UPDATE rollout_version SET version = version + 1 WHERE version = ?", onTopOf);
      if (moved == 0) {
        return false;
      }
      session.update(
          """
          INSERT INTO rollouts (id, name, route, started_at, in_force, state)
          VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT (id) DO UPDATE SET in_force = excluded.in_force, state = excluded.state
          """,
          state.id(),
          state.name(),
          state.route(),
          state.startedAt(),
          state.isInForce() ? 1L : 0L,
          json);
      for (Step step : steps) {
        session.update(
            """
            INSERT INTO rollout_steps
              (rollout, number, at, kind, share_before, share_after, clause, made_by, evidence)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            state.id(),
            (long) step.number(),
            step.at(),
            step.kind().word(),
            Double.toString(step.from()),
            Double.toString(step.to()),
            step.clause(),
            step.by(),
            step.evidence());
      }
      return true;
    });
  }

  @Override
  public List<Step> steps(String id) throws IOException {
    return database.read(session ->
        session.all(
            """
            SELECT number, at, kind, share_before, share_after, clause, made_by, evidence
            FROM rollout_steps WHERE rollout = ? ORDER BY number
            """,
            row ->
                new Step(
                    (int) row.whole(1),
                    row.moment(2),
                    Step.Kind.valueOf(row.text(3).toUpperCase(Locale.ROOT).replace('-', '_')),
                    Double.parseDouble(row.text(4)),
                    Double.parseDouble(row.text(5)),
                    row.text(6),
                    row.text(7),
                    row.text(8)),
            id));
  }

  private static long version(Session session) throws SQLException {
    return session
        .one("SELECT version FROM rollout_version", row -> row.whole(1))
        .orElseThrow(() -> new SQLException("the table rollout_version is empty"));
  }
}
