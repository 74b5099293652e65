package dev.understudy.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.rollout.Guardrail;
import dev.understudy.rollout.Metric;
import dev.understudy.rollout.Observation;
import dev.understudy.rollout.Observation.Arm;
import dev.understudy.rollout.Progress;
import dev.understudy.rollout.Readings;
import dev.understudy.rollout.RolloutDesk;
import dev.understudy.rollout.RolloutJson;
import dev.understudy.rollout.RolloutState;
import dev.understudy.rollout.RolloutState.Status;
import dev.understudy.rollout.RolloutStore;
import dev.understudy.rollout.Rules;
import dev.understudy.rollout.Steering;
import dev.understudy.rollout.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a store of rollouts does, and desks that share it, whatever database it stands on. */
abstract class RolloutStoreContract {
  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00.123Z");
  private static final Rules RULES =
      new Rules(
          List.of(0.0, 0.05, 1.0),
          List.of(
              Guardrail.of(Metric.ERRORS, 0.1).withLimit(0.5, 10),
              Guardrail.of(Metric.QUALITY, 0.1),
              Guardrail.of(Metric.LATENCY, 0.5)),
          0.05,
          0.05,
          20,
          Duration.ZERO,
          Rules.Approval.NONE,
          Rules.Stickiness.CONVERSATION,
          0.1,
          0.01,
          Rules.Copies.USUAL);

  private Database database;
  private RolloutStore store;
  private final List<RolloutDesk> desks = new ArrayList<>();

  abstract Database open() throws Exception;

  @BeforeEach
  void begin() throws Exception {
    database = open();
    store = new SqlRolloutStore(database);
  }

  @AfterEach
  void close() {
    desks.forEach(RolloutDesk::close);
    database.close();
  }

  private static RolloutState.Beginning beginning(String name, String route) {
    return new RolloutState.Beginning(
        "id-" + name, name, route, "mai/mai-1", "openai/gpt-5.1", "{}", RULES);
  }

  private RolloutDesk desk(List<RolloutState> published) {
    var desk =
        new RolloutDesk(
            store,
            () -> true,
            InstantSource.system(),
            now -> {
              published.clear();
              published.addAll(now);
            },
            () -> {});
    desks.add(desk);
    return desk;
  }

  private static Observation pair(double incumbent, double candidate) {
    return new Observation.Paired(answer(incumbent), answer(candidate));
  }

  private static Readings answer(double quality) {
    return new Readings(0, 0, 0, quality, 900, 300, 0.01);
  }

  private static void await(BooleanSupplier wanted) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!wanted.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("it never came to be");
      }
      Thread.sleep(20);
    }
  }

  @Test
  void isEmptyInTheBeginning() throws Exception {
    assertThat(store.load()).isEqualTo(RolloutStore.Kept.NONE);
  }

  @Test
  void keepsARolloutWithItsStepsAndItsEvidence() throws Exception {
    Progress begun = Steering.begin(beginning("one", "assistant"), "anna", NOON);
    assertThat(store.save(begun.state(), begun.steps(), 0)).isTrue();
    Progress further = Steering.after(begun.state(), List.of(pair(1, 0), pair(1, 1)), NOON);
    assertThat(store.save(further.state(), further.steps(), 1)).isTrue();

    RolloutStore.Kept kept = store.load();

    assertThat(kept.version()).isEqualTo(2);
    assertThat(kept.rollouts()).hasSize(1);
    assertThat(RolloutJson.write(kept.rollouts().getFirst()))
        .isEqualTo(RolloutJson.write(further.state()));
    assertThat(store.steps("id-one")).isEqualTo(begun.steps());
    assertThat(begun.steps().getFirst().kind()).isEqualTo(Step.Kind.START);
  }

  @Test
  void keepsNothingOnTopOfWhatIsOld() throws Exception {
    Progress begun = Steering.begin(beginning("one", "assistant"), "anna", NOON);
    store.save(begun.state(), begun.steps(), 0);
    Progress other = Steering.begin(beginning("two", "coder"), "anna", NOON);

    assertThat(store.save(other.state(), other.steps(), 0)).isFalse();
    assertThat(store.load().rollouts()).hasSize(1);
  }

  @Test
  void anotherDeskObeysAndGoesOnWhereOneWasKilled() throws Exception {
    var first = new CopyOnWriteArrayList<RolloutState>();
    RolloutDesk killed = desk(first);
    killed.start();
    killed.begin(beginning("one", "assistant"), "anna");
    for (int i = 0; i < 10; i++) {
      killed.observe("id-one", pair(1, 1));
    }
    await(() -> first.getFirst().evidence().pairs() == 10);

    var second = new CopyOnWriteArrayList<RolloutState>();
    RolloutDesk other = desk(second);
    other.start();
    await(() -> !second.isEmpty());
    assertThat(second.getFirst().evidence().pairs()).isEqualTo(10);
    for (int i = 0; i < 10; i++) {
      other.observe("id-one", pair(1, 1));
    }

    await(() -> second.getFirst().share() == 0.05 && first.getFirst().share() == 0.05);
  }

  @Test
  void severalDesksBringInAllThatTheySaw() throws Exception {
    var published = new CopyOnWriteArrayList<RolloutState>();
    desk(published).begin(beginning("one", "assistant"), "anna");
    int desksMany = 3;
    int each = 200;
    var all = new ArrayList<RolloutDesk>();
    for (int i = 0; i < desksMany; i++) {
      RolloutDesk desk = desk(new CopyOnWriteArrayList<>());
      desk.start();
      all.add(desk);
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var futures = new ArrayList<Future<?>>();
      for (RolloutDesk desk : all) {
        futures.add(
            threads.submit(() -> {
              for (int i = 0; i < each; i++) {
                desk.observe("id-one", new Observation.Served(Arm.INCUMBENT, answer(Double.NaN)));
              }
            }));
      }
      for (Future<?> future : futures) {
        future.get();
      }
    }

    await(() -> {
      try {
        RolloutState now = store.load().rollouts().getFirst();
        var weights = now.evidence().weights(RULES).get(Metric.LATENCY);
        return weights != null && weights.incumbentCount() == desksMany * each;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  @Test
  void aRouteIsUnderOneRolloutAtATime() throws Exception {
    RolloutDesk desk = desk(new CopyOnWriteArrayList<>());
    desk.begin(beginning("one", "assistant"), "anna");

    assertThatThrownBy(() -> desk.begin(beginning("two", "assistant"), "anna"))
        .isInstanceOf(Steering.Unfit.class)
        .hasMessage("route assistant is under rollout one already, which is running");

    desk.follow("one", Steering.Wish.ABORT, "tired of it", "anna");
    desk.begin(beginning("two", "assistant"), "anna");
    assertThat(desk.find("one").orElseThrow().status()).isEqualTo(Status.ABORTED);
    assertThat(desk.steps("id-one")).hasSize(2);
    assertThat(desk.steps("id-one").getLast().clause()).isEqualTo("tired of it");
  }
}
