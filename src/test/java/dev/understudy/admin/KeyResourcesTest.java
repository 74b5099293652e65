package dev.understudy.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.access.Callers;
import dev.understudy.access.Directory;
import dev.understudy.access.KeyDesk;
import dev.understudy.access.MemoryKeyStore;
import dev.understudy.json.Json;
import dev.understudy.limits.Currencies;
import dev.understudy.vendor.Secret;
import java.net.InetAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Keys, teams and organisations at the operators' door. */
final class KeyResourcesTest {
  private static final String TOKEN = "a-token-for-operators";
  private static final Instant NOW = Instant.parse("2026-11-27T18:00:00Z");

  private final MemoryKeyStore store = new MemoryKeyStore();
  private final KeyDesk desk =
      new KeyDesk(store, Directory.EMPTY, () -> NOW, new SecureRandom(), _ -> {});
  private AdminServer server;
  private AdminClient door;

  @BeforeEach
  void open() throws Exception {
    var settings = new Callers(Map.of("alice", "a-key-of-the-settings"));
    server =
        AdminServer.open(
            InetAddress.getLoopbackAddress(),
            0,
            Doorkeeper.withToken(new Secret(TOKEN)),
            new KeyResources(desk, settings::names, Currencies.USD).resources());
    door =
        new AdminClient(
            URI.create("http://127.0.0.1:" + server.port()), Optional.of(new Secret(TOKEN)));
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aKeyIsShownOnceAndItsRecordNeverTellsIt() throws Exception {
    send("POST", "/admin/organisations", "{'name': 'acme'}");
    send("POST", "/admin/teams", "{'name': 'search', 'organisation': 'acme'}");

    JsonNode made =
        send(
            "POST",
            "/admin/keys",
            """
            {'name': 'nightly', 'team': 'search', 'tags': {'env': 'prod'}, 'expires': '90d',
             'limits': {'requests_per_minute': 600, 'budgets': ['100USD/month']},
             'routes': ['assistant', 'openai/*'], 'vendors': ['openai']}
            """);
    String id = made.path("id").asString();
    String text = made.path("key").asString();
    JsonNode shown = door.get("/admin/keys/nightly");

    assertThat(text).matches("us-" + id + "-[0-9a-z]{32}");
    assertThat(shown)
        .isEqualTo(
            Json.parse(
                """
                {"id": "%s", "name": "nightly", "team": "search", "organisation": "acme",
                 "state": "active", "tags": {"env": "prod"},
                 "limits": {"requests_per_minute": 600, "budgets": ["100USD/month"]},
                 "routes": ["assistant", "openai/*"], "vendors": ["openai"],
                 "created_at": "2026-11-27T18:00:00Z", "expires_at": "2027-02-25T18:00:00Z",
                 "secrets": [{"prefix": "%s…", "created_at": "2026-11-27T18:00:00Z"}]}
                """
                    .formatted(id, text.substring(0, 18))));
    assertThat(door.get("/admin/keys").toString()).doesNotContain(text.substring(18));
  }

  @Test
  void aRotatedKeyHasTwoSecretsAndARevokedOneIsOver() throws Exception {
    String id = create("{'name': 'nightly'}");

    JsonNode rotated = send("POST", "/admin/keys/" + id + "/rotate", "{'overlap': '2h'}");
    assertThat(rotated.path("key").asString()).startsWith("us-" + id);
    assertThat(rotated.at("/secrets/0/taken_until").asString()).isEqualTo("2026-11-27T20:00:00Z");
    assertThat(rotated.at("/secrets/1").has("taken_until")).isFalse();
    assertThat(
            send("POST", "/admin/keys/" + id + "/rotate", "{}")
                .at("/secrets/1/taken_until")
                .asString())
        .isEqualTo("2026-11-28T18:00:00Z");

    JsonNode revoked = send("POST", "/admin/keys/" + id + "/revoke", "{}");
    assertThat(revoked.path("state").asString()).isEqualTo("revoked");
    assertThat(revoked.path("revoked_at").asString()).isEqualTo("2026-11-27T18:00:00Z");
    create("{}");
    door.send("DELETE", "/admin/keys/" + id);
    assertThatThrownBy(() -> door.get("/admin/keys/" + id))
        .hasMessage("unknown key \"" + id + "\"");
  }

  @Test
  void whatIsNotNamedStaysAndNullTakesAway() throws Exception {
    String id =
        create(
            "{'tags': {'a': '1', 'b': '2'}, 'expires': '1d', 'routes': ['x'],"
                + " 'limits': {'requests_per_minute': 5, 'tokens_per_minute': 7}}");

    JsonNode changed =
        send(
            "PATCH",
            "/admin/keys/" + id,
            "{'tags': {'a': null, 'c': '3'}, 'limits': {'requests_per_minute': null}}");
    assertThat(changed.path("tags")).isEqualTo(Json.parse("{\"b\": \"2\", \"c\": \"3\"}"));
    assertThat(changed.path("limits")).isEqualTo(Json.parse("{\"tokens_per_minute\": 7}"));
    assertThat(changed.path("routes").size()).isEqualTo(1);
    assertThat(changed.path("expires_at").asString()).isEqualTo("2026-11-28T18:00:00Z");

    JsonNode cleared =
        send(
            "PATCH",
            "/admin/keys/" + id,
            "{'tags': null, 'limits': null, 'routes': null, 'expires': null, 'name': 'plain'}");
    assertThat(cleared.propertyNames())
        .containsExactlyInAnyOrder(
            "id", "name", "team", "organisation", "state", "tags", "created_at", "secrets");
    assertThat(cleared.path("name").asString()).isEqualTo("plain");
  }

  @Test
  void manyKeysAreListedPageByPage() throws Exception {
    send("POST", "/admin/teams", "{'name': 'search'}");
    for (int i = 0; i < 5; i++) {
      create("{'team': '%s'}".formatted(i % 2 == 0 ? "search" : "default"));
    }
    send("POST", "/admin/keys/" + create("{}") + "/revoke", "{}");

    JsonNode first = door.get("/admin/keys?limit=4");
    JsonNode rest = door.get("/admin/keys?limit=4&after=" + first.path("next").asString());

    assertThat(first.path("keys").size()).isEqualTo(4);
    assertThat(rest.path("keys").size()).isEqualTo(2);
    assertThat(rest.has("next")).isFalse();
    assertThat(first.at("/settings_keys/0").asString()).isEqualTo("alice");
    assertThat(door.get("/admin/keys?team=search").path("keys").size()).isEqualTo(3);
    assertThat(door.get("/admin/keys?state=revoked").path("keys").size()).isEqualTo(1);
  }

  @Test
  void teamsAndOrganisationsHaveTermsAndGoWhenTheyAreEmpty() throws Exception {
    send("POST", "/admin/organisations", "{'name': 'acme', 'limits': {'budgets': ['9USD/day']}}");
    send("POST", "/admin/teams", "{'name': 'search', 'organisation': 'acme'}");

    assertThat(
            send("PATCH", "/admin/teams/search", "{'limits': {'concurrent_calls': 3}}")
                .at("/limits/concurrent_calls")
                .asInt())
        .isEqualTo(3);
    assertThat(send("PATCH", "/admin/organisations/acme", "{'limits': null}").has("limits"))
        .isFalse();
    assertThat(door.get("/admin/teams").path("teams").size()).isEqualTo(2);
    assertThat(door.get("/admin/teams/search").path("organisation").asString()).isEqualTo("acme");
    assertRefused(409, "DELETE", "/admin/organisations/acme", "", "organisation acme has 1 teams");
    door.send("DELETE", "/admin/teams/search");
    door.send("DELETE", "/admin/organisations/acme");
    assertThat(door.get("/admin/organisations").path("organisations").size()).isEqualTo(1);
    assertThat(door.get("/admin/organisations/default").path("name").asString())
        .isEqualTo("default");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "404 | {'team': 'serach'} | unknown team \"serach\"",
        "400 | {'limits': {'requests_per_minute': -5}} | a limit of -5 requests per minute",
        "400 | {'limits': {'budgets': ['100/month']}} | the budget \"100/month\" has no currency",
        "400 | {'expires': 'tomorrow'} | expires must be like 90d, 2027-01-31 or",
        "400 | {'expires': '2020-01-31'} | a key cannot expire in the past",
        "400 | {'expires': 5} | expires: must be text",
        "400 | {'nmae': 'x'} | unknown member \"nmae\"; near: name",
        "400 | {'tags': {'a b': 'x'}} | a tag's name is up to 64 letters",
        "400 | {'tags': ['x']} | tags: must be an object of texts",
        "400 | {'name': 'x', 'name': 'y'} | Duplicate",
        "400 | [1] | a JSON object is needed",
      })
  void whatMakesNoSenseIsRefusedInWords(int status, String body, String words) throws Exception {
    assertRefused(status, "POST", "/admin/keys", body, words);
    assertThat(desk.directory()).isEqualTo(Directory.EMPTY);
  }

  @Test
  void whatDoesNotFitIsAConflictAndWhatIsAwayIsUnavailable() throws Exception {
    String id = create("{'name': 'nightly'}");

    assertRefused(
        409, "POST", "/admin/keys", "{'name': 'nightly'}", "has a key \"nightly\" already");
    assertRefused(
        400, "POST", "/admin/keys/" + id + "/rotate", "{'overlap': '1y'}", "overlap must");
    assertRefused(409, "DELETE", "/admin/keys/" + id, "", "is active; revoke it first");
    assertRefused(400, "POST", "/admin/teams", "{}", "name: is missing");
    assertRefused(404, "PATCH", "/admin/teams/nobody", "{}", "unknown team \"nobody\"");
    store.away(true);
    assertRefused(503, "POST", "/admin/keys", "{}", "the database is away");
    assertThat(door.get("/admin/keys").path("keys").size()).isEqualTo(1);
  }

  @Test
  void withoutTheTokenNothingIsShownOrChanged() {
    var stranger =
        new AdminClient(URI.create("http://127.0.0.1:" + server.port()), Optional.empty());

    for (String path : List.of("/admin/keys", "/admin/teams", "/admin/organisations")) {
      assertThatThrownBy(() -> stranger.get(path)).hasMessageContaining("wants its admin token");
      assertThatThrownBy(() -> stranger.send("POST", path, Json.object().put("name", "mine")))
          .hasMessageContaining("wants its admin token");
    }
    assertThat(desk.directory()).isEqualTo(Directory.EMPTY);
  }

  private String create(String body) throws Exception {
    return send("POST", "/admin/keys", body).path("id").asString();
  }

  private JsonNode send(String method, String path, String body) throws Exception {
    return door.send(method, path, "application/json", body.replace('\'', '"').getBytes());
  }

  private void assertRefused(int status, String method, String path, String body, String words) {
    assertThatThrownBy(() -> send(method, path, body))
        .isInstanceOfSatisfying(
            AdminClient.NoAnswer.class, e -> assertThat(e.status()).isEqualTo(status))
        .hasMessageContaining(words);
  }
}
