package dev.understudy.rollout;

import java.time.Duration;
import java.util.List;

/** Decides a rollout's next step from evidence alone: no clock, no store, no network. */
public final class CanaryJudge {
  private CanaryJudge() {}

  /**
   * What is to be done.
   *
   * @param stage which of the rules' stages the candidate is in
   * @param calls how many calls, or pairs in the shadow, were seen of it there
   * @param time for how long it has been there
   * @param findings one for each guardrail
   */
  public static Verdict judge(
      Rules rules, int stage, long calls, Duration time, List<Finding> findings) {
    // Harm is judged before the stage is long enough: a broken candidate must not keep its
    // traffic merely because few people met it.
    for (Finding finding : findings) {
      if (finding.state() != Finding.State.OPEN) {
        return new Verdict.RollBack(finding.metric().word() + ": " + finding.clause());
      }
    }
    if (calls < rules.callsMin()) {
      return new Verdict.Hold("%d of %d calls seen".formatted(calls, rules.callsMin()));
    }
    if (time.compareTo(rules.stageTimeMin()) < 0) {
      return new Verdict.Hold(
          "%d of %d s have passed".formatted(time.toSeconds(), rules.stageTimeMin().toSeconds()));
    }
    double next = rules.stages().get(stage + 1);
    if (next <= rules.unprovenMax()) {
      return new Verdict.Advance(
          "no harm in %d calls; up to %s needs no proof"
              .formatted(calls, Shares.text(rules.unprovenMax())));
    }
    for (Finding finding : findings) {
      if (!finding.proven()) {
        return new Verdict.Hold(
            "%s is not shown to be within its margin: %s"
                .formatted(finding.metric().word(), finding.clause()));
      }
    }
    return new Verdict.Advance("within every margin, and no harm in %d calls".formatted(calls));
  }
}
