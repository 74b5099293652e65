package dev.understudy.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.routing.KeptPlans;
import dev.understudy.routing.KeptPlans.Kept;
import dev.understudy.routing.PlanStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a store of plans does, whatever database it stands on. */
abstract class PlanStoreContract {
  private static final Instant NOW = Instant.parse("2026-11-27T18:00:00.123Z");

  private Database database;
  private PlanStore store;

  abstract Database open() throws Exception;

  @BeforeEach
  void begin() throws Exception {
    database = open();
    store = new SqlPlanStore(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void beginsWithTheSettingsOwn() throws Exception {
    assertThat(store.load()).isEqualTo(KeptPlans.FIRST);
    assertThat(store.version()).isEqualTo(1);
  }

  @Test
  void keepsWhatWasSentAndWhatWasBeforeIt() throws Exception {
    var first = new Kept(1, "", Instant.EPOCH);
    var second = new Kept(2, "routes: {a: {serve: \"x/é\"}}\n", NOW);
    var third = new Kept(3, "routes: {}", NOW.plusMillis(1));

    assertThat(store.save(new KeptPlans(second, Optional.of(first)), 1)).isTrue();
    assertThat(store.load()).isEqualTo(new KeptPlans(second, Optional.of(first)));
    assertThat(store.save(new KeptPlans(third, Optional.of(second)), 2)).isTrue();
    assertThat(store.load()).isEqualTo(new KeptPlans(third, Optional.of(second)));
    assertThat(store.version()).isEqualTo(3);
    assertThat(store.save(new KeptPlans(new Kept(4, "", NOW), Optional.empty()), 3)).isTrue();
    assertThat(store.load().previous()).isEmpty();
  }

  @Test
  void ofSeveralWhoChangeOneVersionOneIsHeard() throws Exception {
    int heard = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<Boolean>>();
      for (int i = 0; i < 8; i++) {
        var mine = new KeptPlans(new Kept(2, "by " + i, NOW), Optional.empty());
        all.add(threads.submit(() -> store.save(mine, 1)));
      }
      for (Future<Boolean> one : all) {
        heard += one.get() ? 1 : 0;
      }
    }

    assertThat(heard).isEqualTo(1);
    assertThat(store.version()).isEqualTo(2);
  }
}
