package dev.understudy.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.rollout.Simulation.Rule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A smaller run of what {@code understudy rollout simulate} prints, with a fixed seed. */
final class SimulationTest {
  private static final double ALPHA = 0.05;
  private static final double MARGIN = 0.03;

  /** Three standard errors of 0.05 in so many streams. */
  private static final double SLACK = 3 * Math.sqrt(0.05 * 0.95 / 400);

  private static List<Simulation.Outcome> run(double loss) {
    return new Simulation(400, 3_000, MARGIN, ALPHA, 20_261_127).run(loss);
  }

  private static Simulation.Outcome of(List<Simulation.Outcome> all, Rule rule) {
    return all.stream().filter(one -> one.rule() == rule).findFirst().orElseThrow();
  }

  @Test
  void neverRollsBackAnEqualCandidateMoreOftenThanAllowed() {
    var all = run(0);

    assertThat(of(all, Rule.PAIRED).rolledBack()).isLessThan(ALPHA + SLACK);
    assertThat(of(all, Rule.PAIRED_MARGIN).rolledBack()).isLessThan(0.01);
    assertThat(of(all, Rule.CANARY).rolledBack()).isLessThan(ALPHA + SLACK);
    assertThat(of(all, Rule.REPEATED_Z).rolledBack()).isGreaterThan(3 * ALPHA);
  }

  @Test
  void neverPromotesACandidateThatIsWorseByTheMarginMoreOftenThanAllowed() {
    var all = run(MARGIN);

    assertThat(of(all, Rule.PAIRED).promoted()).isLessThan(ALPHA + SLACK);
    assertThat(of(all, Rule.CANARY).promoted()).isLessThan(ALPHA + SLACK);
    assertThat(of(all, Rule.PAIRED_MARGIN).rolledBack()).isLessThan(ALPHA + SLACK);
    assertThat(of(all, Rule.REPEATED_Z).promoted()).isGreaterThan(3 * ALPHA);
  }

  @Test
  void findsALossOfTenPointsWithinTwoHundredPairs() {
    var all = run(0.1);

    assertThat(of(all, Rule.PAIRED).rolledBack()).isEqualTo(1);
    assertThat(of(all, Rule.PAIRED).medianRollBack()).isBetween(50, 200);
    assertThat(of(all, Rule.CANARY).medianRollBack())
        .isGreaterThan(2 * of(all, Rule.PAIRED).medianRollBack());
  }

  @Test
  void givesTheSameFiguresForTheSameSeed() {
    var small = new Simulation(20, 200, MARGIN, ALPHA, 7);

    assertThat(small.run(0.05)).isEqualTo(small.run(0.05));
  }
}
