package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Usage;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Purpose;
import dev.understudy.gateway.Turn;
import dev.understudy.gateway.Twin;
import dev.understudy.gateway.Twins;
import dev.understudy.json.Json;
import dev.understudy.money.Cost;
import dev.understudy.money.Money;
import dev.understudy.rollout.Guardrail;
import dev.understudy.rollout.Metric;
import dev.understudy.rollout.PairJudge;
import dev.understudy.rollout.RolloutDesk;
import dev.understudy.rollout.RolloutState;
import dev.understudy.rollout.Rules;
import dev.understudy.rollout.Steering;
import dev.understudy.rollout.Weights;
import dev.understudy.routing.Affinity;
import dev.understudy.routing.RouteTarget;
import dev.understudy.routing.Split;
import dev.understudy.routing.Target;
import dev.understudy.store.Database;
import dev.understudy.store.SqlRolloutStore;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What is made of calls before a rollout hears of them. */
final class TryingTest {
  @TempDir private Path folder;
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-27T23:59:00Z"));
  private final AtomicLong nanos = new AtomicLong();
  private Database database;
  private RolloutDesk desk;
  private Trying trying;
  private Split split;

  @BeforeEach
  void open() throws Exception {
    database = Database.embedded(folder.resolve("understudy.db"));
    desk = desk();
    trying = trying(desk);
    var rules =
        new Rules(
            Rules.USUAL_STAGES,
            List.of(Guardrail.of(Metric.ERRORS, 0.01), Guardrail.of(Metric.REFUSALS, 0.01)),
            0.05,
            0.05,
            1_000,
            Duration.ofHours(1),
            Rules.Approval.NONE,
            Rules.Stickiness.CONVERSATION,
            0.1,
            0.01,
            new Rules.Copies(8, 100, 2));
    desk.begin(
        new RolloutState.Beginning(
            "r1", "mai", "assistant", "mai/mai-1", "openai/gpt-5.1", "{}", rules),
        "anna");
    split =
        new Split(
            "r1",
            "mai",
            RouteTarget.of(new Target("mai", "mai-1")),
            0.5,
            Affinity.CONVERSATION,
            Optional.empty());
  }

  private RolloutDesk desk() {
    return new RolloutDesk(new SqlRolloutStore(database), () -> true, now::get, _ -> {}, () -> {});
  }

  private Trying trying(RolloutDesk with) {
    return trying(with, PairJudge.NONE);
  }

  private Trying trying(RolloutDesk with, PairJudge judge) {
    return new Trying(
        with,
        now::get,
        nanos::get,
        _ -> judge,
        said -> said.startsWith("I cannot"),
        Thread.ofVirtual().factory());
  }

  @AfterEach
  void close() {
    trying.close();
    desk.close();
    database.close();
  }

  private static Attempt attempt(String target, Attempt.Outcome outcome) {
    int slash = target.indexOf('/');
    return new Attempt(
        target,
        target.substring(0, slash),
        "openai",
        target.substring(slash + 1),
        "none",
        "openai-chat",
        true,
        0,
        Optional.of(1L),
        2,
        Optional.of(outcome == Attempt.Outcome.ANSWERED ? 200 : 500),
        outcome,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Usage.UNSAID);
  }

  private static Exchange call(Attempt... attempts) {
    return new Exchange(
        "x",
        Instant.EPOCH,
        Optional.empty(),
        "openai-chat",
        "chat",
        "assistant",
        false,
        Optional.of(200),
        Attempt.Outcome.ANSWERED,
        Optional.empty(),
        List.of(attempts),
        1,
        Optional.empty(),
        1,
        1,
        List.of());
  }

  private static Exchange answeredBy(String target) {
    return call(attempt(target, Attempt.Outcome.ANSWERED));
  }

  private static Exchange costing(String amount) {
    Money money = Money.of(new BigDecimal(amount), Currency.getInstance("USD"));
    return call(
        attempt("judge/j-1", Attempt.Outcome.ANSWERED)
            .with(
                Cost.of(
                    List.of(new Cost.Line("output.text", BigDecimal.ONE, Optional.empty(), money)),
                    List.of(),
                    money.currency(),
                    "")));
  }

  private Weights errors() throws Exception {
    return weights(Metric.ERRORS);
  }

  private Weights weights(Metric metric) throws Exception {
    desk.close();
    RolloutState state = desk.find("mai").orElseThrow();
    Weights weights = state.evidence().weights(state.rules()).get(metric);
    assertThat(weights).isNotNull();
    return weights;
  }

  @Test
  void aSessionThatWasFoundWorthACopyIsStillHeardWhereThereWasNoRoomForIt() throws Exception {
    for (int session = 1; session <= 10; session++) {
      assertThat(trying.wantsCopy(split, session)).isTrue();
      trying.served(
          split,
          new Turn(false, "openai/gpt-5.1", false, false, true),
          session,
          answeredBy("openai/gpt-5.1"));
    }

    assertThat(errors().incumbentCount()).isEqualTo(10);
  }

  @Test
  void aSessionIsAWitnessOnceAMinute() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      nanos.addAndGet(100_000_000);
      trying.served(
          split, new Turn(true, "mai/mai-1", false, false, false), 7, answeredBy("mai/mai-1"));
    }

    assertThat(errors().candidateCount()).isEqualTo(2);
  }

  @Test
  void aTargetThatIsKeptOutFailsOnceInTwoSecondsHoweverManyCallsPassItBy() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      nanos.addAndGet(10_000_000);
      trying.served(
          split, new Turn(true, "mai/mai-1", true, false, false), i, answeredBy("openai/gpt-5.1"));
      trying.served(
          split,
          new Turn(false, "openai/gpt-5.1", true, false, false),
          5_000 + i,
          answeredBy("a/b"));
    }

    Weights errors = errors();
    assertThat(errors.candidateCount()).isEqualTo(5);
    assertThat(errors.candidate()).isEqualTo(1);
    assertThat(errors.incumbentCount()).isEqualTo(5);
    assertThat(errors.incumbent()).isEqualTo(1);
  }

  @Test
  void whatJudgesCostCountsForTheDayOnAllGatewaysAndAfterARestart() throws Exception {
    trying.spent("r1", costing("1.25"));
    assertThat(trying.wantsCopy(split, 1)).isTrue();
    desk.close();

    RolloutDesk another = desk();
    another.refresh();
    Trying elsewhere = trying(another);
    assertThat(elsewhere.wantsCopy(split, 2)).isTrue();
    elsewhere.spent("r1", costing("0.75"));
    another.close();
    assertThat(elsewhere.wantsCopy(split, 3)).isFalse();

    desk.refresh();
    assertThat(trying.wantsCopy(split, 4)).isFalse();
    now.set(Instant.parse("2026-11-28T00:00:01Z"));
    assertThat(trying.wantsCopy(split, 5)).isTrue();
  }

  private Twin twin(String question, String answer, String copy) {
    return Twins.of(
        split,
        answeredBy("openai/gpt-5.1"),
        "openai/gpt-5.1",
        answeredBy("mai/mai-1"),
        "mai/mai-1",
        question,
        answer,
        copy);
  }

  private JsonNode copies(Trying of) {
    ObjectNode page = Json.object();
    of.add(desk.find("r1").orElseThrow(), page);
    return page.path("copies");
  }

  private static void until(BooleanSupplier isSo) throws InterruptedException {
    long end = System.nanoTime() + 60_000_000_000L;
    while (!isSo.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(5);
    }
  }

  @Test
  void whatTheAnswersOfAPairSayIsReadBehindTheCallers() throws Exception {
    for (int i = 0; i < 20; i++) {
      trying.copied(twin("how", "like this", i < 5 ? "I cannot help with that" : "so"));
    }
    until(() -> copies(trying).path("being_read_by_this_gateway").asLong() == 0);

    Weights refusals = weights(Metric.REFUSALS);
    assertThat(refusals.comparisons()).isEqualTo(20);
    assertThat(refusals.incumbent()).isEqualTo(0);
    assertThat(refusals.candidate()).isEqualTo(0.25);
    assertThat(errors().comparisons()).isEqualTo(20);
  }

  @Test
  void nobodyWaitsForAReaderThatIsBehindAndPairsWithoutRoomAreCountedByTheirRecords()
      throws Exception {
    var goOn = new CountDownLatch(1);
    PairJudge slow =
        (_, _, _) -> {
          goOn.await();
          return new PairJudge.Opinion.None("it is late");
        };
    Trying behind = trying(desk, slow);

    for (int i = 0; i < Pairs.WAITING_MAX + 70; i++) {
      behind.copied(twin("how", "like this", "so"));
    }

    JsonNode said = copies(behind);
    assertThat(said.path("made_by_this_gateway").asLong()).isEqualTo(Pairs.WAITING_MAX + 70);
    assertThat(said.path("unread_by_this_gateway").asLong()).isEqualTo(70);
    goOn.countDown();
    until(() -> copies(behind).path("unjudged_by_this_gateway").asLong() == Pairs.WAITING_MAX);
    behind.close();
    assertThat(weights(Metric.REFUSALS).comparisons()).isEqualTo(Pairs.WAITING_MAX);
    assertThat(errors().comparisons()).isEqualTo(Pairs.WAITING_MAX + 70);
  }

  @Test
  void whatPairsThatWaitHoldIsBoundedToo() throws Exception {
    var goOn = new CountDownLatch(1);
    PairJudge slow =
        (_, _, _) -> {
          goOn.await();
          return new PairJudge.Opinion.None("it is late");
        };
    Trying behind = trying(desk, slow);
    String mebibyte = "x".repeat(1 << 20);

    for (int i = 0; i < 40; i++) {
      behind.copied(twin(mebibyte, "like this", "so"));
    }

    assertThat(copies(behind).path("unread_by_this_gateway").asLong()).isGreaterThanOrEqualTo(9);
    goOn.countDown();
    behind.close();
    assertThat(errors().comparisons()).isEqualTo(40);
  }

  @Test
  void judgesThatAreModelsAreAskedEightAtOnceAndDoNotHoldUpTheReader() throws Exception {
    var asked = new AtomicInteger();
    var goOn = new CountDownLatch(1);
    PairJudge model =
        new PairJudge() {
          @Override
          public boolean asks() {
            return true;
          }

          @Override
          public Opinion judge(ChatRequest request, ChatReply incumbent, ChatReply candidate)
              throws InterruptedException {
            asked.incrementAndGet();
            goOn.await();
            return new Opinion.Scored(0.5, 0.5);
          }
        };
    Trying judged = trying(desk, model);

    for (int i = 0; i < 20; i++) {
      judged.copied(twin("how", "like this", "so"));
    }
    until(() -> asked.get() == 8);
    Thread.sleep(100);
    assertThat(asked).hasValue(8);
    goOn.countDown();
    until(() -> asked.get() == 20);
    judged.close();
  }

  @Test
  void whereOnlyRecordsAreComparedNoAnswerIsRead() throws Exception {
    desk.follow("mai", Steering.Wish.ABORT, "another way", "anna");
    RolloutState state = desk.find("mai").orElseThrow();
    Rules rules = state.rules();
    desk.begin(
        new RolloutState.Beginning(
            "r2",
            "mai-2",
            "assistant",
            "mai/mai-1",
            "openai/gpt-5.1",
            "{}",
            new Rules(
                rules.stages(),
                List.of(Guardrail.of(Metric.ERRORS, 0.01)),
                rules.alpha(),
                rules.unprovenMax(),
                rules.callsMin(),
                rules.stageTimeMin(),
                rules.approval(),
                rules.stickiness(),
                rules.shadow(),
                rules.rehearsal(),
                rules.copies())),
        "anna");
    split = new Split("r2", "mai-2", split.other(), 0, split.stickiness(), Optional.empty());
    Trying plain =
        trying(
            desk,
            (_, _, _) -> {
              throw new AssertionError("nobody is to judge");
            });

    plain.copied(twin("how", "like this", "so"));
    plain.close();

    desk.close();
    RolloutState now = desk.find("mai-2").orElseThrow();
    assertThat(now.evidence().pairs()).isEqualTo(1);
  }

  @Test
  void aCallWithoutRoomForItsCopyIsCounted() {
    for (int i = 0; i < 3; i++) {
      trying.served(
          split,
          new Turn(false, "openai/gpt-5.1", false, false, true),
          i,
          answeredBy("openai/gpt-5.1"));
    }
    assertThat(copies(trying).path("without_room_on_this_gateway").asLong()).isEqualTo(3);
  }

  @Test
  void aCandidateThatCanTakeOnlyPartOfItsCallsIsRolledBackThoughOthersAnswerTheRest()
      throws Exception {
    desk.follow("mai", Steering.Wish.ADVANCE, "by hand", "anna");
    for (int i = 0; i < 600; i++) {
      trying.served(
          split,
          new Turn(false, "openai/gpt-5.1", false, false, false),
          10_000 + i,
          answeredBy("openai/gpt-5.1"));
      boolean room = i % 3 > 0;
      trying.served(
          split,
          new Turn(true, "mai/mai-1", false, !room, false),
          i,
          answeredBy(room ? "mai/mai-1" : "openai/gpt-5.1"));
    }

    Weights errors = errors();
    assertThat(errors.candidate()).isGreaterThan(0.3);
    assertThat(errors.incumbent()).isEqualTo(0);
    assertThat(desk.find("mai").orElseThrow().status()).isEqualTo(RolloutState.Status.ROLLED_BACK);
  }

  @Test
  void whatAnotherAnsweredBecauseTheCandidateWasTooSlowTheCandidateHasFailed() throws Exception {
    Exchange hedged =
        call(
            attempt("mai/mai-1", Attempt.Outcome.ABANDONED),
            attempt("openai/gpt-5.1", Attempt.Outcome.ANSWERED));
    trying.served(split, new Turn(true, "mai/mai-1", false, false, false), 1, hedged);

    assertThat(errors().candidate()).isEqualTo(1);
  }

  @Test
  void afterAPromotionTheTwoAreComparedOnByRehearsals() throws Exception {
    while (desk.find("mai").orElseThrow().isOpen()) {
      desk.follow("mai", Steering.Wish.ADVANCE, "by hand", "anna");
    }
    for (int i = 0; i < 30; i++) {
      trying.copied(
          Twins.of(
              split,
              answeredBy("mai/mai-1"),
              "mai/mai-1",
              rehearsal("openai/gpt-5.1"),
              "openai/gpt-5.1",
              "how",
              i < 12 ? "I cannot help with that" : "so",
              "like this"));
    }
    until(() -> copies(trying).path("being_read_by_this_gateway").asLong() == 0);

    Weights refusals = weights(Metric.REFUSALS);
    assertThat(refusals.comparisons()).isEqualTo(30);
    assertThat(refusals.candidate()).isEqualTo(0.4);
    assertThat(refusals.incumbent()).isEqualTo(0);
    RolloutState state = desk.find("mai").orElseThrow();
    assertThat(state.rehearsals()).isEqualTo(30);
    assertThat(state.rehearsalsFailed()).isZero();
    assertThat(state.status()).isEqualTo(RolloutState.Status.PROMOTED);
  }

  private static Exchange rehearsal(String target) {
    Exchange asked = answeredBy(target);
    return new Exchange(
        asked.id(),
        asked.startedAt(),
        asked.caller(),
        asked.protocol(),
        asked.operation(),
        asked.route(),
        asked.stream(),
        asked.status(),
        asked.outcome(),
        asked.failureType(),
        asked.attempts(),
        asked.durationNanos(),
        asked.firstByteNanos(),
        asked.bytesIn(),
        asked.bytesOut(),
        asked.losses(),
        asked.traceParent(),
        asked.decision(),
        asked.content(),
        Purpose.REHEARSAL);
  }

  @Test
  void aBoundOfCostHoldsThoughWhatIsSpentCannotBeKept() {
    trying.spent("r1", costing("1.99"));
    assertThat(trying.wantsCopy(split, 1)).isTrue();
    trying.spent("r1", costing("0.01"));

    assertThat(trying.wantsCopy(split, 2)).isFalse();
  }
}
