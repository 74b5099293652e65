package dev.understudy.rollout;

import dev.understudy.rollout.RolloutState.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What becomes of a rollout by what is seen and what operators say: pure, from value to value. */
public final class Steering {
  /** Who did what nobody did by hand. */
  public static final String ITSELF = "rollout";

  private final Instant now;
  private final List<Step> steps = new ArrayList<>();
  private RolloutState state;

  /** What a wish of an operator is refused for. */
  public static final class Unfit extends Exception {
    Unfit(String message) {
      super(message);
    }
  }

  private Steering(RolloutState state, Instant now) {
    this.state = state;
    this.now = now;
  }

  /** A rollout begins. */
  public static Progress begin(RolloutState.Beginning as, String by, Instant now) {
    var steering = new Steering(RolloutState.begin(as, now), now);
    steering.step(
        Step.Kind.START,
        0,
        steering.state.share(),
        as.candidate() + " against " + as.incumbent(),
        by);
    return steering.progress();
  }

  /** Looks after each of these observations, in their order. */
  public static Progress after(RolloutState before, List<Observation> seen, Instant now) {
    var steering = new Steering(before, now);
    steering.spend(seen);
    if (before.isOpen()) {
      steering.weigh(seen);
    } else if (before.isInForce()) {
      steering.rehearse(seen);
    }
    return steering.progress();
  }

  private Progress progress() {
    return new Progress(state, steps);
  }

  private void spend(List<Observation> seen) {
    for (Observation one : seen) {
      if (one instanceof Observation.Spent(double cost)) {
        state = state.spent(LocalDate.ofInstant(now, ZoneOffset.UTC), cost);
      }
    }
  }

  /** What is promoted is compared on with the old incumbent; what comes of it, operators decide. */
  private void rehearse(List<Observation> seen) {
    Evidence evidence = state.evidence().copy();
    state = state.with(evidence);
    for (Observation one : seen) {
      evidence.add(one);
      if (one instanceof Observation.Rehearsed(Readings incumbent)) {
        state = state.rehearsed(incumbent.error() == 1);
      }
    }
  }

  private void weigh(List<Observation> seen) {
    Evidence evidence = state.evidence().copy();
    state = state.with(evidence);
    for (Observation one : seen) {
      evidence.add(one);
      // Only harm is looked for after each: that there is none yet is soon enough seen at the end.
      if (state.status() != Status.PAUSED && evidence.doesHarm(state.rules())) {
        decide();
      }
      if (!state.isOpen()) {
        return;
      }
    }
    if (state.status() != Status.PAUSED) {
      decide();
    }
  }

  private void decide() {
    List<Finding> findings = state.evidence().findings(state.rules());
    Verdict verdict =
        CanaryJudge.judge(
            state.rules(),
            state.stage(),
            state.share() == 0 ? state.evidence().pairs() : state.evidence().calls(),
            state.inStage(now),
            findings);
    switch (verdict) {
      case Verdict.RollBack(String why) ->
          end(Status.ROLLED_BACK, Step.Kind.ROLL_BACK, why, ITSELF);
      case Verdict.Advance(String why) when needsApproval() -> ask(why);
      case Verdict.Advance(String why) -> advance(why, ITSELF);
      case Verdict.Hold(String why) -> {
        // What waits for a word goes on waiting: the evidence was good enough when it asked.
        if (state.status() == Status.RUNNING) {
          state = state.saying(why);
        }
      }
    }
  }

  private boolean needsApproval() {
    boolean last = state.stage() + 2 == state.rules().stages().size();
    return switch (state.rules().approval()) {
      case NONE -> false;
      case PROMOTION -> last;
      case EACH -> true;
    };
  }

  private void ask(String why) {
    if (state.status() != Status.WAITING) {
      double next = state.rules().stages().get(state.stage() + 1);
      step(Step.Kind.ASK, state.share(), next, why, ITSELF);
      state = status(Status.WAITING, why);
    }
  }

  private void advance(String why, String by) {
    double before = state.share();
    int next = state.stage() + 1;
    boolean last = next + 1 == state.rules().stages().size();
    double share = state.rules().stages().get(next);
    step(last ? Step.Kind.PROMOTE : Step.Kind.ADVANCE, before, share, why, by);
    Evidence evidence = state.evidence();
    evidence.beginStage();
    state =
        state.change(
            next,
            last ? Status.PROMOTED : Status.RUNNING,
            why,
            now,
            state.pausedAt(),
            state.steps(),
            evidence);
  }

  private void end(Status status, Step.Kind kind, String why, String by) {
    step(kind, state.share(), 0, why, by);
    state = status(status, why);
  }

  private RolloutState status(Status status, String why) {
    return state.change(
        state.stage(),
        status,
        why,
        state.stageSince(),
        state.pausedAt(),
        state.steps(),
        state.evidence());
  }

  private void step(Step.Kind kind, double from, double to, String why, String by) {
    String evidence =
        state.evidence().findings(state.rules()).stream()
            .map(finding ->
                finding.metric().word()
                    + (finding.proven() ? " (within its margin): " : ": ")
                    + finding.clause())
            .collect(Collectors.joining("\n"));
    int number = state.steps() + 1;
    steps.add(new Step(number, now, kind, from, to, why, by, evidence));
    state =
        state.change(
            state.stage(),
            state.status(),
            state.clause(),
            state.stageSince(),
            state.pausedAt(),
            number,
            state.evidence());
  }

  // --- what operators say ---

  /** What an operator may wish of a rollout. */
  public enum Wish {
    PAUSE,
    RESUME,
    APPROVE,
    /** Step up now, on the operator's word alone. */
    ADVANCE,
    /** Step back now. */
    ROLL_BACK,
    ABORT
  }

  /**
   * Follows a wish.
   *
   * @param by who wishes it
   * @throws Unfit if the rollout does not stand so that it could be followed
   */
  public static Progress follow(RolloutState before, Wish wish, String why, String by, Instant now)
      throws Unfit {
    var steering = new Steering(before.with(before.evidence().copy()), now);
    String unfit = steering.wish(wish, why, by);
    if (unfit != null) {
      throw new Unfit(
          "rollout %s is %s, and %s".formatted(before.name(), before.status().word(), unfit));
    }
    return steering.progress();
  }

  private @Nullable String wish(Wish wish, String why, String by) {
    switch (wish) {
      case PAUSE -> {
        if (state.status() != Status.RUNNING && state.status() != Status.WAITING) {
          return "only one that goes on can be paused";
        }
        step(Step.Kind.PAUSE, state.share(), state.share(), why, by);
        state =
            state.change(
                state.stage(),
                Status.PAUSED,
                why,
                state.stageSince(),
                now,
                state.steps(),
                state.evidence());
      }
      case RESUME -> {
        if (state.status() != Status.PAUSED) {
          return "only one that is paused can be resumed";
        }
        step(Step.Kind.RESUME, state.share(), state.share(), why, by);
        Duration before = Duration.between(state.stageSince(), state.pausedAt());
        state =
            state.change(
                state.stage(),
                Status.RUNNING,
                why,
                now.minus(before),
                state.pausedAt(),
                state.steps(),
                state.evidence());
      }
      case APPROVE -> {
        if (state.status() != Status.WAITING) {
          return "only one that waits can be approved: " + state.clause();
        }
        double next = state.rules().stages().get(state.stage() + 1);
        step(Step.Kind.APPROVE, state.share(), next, why, by);
        advance(state.clause(), by);
      }
      case ADVANCE -> {
        if (state.status() != Status.RUNNING && state.status() != Status.WAITING) {
          return "only one that goes on can be advanced";
        }
        advance(why, by);
      }
      case ROLL_BACK -> {
        if (!state.isInForce()) {
          return "nothing of it is in force";
        }
        end(Status.ROLLED_BACK, Step.Kind.ROLL_BACK, why, by);
      }
      case ABORT -> {
        if (!state.isInForce()) {
          return "nothing of it is in force";
        }
        end(Status.ABORTED, Step.Kind.ABORT, why, by);
      }
    }
    return null;
  }
}
