package dev.understudy.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.rollout.Observation.Arm;
import dev.understudy.rollout.RolloutState.Status;
import dev.understudy.rollout.Steering.Wish;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SteeringTest {
  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
  private static final Guardrail ERRORS = Guardrail.of(Metric.ERRORS, 0.02).withLimit(0.5, 20);
  private static final Guardrail QUALITY = Guardrail.of(Metric.QUALITY, 0.05);
  private static final Guardrail LATENCY = Guardrail.of(Metric.LATENCY, 0.5);

  private static Rules rules(Rules.Approval approval, double unproven, Guardrail... guardrails) {
    return new Rules(
        Rules.USUAL_STAGES,
        List.of(guardrails),
        0.05,
        unproven,
        50,
        Duration.ZERO,
        approval,
        Rules.Stickiness.CONVERSATION,
        0.1,
        0.01,
        Rules.Copies.USUAL);
  }

  private static RolloutState begun(Rules rules) {
    return Steering.begin(
            new RolloutState.Beginning(
                "r1", "mai", "assistant", "mai/mai-1", "openai/gpt-5.1", "", rules),
            "anna",
            NOON)
        .state();
  }

  private static Readings answer(double quality, double millis) {
    return new Readings(0, 0, 0, quality, millis, millis / 2, 0.01);
  }

  private static Observation pair(double incumbent, double candidate) {
    return new Observation.Paired(answer(incumbent, 1_000), answer(candidate, 1_000));
  }

  private static Observation call(Arm arm, boolean failed) {
    return new Observation.Served(arm, failed ? Readings.FAILED : answer(Double.NaN, 1_000));
  }

  private static RolloutState after(RolloutState state, Observation... seen) {
    return Steering.after(state, List.of(seen), NOON.plusSeconds(60)).state();
  }

  /** Equal answers in the shadow until there is a decision. */
  private static RolloutState fed(RolloutState state, int times, Observation one) {
    RolloutState now = state;
    for (int i = 0; i < times; i++) {
      now = after(now, one);
    }
    return now;
  }

  @Test
  void stepsUpToWhatNeedsNoProofAndWaitsThereForIt() {
    RolloutState state = begun(rules(Rules.Approval.NONE, 0.05, ERRORS, QUALITY));
    assertThat(state.share()).isEqualTo(0);

    state = fed(state, 50, pair(1, 1));
    assertThat(state.share()).isEqualTo(0.01);

    state = fed(state, 50, call(Arm.CANDIDATE, false));
    assertThat(state.share()).isEqualTo(0.05);

    state = fed(state, 60, call(Arm.CANDIDATE, false));
    assertThat(state.share()).isEqualTo(0.05);
    assertThat(state.clause()).contains("is not shown to be within its margin");
  }

  @Test
  void promotesWhatIsShownToBeWithinEveryMargin() {
    RolloutState state = begun(rules(Rules.Approval.NONE, 0, ERRORS, QUALITY, LATENCY));
    state = fed(state, 3_000, pair(1, 1));
    assertThat(state.share()).as(state.clause()).isEqualTo(0.01);

    for (double share : new double[] {0.05, 0.25, 0.5, 1}) {
      state = fed(state, 50, call(Arm.CANDIDATE, false));
      assertThat(state.share()).isEqualTo(share);
    }
    assertThat(state.status()).isEqualTo(Status.PROMOTED);
    assertThat(state.isOpen()).isFalse();
  }

  @Test
  void rollsBackAtOnceBeyondAHardLimit() {
    RolloutState state = fed(begun(rules(Rules.Approval.NONE, 1, ERRORS)), 50, pair(1, 1));
    assertThat(state.share()).isEqualTo(0.01);

    state = fed(state, 9, call(Arm.CANDIDATE, false));
    state = fed(state, 10, call(Arm.CANDIDATE, true));
    assertThat(state.status()).isEqualTo(Status.RUNNING);
    state = fed(state, 2, call(Arm.CANDIDATE, true));

    assertThat(state.status()).isEqualTo(Status.ROLLED_BACK);
    assertThat(state.share()).isEqualTo(0);
    assertThat(state.clause())
        .isEqualTo("errors: 55 % of the last 20 calls, and 50 % is the limit");
  }

  @Test
  void aHardLimitIsNotWaitedForWhereTheRestOfItsWindowCouldNoLongerHelp() {
    RolloutState state = fed(begun(rules(Rules.Approval.NONE, 1, ERRORS)), 50, pair(1, 1));

    state = fed(state, 10, call(Arm.CANDIDATE, true));
    assertThat(state.status()).isEqualTo(Status.RUNNING);
    state = fed(state, 1, call(Arm.CANDIDATE, true));

    assertThat(state.status()).isEqualTo(Status.ROLLED_BACK);
    assertThat(state.clause())
        .isEqualTo("errors: 100 % of the last 11 calls, and 50 % is the limit");
  }

  @Test
  void whatIsSpentIsKeptForTheDayWhateverBecomesOfIt() throws Exception {
    RolloutState state = begun(rules(Rules.Approval.NONE, 1, ERRORS));
    state = after(state, new Observation.Spent(1.5), pair(1, 1), new Observation.Spent(0.25));
    assertThat(state.spending()).isEqualTo(new Spending(LocalDate.of(2026, 11, 27), 1.75));
    assertThat(state.evidence().pairs()).isEqualTo(1);

    state = Steering.follow(state, Wish.ABORT, "no", "anna", NOON).state();
    state = after(state, new Observation.Spent(0.25));
    assertThat(state.spending().on(LocalDate.of(2026, 11, 27))).isEqualTo(2);
    RolloutState kept = RolloutJson.read(RolloutJson.write(state));
    assertThat(kept.spending()).isEqualTo(state.spending());

    Instant tomorrow = NOON.plus(Duration.ofDays(1));
    state = Steering.after(kept, List.of(new Observation.Spent(3)), tomorrow).state();
    assertThat(state.spending()).isEqualTo(new Spending(LocalDate.of(2026, 11, 28), 3));
  }

  @Test
  void rollsBackOnWorseAnswersBeforeTheStageIsLongEnough() {
    RolloutState state = begun(rules(Rules.Approval.NONE, 0.05, QUALITY));

    state = fed(state, 49, pair(1, 0));

    assertThat(state.status()).isEqualTo(Status.ROLLED_BACK);
    assertThat(state.clause()).startsWith("quality: worse by more than 5 points is shown in ");
  }

  @Test
  void nonsenseOfAJudgeCountsForNeither() {
    RolloutState state = begun(rules(Rules.Approval.NONE, 0, QUALITY));
    Observation nonsense =
        new Observation.Paired(answer(7, 1_000), answer(Double.NEGATIVE_INFINITY, 1_000));

    state = fed(state, 500, nonsense);

    Weights weights = state.evidence().weights(state.rules()).get(Metric.QUALITY);
    assertThat(weights).isNotNull();
    assertThat(weights.comparisons()).isZero();
    assertThat(state.share()).isEqualTo(0);
  }

  @Test
  void whatHappensToBothAtOnceCancelsOut() {
    RolloutState state = fed(begun(rules(Rules.Approval.NONE, 1, ERRORS)), 50, pair(1, 1));
    var random = new SplittableRandom(5);
    var seen = new ArrayList<Observation>();
    for (int i = 0; i < 3_000; i++) {
      // A network that fails every third minute, for whoever is asked.
      boolean fails = i / 100 % 3 == 0 && random.nextInt(4) == 0;
      seen.add(call(random.nextInt(4) == 0 ? Arm.CANDIDATE : Arm.INCUMBENT, fails));
    }

    state = Steering.after(state, seen, NOON.plusSeconds(1)).state();

    assertThat(state.status()).isEqualTo(Status.RUNNING);
  }

  @Test
  void slownessIsFoundByItsQuantile() {
    RolloutState state = begun(rules(Rules.Approval.NONE, 0, LATENCY));
    var random = new SplittableRandom(6);
    for (int i = 0; i < 2_000 && state.isOpen(); i++) {
      double millis = 800 + 400 * random.nextDouble();
      state = after(state, new Observation.Paired(answer(1, millis), answer(1, 3 * millis)));
    }

    assertThat(state.status()).isEqualTo(Status.ROLLED_BACK);
    assertThat(state.clause())
        .startsWith("latency: more than 50 % longer or dearer is shown: p95 is ");
  }

  @Test
  void waitsForAnOperatorsWordWhereItIsWanted() throws Exception {
    RolloutState state = begun(rules(Rules.Approval.EACH, 1, QUALITY));
    state = fed(state, 80, pair(1, 1));
    assertThat(state.status()).isEqualTo(Status.WAITING);
    assertThat(state.share()).isEqualTo(0);

    state = Steering.follow(state, Wish.APPROVE, "looked at it", "anna", NOON).state();

    assertThat(state.status()).isEqualTo(Status.RUNNING);
    assertThat(state.share()).isEqualTo(0.01);
  }

  @Test
  void harmIsNotWaitedFor() {
    RolloutState state = begun(rules(Rules.Approval.EACH, 1, QUALITY));
    state = fed(state, 50, pair(1, 1));
    assertThat(state.status()).isEqualTo(Status.WAITING);

    assertThat(fed(state, 300, pair(1, 0)).status()).isEqualTo(Status.ROLLED_BACK);
  }

  @Test
  void decidesNothingWhilePausedAndKeepsItsShare() throws Exception {
    RolloutState state = fed(begun(rules(Rules.Approval.NONE, 1, QUALITY)), 50, pair(1, 1));
    state = Steering.follow(state, Wish.PAUSE, "night", "anna", NOON).state();

    state = fed(state, 200, pair(1, 0));

    assertThat(state.status()).isEqualTo(Status.PAUSED);
    assertThat(state.share()).isEqualTo(0.01);
    state = Steering.follow(state, Wish.RESUME, "day", "anna", NOON.plusSeconds(900)).state();
    assertThat(after(state, pair(1, 0)).status()).isEqualTo(Status.ROLLED_BACK);
  }

  @Test
  void refusesWishesThatDoNotFit() throws Exception {
    RolloutState state = begun(rules(Rules.Approval.NONE, 1, QUALITY));

    assertThatThrownBy(() -> Steering.follow(state, Wish.APPROVE, "", "anna", NOON))
        .isInstanceOf(Steering.Unfit.class)
        .hasMessageContaining("only one that waits can be approved");
    RolloutState over = Steering.follow(state, Wish.ABORT, "no", "anna", NOON).state();
    assertThat(over.status()).isEqualTo(Status.ABORTED);
    assertThatThrownBy(() -> Steering.follow(over, Wish.PAUSE, "", "anna", NOON))
        .isInstanceOf(Steering.Unfit.class);
  }

  @Test
  void keepsEachStepWithItsEvidence() {
    var steps = new ArrayList<Step>();
    RolloutState state = begun(rules(Rules.Approval.NONE, 0.01, QUALITY));
    for (int i = 0; i < 50; i++) {
      Progress progress = Steering.after(state, List.of(pair(1, 1)), NOON);
      state = progress.state();
      steps.addAll(progress.steps());
    }

    assertThat(steps).hasSize(1);
    assertThat(steps.getFirst().kind()).isEqualTo(Step.Kind.ADVANCE);
    assertThat(steps.getFirst().number()).isEqualTo(2);
    assertThat(steps.getFirst().evidence())
        .contains("quality: difference 0 points in 50 comparisons");
    assertThat(state.steps()).isEqualTo(2);
  }

  @Test
  void whatWasKeptGoesOnAsIfNothingHadHappened() {
    var random = new SplittableRandom(9);
    Rules rules = rules(Rules.Approval.NONE, 0.05, ERRORS, QUALITY, LATENCY);
    RolloutState whole = begun(rules);
    RolloutState kept = whole;
    for (int i = 0; i < 1_500; i++) {
      Observation one =
          i % 3 == 0
              ? call(random.nextBoolean() ? Arm.CANDIDATE : Arm.INCUMBENT, random.nextInt(50) == 0)
              : pair(random.nextInt(10) == 0 ? 0 : 1, random.nextInt(10) == 0 ? 0 : 1);
      whole = after(whole, one);
      kept = RolloutJson.read(RolloutJson.write(after(kept, one)));
    }

    assertThat(RolloutJson.write(kept)).isEqualTo(RolloutJson.write(whole));
    assertThat(whole.steps()).isGreaterThan(1);
  }
}
