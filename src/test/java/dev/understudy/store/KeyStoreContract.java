package dev.understudy.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Change;
import dev.understudy.access.Directory;
import dev.understudy.access.Glob;
import dev.understudy.access.KeyDesk;
import dev.understudy.access.KeyStore;
import dev.understudy.access.Organisation;
import dev.understudy.access.Team;
import dev.understudy.access.Terms;
import dev.understudy.access.TermsJson;
import dev.understudy.json.Json;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a store of keys does, whatever database it stands on. */
abstract class KeyStoreContract {
  private static final Instant NOW = Instant.parse("2026-11-27T18:00:00.123Z");
  private static final Terms TERMS =
      TermsJson.read(
          Json.parseObject(
              """
              {"limits": {"requests_per_minute": 600, "tokens_per_minute": 100000,
                          "concurrent_calls": 5, "budgets": ["100USD/month", "2.5USD/day"]},
               "routes": ["assistant", "openai/*"], "vendors": ["openai"]}
              """),
          Terms.NONE);

  private Database database;
  private KeyStore store;

  abstract Database open() throws Exception;

  @BeforeEach
  void begin() throws Exception {
    database = open();
    store = new SqlKeyStore(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void beginsWithTheDefaultTeamAlone() throws Exception {
    assertThat(store.load()).isEqualTo(Directory.EMPTY);
  }

  @Test
  void keepsEverythingThatIsChangedAsItWas() throws Exception {
    var desk = desk(store.load());
    desk.create(new Organisation("acme", TERMS));
    desk.create(new Team("search", "acme", TERMS));
    var first =
        desk.create(
            new KeyDesk.Wish(
                Optional.of("nightly"),
                "search",
                Map.of("env", "prod", "cost-centre", "4711 \"x\" é"),
                TERMS,
                Optional.of(NOW.plus(Duration.ofDays(90)))));
    desk.create(
        new KeyDesk.Wish(Optional.empty(), "default", Map.of(), Terms.NONE, Optional.empty()));
    desk.rotate(first.key().id(), Duration.ofHours(24));
    desk.rotate(first.key().id(), Duration.ofHours(1));
    assertThat(store.load()).isEqualTo(desk.directory());

    desk.revoke("nightly");
    desk.change("search/nightly", key -> key.withTags(Map.of()).withTerms(Terms.NONE));
    desk.changeTeam(
        "search", terms -> new Terms(terms.limits(), List.of(new Glob("*")), List.of()));
    desk.changeOrganisation("acme", _ -> Terms.NONE);
    assertThat(store.load()).isEqualTo(desk.directory());

    desk.forget("nightly");
    desk.removeTeam("search");
    desk.removeOrganisation("acme");
    assertThat(store.load()).isEqualTo(desk.directory());
    assertThat(store.version()).isEqualTo(desk.directory().version()).isEqualTo(13);
  }

  @Test
  void aChangeOnTopOfAnOldVersionIsNotKept() throws Exception {
    var change = new Change.PutTeam(new Team("a", "default", Terms.NONE));

    assertThat(store.save(change, 0)).isTrue();
    assertThat(store.save(new Change.PutTeam(new Team("b", "default", Terms.NONE)), 0)).isFalse();
    assertThat(store.load().teams()).containsOnlyKeys("a", "default");
    assertThat(store.version()).isEqualTo(1);
  }

  @Test
  void desksOfSeveralReplicasLoseNothingOfEachOther() throws Exception {
    var desks = new ArrayList<KeyDesk>();
    for (int i = 0; i < 4; i++) {
      desks.add(desk(store.load()));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<?>>();
      for (KeyDesk desk : desks) {
        all.add(
            threads.submit(() -> {
              for (int i = 0; i < 3; i++) {
                desk.create(
                    new KeyDesk.Wish(
                        Optional.empty(), "default", Map.of(), Terms.NONE, Optional.empty()));
              }
              return null;
            }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }

    assertThat(store.load().keys()).hasSize(12);
    for (KeyDesk desk : desks) {
      desk.refresh();
      assertThat(desk.directory()).isEqualTo(store.load());
    }
  }

  private KeyDesk desk(Directory start) {
    return new KeyDesk(store, start, InstantSource.fixed(NOW), new SecureRandom(), _ -> {});
  }
}
