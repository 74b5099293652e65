package dev.understudy.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What operators can do with keys, and what they are told when they cannot. */
final class KeyDeskTest {
  private static final Instant NOW = Instant.parse("2026-11-27T18:00:00Z");

  @TempDir private Path folder;
  private final MemoryKeyStore store = new MemoryKeyStore();
  private final KeyDesk desk =
      new KeyDesk(store, Directory.EMPTY, () -> NOW, new SecureRandom(), _ -> {});

  @Test
  void aKeyCarriesItsIdAndASecretOfWhichOnlyTheDigestIsKept() throws Exception {
    KeyDesk.Issued issued = desk.create(wish("nightly", "default"));
    String text = issued.text().reveal();

    assertThat(text).matches("us-[0-9a-z]{10}-[0-9a-z]{32}").contains(issued.key().id());
    assertThat(issued.key().secrets().getFirst().hint()).isEqualTo(text.substring(0, 18) + "…");
    assertThat(issued.toString()).doesNotContain(text.substring(18));
    assertThat(desk.directory().toString()).doesNotContain(text.substring(18));
    assertThat(desk.create(wish("other", "default")).text().reveal()).isNotEqualTo(text);
  }

  @Test
  void whatOrganisationTeamAndKeySayIsCarriedByTheCaller() throws Exception {
    desk.create(new Organisation("acme", terms("{'limits': {'budgets': ['900EUR/month']}}")));
    desk.create(
        new Team(
            "search",
            "acme",
            terms(
                "{'limits': {'requests_per_minute': 600}, 'routes': ['assistant', 'openai/*']}")));
    var issued =
        desk.create(
            new KeyDesk.Wish(
                Optional.of("nightly"),
                "search",
                Map.of("env", "prod"),
                terms("{'vendors': ['openai'], 'limits': {'concurrent_calls': 2}}"),
                Optional.empty()));

    Callers callers = desk.directory().callers(new Callers(Map.of("yaml", "a-key-of-the-file")));
    Caller caller = caller(callers, issued.text().reveal());

    assertThat(caller.name()).isEqualTo("nightly");
    assertThat(caller.team()).isEqualTo("search");
    assertThat(caller.organisation()).isEqualTo("acme");
    assertThat(caller.isTagged("env=prod")).isTrue();
    assertThat(caller.reach().mayAskFor("openai/gpt-5.1")).isTrue();
    assertThat(caller.reach().mayAskFor("xai/grok-4")).isFalse();
    assertThat(caller.reach().mayUse("azure")).isFalse();
    assertThat(caller.scopes())
        .extracting(Scope::id)
        .containsExactly("org:acme", "team:search", "key:" + issued.key().id());
    assertThat(caller.scopes().get(0).limits().budgets())
        .containsExactly(Budget.parse("900EUR/month"));
    assertThat(caller.scopes().get(1).limits().requestsPerMinute()).hasValue(600);
    assertThat(caller.scopes().get(2).limits().concurrentCalls()).hasValue(2);
  }

  @Test
  void keysOfTheSettingsGoByWhatIsSaidOfTheDefaultTeam() throws Exception {
    desk.changeTeam("default", _ -> terms("{'limits': {'requests_per_minute': 60}}"));

    Callers callers = desk.directory().callers(new Callers(Map.of("yaml", "a-key-of-the-file")));

    assertThat(caller(callers, "a-key-of-the-file").scopes().get(1).limits().requestsPerMinute())
        .hasValue(60);
    assertThat(caller(desk.directory().callers(Callers.NONE), "").scopes().get(1).limits())
        .isEqualTo(desk.team("default").terms().limits());
  }

  @Test
  void aKeyIsNamedByIdByNameOrByTeamAndName() throws Exception {
    desk.create(new Team("ads", "default", Terms.NONE));
    String first = desk.create(wish("nightly", "default")).key().id();
    String second = desk.create(wish("nightly", "ads")).key().id();

    assertThat(desk.key(first).team()).isEqualTo("default");
    assertThat(desk.key("ads/nightly").id()).isEqualTo(second);
    assertRefused(
        () -> desk.key("nightly"),
        DeskRefusal.Kind.CONFLICT,
        "2 keys are named \"nightly\"; say which by its id, or as team/name");
    assertRefused(
        () -> desk.key("nihgtly"),
        DeskRefusal.Kind.UNKNOWN,
        "unknown key \"nihgtly\"; near: nightly");
    assertRefused(
        () -> desk.key("search/nightly"),
        DeskRefusal.Kind.UNKNOWN,
        "unknown key \"search/nightly\"");
  }

  @Test
  void whatDoesNotFitIsRefusedAndChangesNothing() throws Exception {
    var key = desk.create(wish("nightly", "default")).key();
    Directory before = desk.directory();

    assertRefused(
        () -> desk.create(wish("x", "serach")),
        DeskRefusal.Kind.UNKNOWN,
        "unknown team \"serach\"");
    assertRefused(
        () -> desk.create(wish("nightly", "default")),
        DeskRefusal.Kind.CONFLICT,
        "team default has a key \"nightly\" already: %s; rotate that one, or choose another name"
            .formatted(key.id()));
    assertRefused(
        () -> desk.create(wish("white space", "default")),
        DeskRefusal.Kind.WRONG,
        "a key's name is up to 64 letters, digits, dots, dashes and underscores");
    assertRefused(
        () ->
            desk.create(
                new KeyDesk.Wish(
                    Optional.empty(), "default", Map.of(), Terms.NONE, Optional.of(NOW))),
        DeskRefusal.Kind.WRONG,
        "a key cannot expire in the past; revoke it instead");
    assertRefused(
        () -> desk.rotate(key.id(), Duration.ofDays(91)),
        DeskRefusal.Kind.WRONG,
        "an overlap is from 0s to 90d");
    assertRefused(
        () -> desk.forget(key.id()),
        DeskRefusal.Kind.CONFLICT,
        "key %s is active; revoke it first".formatted(key.id()));
    assertRefused(
        () -> desk.create(new Team("a", "nobody", Terms.NONE)),
        DeskRefusal.Kind.UNKNOWN,
        "unknown organisation \"nobody\"");
    assertRefused(
        () -> desk.create(new Team("default", "default", Terms.NONE)),
        DeskRefusal.Kind.CONFLICT,
        "there is a team default already");
    assertRefused(
        () -> desk.removeTeam("default"),
        DeskRefusal.Kind.CONFLICT,
        "the team default is always there");
    assertThat(desk.directory()).isEqualTo(before);
  }

  @Test
  void theLastKeyIsNotForgottenForThatWouldOpenTheDoor() throws Exception {
    String id = desk.create(wish("only", "default")).key().id();
    desk.revoke(id);

    assertRefused(
        () -> desk.forget(id),
        DeskRefusal.Kind.CONFLICT,
        "key %s is the last one, and without any key the gateway would let in whoever is on its machine"
            .formatted(id));
  }

  @Test
  void aKeyThatIsOverIsNotRotated() throws Exception {
    String id = desk.create(wish("gone", "default")).key().id();
    desk.revoke(id);

    assertRefused(
        () -> desk.rotate(id, Duration.ZERO),
        DeskRefusal.Kind.CONFLICT,
        "key %s is revoked; create another".formatted(id));
  }

  @Test
  void aTeamWithKeysAndAnOrganisationWithTeamsStay() throws Exception {
    desk.create(new Organisation("acme", Terms.NONE));
    desk.create(new Team("search", "acme", Terms.NONE));
    desk.create(wish("nightly", "search"));

    assertRefused(
        () -> desk.removeTeam("search"),
        DeskRefusal.Kind.CONFLICT,
        "team search has 1 keys; revoke and forget them first");
    assertRefused(
        () -> desk.removeOrganisation("acme"),
        DeskRefusal.Kind.CONFLICT,
        "organisation acme has 1 teams; remove them first");
  }

  @Test
  void whileTheStoreIsAwayWhatIsInForceStays() throws Exception {
    desk.create(wish("nightly", "default"));
    Directory before = desk.directory();
    store.away(true);

    assertRefused(
        () -> desk.create(wish("other", "default")), DeskRefusal.Kind.AWAY, "the database is away");
    assertThatThrownBy(desk::refresh).isInstanceOf(IOException.class);
    assertThat(desk.directory()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'limits': {'requests_per_minute': -5}} | a limit of -5 requests per minute is not from 1 to",
        "{'limits': {'concurrent_calls': 0}} | a limit of 0 concurrent calls is not from 1 to",
        "{'limits': {'concurrent_calls': 9999999999}} | a limit of 9999999999 concurrent calls is not",
        "{'limits': {'tokens_per_minute': 1.5}} | limits.tokens_per_minute: must be a whole number",
        "{'limits': {'budgets': ['100/month']}} | the budget \"100/month\" has no currency",
        "{'limits': {'budgets': '100USD/month'}} | budgets: must be a list of texts",
        "{'limits': {'budgets': ['1USD/day', '2EUR/day']}} | there are two budgets by the day",
        "{'limits': {'request_per_minute': 5}} | unknown member \"request_per_minute\"; near: requests_per_minute",
        "{'limits': 5} | limits: must be an object",
        "{'routes': ['a b']} | a pattern has 1 to 200 visible ASCII characters",
        "{'routes': [5]} | routes: must be a list of texts",
      })
  void termsThatMakeNoSenseAreNotTaken(String json, String message) {
    assertThatThrownBy(() -> terms(json)).hasMessageContaining(message);
  }

  @Test
  void theDirectoryIsKeptInAFileForItsOwnerOnly() throws Exception {
    var file = new DirectoryFile(folder.resolve("keys.json"));
    assertThat(file.read()).isEmpty();
    desk.create(new Organisation("acme", terms("{'limits': {'budgets': ['9EUR/day']}}")));
    desk.create(new Team("search", "acme", terms("{'routes': ['*']}")));
    String id =
        desk.create(
                new KeyDesk.Wish(
                    Optional.of("nightly"),
                    "search",
                    Map.of("a", "\"é\""),
                    terms("{'vendors': ['openai']}"),
                    Optional.of(NOW.plusSeconds(5))))
            .key()
            .id();
    desk.rotate(id, Duration.ofHours(2));
    desk.revoke(id);

    file.write(desk.directory());
    file.write(desk.directory());

    assertThat(file.read()).contains(desk.directory());
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("keys.json"))))
        .isEqualTo("rw-------");
    assertThat(folder.toFile().list()).containsExactly("keys.json");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ | is damaged",
        "{} | was written by another version of this program",
        "{'format': 1, 'keys': [{'id': 5}]} | is damaged: id: must be text",
        "{'format': 1, 'teams': [5]} | is damaged: teams: must hold objects",
      })
  void aFileOfNoUseIsSaidToBe(String content, String words) throws Exception {
    Path path = Files.writeString(folder.resolve("keys.json"), content.replace('\'', '"'));

    assertThatThrownBy(() -> new DirectoryFile(path).read())
        .isInstanceOf(IOException.class)
        .hasMessageContaining(path.toString())
        .hasMessageContaining(words);
  }

  private static void assertRefused(ThrowingCallable what, DeskRefusal.Kind kind, String message) {
    assertThatThrownBy(what)
        .isInstanceOfSatisfying(
            DeskRefusal.class,
            e -> {
              assertThat(e.kind()).isEqualTo(kind);
              assertThat(e).hasMessage(message);
            });
  }

  private static KeyDesk.Wish wish(String name, String team) {
    return new KeyDesk.Wish(Optional.of(name), team, Map.of(), Terms.NONE, Optional.empty());
  }

  private static Terms terms(String json) {
    return TermsJson.read(Json.parseObject(json.replace('\'', '"')), Terms.NONE);
  }

  private static Caller caller(Callers callers, String key) {
    return ((Admission.Admitted) callers.admit(key, true, NOW.toEpochMilli())).caller();
  }
}
