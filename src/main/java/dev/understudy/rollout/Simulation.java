package dev.understudy.rollout;

import dev.understudy.statistics.BettingTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * What rules would do to candidates of which the truth is known: streams of calls, each rule
 * looking after each call.
 *
 * <p>A rule that has rolled back goes on looking whether it would have promoted, and the other way
 * round: the shares are those of ever doing so.
 *
 * <p>Answers are right or wrong. The incumbent is right in {@link #RIGHT} of the cases, and apart
 * from the candidate's loss the two differ in {@link #DIFFERING} of them, as published pairs of
 * models do in 0.11 to 0.24.
 *
 * @param streams how many are drawn
 * @param calls how long each is
 * @param margin how much worse the candidate may be
 * @param alpha the accepted chance of a wrong step
 * @param seed the same seed gives the same figures
 */
public record Simulation(int streams, int calls, double margin, double alpha, long seed) {
  private static final double RIGHT = 0.85;
  private static final double DIFFERING = 0.15;

  /** How a rule did. */
  public enum Rule {
    /** Betting on pairs, as a rollout's shadow does, against any loss at all. */
    PAIRED("betting on pairs, tolerates nothing"),
    /** The same against a loss of more than the margin. */
    PAIRED_MARGIN("betting on pairs, tolerates the margin"),
    /** Betting on the two halves of a canary at 50 %, as a rollout does without a shadow. */
    CANARY("betting on a canary at 50 %, tolerates nothing"),
    /** A z test of the pairs, one-sided, repeated after each call from the 30th on. */
    REPEATED_Z("z test of pairs repeated after each call"),
    /**
     * Thresholds as Flagger and Argo Rollouts have them: of every hundred calls of a canary at 50 %
     * the candidate may be worse by 5 points; three failed checks roll back, ten passed ones
     * promote.
     */
    THRESHOLD("fixed threshold: 3 of at most 12 checks of 100 calls");

    private final String text;

    Rule(String text) {
      this.text = text;
    }

    /** It in words. */
    public String text() {
      return text;
    }
  }

  /**
   * What became of all streams under one rule at one true loss.
   *
   * @param rolledBack the share that was rolled back
   * @param promoted the share that was promoted
   * @param medianRollBack the call at which half of all streams had been rolled back; 0 if they
   *     never were
   * @param medianPromotion likewise
   */
  public record Outcome(
      Rule rule,
      double loss,
      double rolledBack,
      double promoted,
      int medianRollBack,
      int medianPromotion) {}

  /**
   * Draws them all.
   *
   * @param losses the candidate's true losses, in points as 0.01
   */
  public List<Outcome> run(double... losses) {
    var outcomes = new ArrayList<Outcome>();
    for (double loss : losses) {
      int[][] ends =
          IntStream.range(0, streams)
              .parallel()
              .mapToObj(stream -> new Stream(stream, loss).run())
              .toArray(int[][]::new);
      for (Rule rule : Rule.values()) {
        outcomes.add(outcome(rule, loss, ends));
      }
    }
    return outcomes;
  }

  private Outcome outcome(Rule rule, double loss, int[][] ends) {
    int[] backs = Arrays.stream(ends).mapToInt(end -> end[2 * rule.ordinal()]).sorted().toArray();
    int[] ups = Arrays.stream(ends).mapToInt(end -> end[2 * rule.ordinal() + 1]).sorted().toArray();
    return new Outcome(rule, loss, share(backs), share(ups), median(backs), median(ups));
  }

  private double share(int[] when) {
    return (double) Arrays.stream(when).filter(call -> call <= calls).count() / when.length;
  }

  private int median(int[] when) {
    int middle = when[(when.length - 1) / 2];
    return middle <= calls ? middle : 0;
  }

  /** One stream under all rules: they decide on the same calls. */
  private final class Stream {
    private final SplittableRandom random;
    private final double loss;
    private final double z = NormalDistribution.of(0, 1).inverseCumulativeProbability(1 - alpha);
    private final int[] ends = new int[2 * Rule.values().length];

    private BettingTest proof = BettingTest.against((1 - margin) / 2);
    private BettingTest harm = BettingTest.against(0.5);
    private BettingTest harmMargin = BettingTest.against((1 + margin) / 2);
    private BettingTest canaryProof = proof;
    private BettingTest canaryHarm = harm;
    private double sum;
    private double squares;
    private final double[] waiting = new double[2];
    private final int[] waitingCounts = new int[2];
    private final double[] checked = new double[2];
    private final int[] checkedCounts = new int[2];
    private int checks;
    private int failedChecks;

    Stream(int number, double loss) {
      this.random = new SplittableRandom(seed * 1_000_003 + number);
      this.loss = loss;
      Arrays.fill(ends, Integer.MAX_VALUE);
    }

    /** At which call each rule rolled back, and promoted. */
    int[] run() {
      double lost = DIFFERING / 2 + loss;
      double won = DIFFERING / 2;
      for (int call = 1; call <= calls; call++) {
        double drawn = random.nextDouble();
        int difference = drawn < lost ? -1 : drawn < lost + won ? 1 : 0;
        boolean incumbentRight =
            difference < 0
                || (difference == 0 && random.nextDouble() < (RIGHT - lost) / (1 - lost - won));
        boolean candidateRight = difference > 0 || (difference == 0 && incumbentRight);
        pairs(call, difference);
        repeatedZ(call, difference);
        int arm = random.nextBoolean() ? 1 : 0;
        double right = (arm == 1 ? candidateRight : incumbentRight) ? 1 : 0;
        canary(call, arm, right);
        threshold(call, arm, right);
      }
      return ends;
    }

    /** Whether a rule has decided both ways: one that rolled back looks on whether it promotes. */
    private boolean isOver(Rule rule) {
      return ends[2 * rule.ordinal()] != Integer.MAX_VALUE
          && ends[2 * rule.ordinal() + 1] != Integer.MAX_VALUE;
    }

    private void end(Rule rule, boolean promoted, int call) {
      int at = 2 * rule.ordinal() + (promoted ? 1 : 0);
      ends[at] = Math.min(ends[at], call);
    }

    private void pairs(int call, int difference) {
      if (isOver(Rule.PAIRED) && isOver(Rule.PAIRED_MARGIN)) {
        return;
      }
      proof = proof.after((1 + difference) / 2.0);
      harm = harm.after((1 - difference) / 2.0);
      harmMargin = harmMargin.after((1 - difference) / 2.0);
      if (harm.isRejected(alpha)) {
        end(Rule.PAIRED, false, call);
      }
      if (harmMargin.isRejected(alpha)) {
        end(Rule.PAIRED_MARGIN, false, call);
      }
      if (proof.isRejected(alpha)) {
        end(Rule.PAIRED, true, call);
        end(Rule.PAIRED_MARGIN, true, call);
      }
    }

    private void canary(int call, int arm, double right) {
      if (isOver(Rule.CANARY)) {
        return;
      }
      waiting[arm] += right;
      waitingCounts[arm]++;
      if (waitingCounts[0] == 0 || waitingCounts[1] == 0) {
        return;
      }
      double difference = waiting[1] / waitingCounts[1] - waiting[0] / waitingCounts[0];
      Arrays.fill(waiting, 0);
      Arrays.fill(waitingCounts, 0);
      canaryProof = canaryProof.after((1 + difference) / 2);
      canaryHarm = canaryHarm.after((1 - difference) / 2);
      if (canaryHarm.isRejected(alpha)) {
        end(Rule.CANARY, false, call);
      }
      if (canaryProof.isRejected(alpha)) {
        end(Rule.CANARY, true, call);
      }
    }

    private static final int Z_CALLS_MIN = 30;

    private void repeatedZ(int call, int difference) {
      sum += difference;
      squares += difference * difference;
      if (call < Z_CALLS_MIN || isOver(Rule.REPEATED_Z)) {
        return;
      }
      double mean = sum / call;
      double error = Math.sqrt(Math.max(1e-12, squares / call - mean * mean) / call);
      if (mean < -z * error) {
        end(Rule.REPEATED_Z, false, call);
      }
      if (mean + margin > z * error) {
        end(Rule.REPEATED_Z, true, call);
      }
    }

    private static final int CHECK_CALLS = 100;
    private static final double CHECK_LOSS = 0.05;
    private static final int CHECKS_FAILED_MAX = 3;
    private static final int CHECKS_PASSED = 10;

    private void threshold(int call, int arm, double right) {
      if (checks - failedChecks >= CHECKS_PASSED || failedChecks >= CHECKS_FAILED_MAX) {
        return;
      }
      checked[arm] += right;
      checkedCounts[arm]++;
      if (call % CHECK_CALLS != 0 || checkedCounts[0] == 0 || checkedCounts[1] == 0) {
        return;
      }
      boolean failed = checked[0] / checkedCounts[0] - checked[1] / checkedCounts[1] > CHECK_LOSS;
      Arrays.fill(checked, 0);
      Arrays.fill(checkedCounts, 0);
      checks++;
      failedChecks += failed ? 1 : 0;
      if (failedChecks >= CHECKS_FAILED_MAX) {
        end(Rule.THRESHOLD, false, call);
      } else if (checks - failedChecks >= CHECKS_PASSED) {
        end(Rule.THRESHOLD, true, call);
      }
    }
  }
}
