package dev.understudy.store;

import dev.understudy.access.Change;
import dev.understudy.access.Digest;
import dev.understudy.access.Directory;
import dev.understudy.access.KeySecret;
import dev.understudy.access.KeyStore;
import dev.understudy.access.Organisation;
import dev.understudy.access.Team;
import dev.understudy.access.Terms;
import dev.understudy.access.TermsJson;
import dev.understudy.access.VirtualKey;
import dev.understudy.json.Json;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/** Keeps organisations, teams and keys in the database. */
public final class SqlKeyStore implements KeyStore {
  private final Database database;

  public SqlKeyStore(Database database) {
    this.database = database;
  }

  @Override
  public long version() throws IOException {
    return database.read(SqlKeyStore::version);
  }

  @Override
  public Directory load() throws IOException {
    return database.read(session -> {
      // Read before the rest: what is changed meanwhile is then loaded once more, not missed.
      long version = version(session);
      List<Organisation> organisations =
          session.all(
              "SELECT name, terms FROM organisations",
              row -> new Organisation(row.text(1), terms(row.text(2))));
      List<Team> teams =
          session.all(
              "SELECT name, organisation, terms FROM teams",
              row -> new Team(row.text(1), row.text(2), terms(row.text(3))));
      Map<String, List<KeySecret>> secrets = new HashMap<>();
      session.each(
          """
          SELECT key_id, digest, hint, created_at, valid_until FROM key_secrets
          ORDER BY created_at, CASE WHEN valid_until IS NULL THEN 1 ELSE 0 END, valid_until
          """,
          row ->
              secrets
                  .computeIfAbsent(row.text(1), _ -> new ArrayList<>())
                  .add(
                      new KeySecret(
                          Digest.ofHex(row.text(2)),
                          row.text(3),
                          row.moment(4),
                          row.momentIfAny(5))));
      List<VirtualKey> keys =
          session.all(
              """
              SELECT id, name, team, tags, terms, created_at, expires_at, revoked_at
              FROM virtual_keys
              """,
              row ->
                  new VirtualKey(
                      row.text(1),
                      row.text(2),
                      row.text(3),
                      tags(row.text(4)),
                      terms(row.text(5)),
                      row.moment(6),
                      row.momentIfAny(7),
                      row.momentIfAny(8),
                      secrets.getOrDefault(row.text(1), List.of())));
      return Directory.of(version, organisations, teams, keys);
    });
  }

  @Override
  public boolean save(Change change, long onTopOf) throws IOException {
    return database.write(session -> {
      int moved =
          session.update(
              "UPDATE directory_version SET version = version + 1 WHERE version = ?", onTopOf);
      if (moved == 0) {
        return false;
      }
      apply(change, session);
      return true;
    });
  }

  private static void apply(Change change, Session session) throws SQLException {
    switch (change) {
      case Change.PutOrganisation(Organisation it) ->
          session.update(
              """
              INSERT INTO organisations (name, terms) VALUES (?, ?)
              ON CONFLICT (name) DO UPDATE SET terms = excluded.terms
              """,
              it.name(),
              json(it.terms()));
      case Change.RemoveOrganisation(String name) ->
          session.update("DELETE FROM organisations WHERE name = ?", name);
      case Change.PutTeam(Team it) ->
          session.update(
              """
              INSERT INTO teams (name, organisation, terms) VALUES (?, ?, ?)
              ON CONFLICT (name) DO UPDATE SET
                organisation = excluded.organisation, terms = excluded.terms
              """,
              it.name(),
              it.organisation(),
              json(it.terms()));
      case Change.RemoveTeam(String name) ->
          session.update("DELETE FROM teams WHERE name = ?", name);
      case Change.PutKey(VirtualKey it) -> put(it, session);
      case Change.RemoveKey(String id) -> {
        session.update("DELETE FROM key_secrets WHERE key_id = ?", id);
        session.update("DELETE FROM virtual_keys WHERE id = ?", id);
      }
    }
  }

  private static void put(VirtualKey key, Session session) throws SQLException {
    session.update(
        """
        INSERT INTO virtual_keys
          (id, name, team, tags, terms, created_at, expires_at, revoked_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET
          name = excluded.name, team = excluded.team, tags = excluded.tags,
          terms = excluded.terms, expires_at = excluded.expires_at,
          revoked_at = excluded.revoked_at
        """,
        key.id(),
        key.name(),
        key.team(),
        json(key.tags()),
        json(key.terms()),
        key.createdAt(),
        key.expiresAt(),
        key.revokedAt());
    session.update("DELETE FROM key_secrets WHERE key_id = ?", key.id());
    session.batch(
        """
        INSERT INTO key_secrets (digest, key_id, hint, created_at, valid_until)
        VALUES (?, ?, ?, ?, ?)
        """,
        key.secrets().stream()
            .map(secret ->
                new Object[] {
                  secret.digest().hex(), key.id(), secret.hint(), secret.createdAt(), secret.until()
                })
            .toList());
  }

  private static long version(Session session) throws SQLException {
    return session
        .one("SELECT version FROM directory_version", row -> row.whole(1))
        .orElseThrow(() -> new SQLException("the table directory_version is empty"));
  }

  private static String json(Terms terms) {
    ObjectNode object = Json.object();
    TermsJson.write(terms, object);
    return Json.text(object);
  }

  private static Terms terms(String json) {
    return TermsJson.read(Json.parseObject(json), Terms.NONE);
  }

  private static String json(Map<String, String> tags) {
    ObjectNode object = Json.object();
    tags.forEach(object::put);
    return Json.text(object);
  }

  private static Map<String, String> tags(String json) {
    var tags = new TreeMap<String, String>();
    Json.parseObject(json)
        .properties()
        .forEach(tag -> tags.put(tag.getKey(), tag.getValue().asString()));
    return tags;
  }
}
