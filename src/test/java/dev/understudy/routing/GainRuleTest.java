package dev.understudy.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.gain.GainModel;
import dev.understudy.gain.GainTrainer;
import dev.understudy.gain.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whether the strong target is asked, from an estimate and prices alone. */
final class GainRuleTest {
  private static final Target CHEAP = new Target("mai", "mai-1");
  private static final Target STRONG = new Target("openai", "gpt-5.1");
  private static final GainModel MODEL = model();

  private static GainModel model() {
    var random = new SplittableRandom(1);
    var outcomes = new ArrayList<Outcome>();
    for (int i = 0; i < 120; i++) {
      outcomes.add(
          new Outcome("question " + i, "", random.nextInt(2), random.nextInt(10) == 0 ? 0 : 1));
    }
    return GainTrainer.train(outcomes, CHEAP.name(), STRONG.name(), 1);
  }

  private static GainRule fixed(double threshold, double most) {
    return new GainRule(MODEL, CHEAP, STRONG, threshold, Double.NaN, most);
  }

  @Test
  void theStrongTargetIsAskedAboveTheThreshold() {
    GainRule rule = fixed(0.1, 1);

    assertThat(rule.choose(0.134, Double.NaN, Double.NaN))
        .isEqualTo(new GainRule.Choice(STRONG, "gain: 0.134 expected, above 0.100"));
    assertThat(rule.choose(0.1, 0, 0))
        .isEqualTo(new GainRule.Choice(CHEAP, "gain: 0.100 expected, not above 0.100"));
    assertThat(rule.choose(Double.NaN, 0, 0).first()).isEqualTo(STRONG);
  }

  @Test
  void aPointOfQualityIsPaidForAsFarAsItIsWorthIt() {
    // 0.01 for a hundredth: ten hundredths are worth 0.10.
    var rule = new GainRule(MODEL, CHEAP, STRONG, Double.NaN, 0.01, 1);

    assertThat(rule.choose(0.10, 0.02, 0.11).first()).isEqualTo(STRONG);
    assertThat(rule.choose(0.10, 0.02, 0.13).first()).isEqualTo(CHEAP);
    assertThat(rule.choose(0.10, Double.NaN, 0.13))
        .isEqualTo(new GainRule.Choice(STRONG, "gain: 0.100 expected, but a price is not known"));
    // A strong target that is cheaper is asked unless the cheap one is better.
    assertThat(rule.choose(0, 0.2, 0.1).first()).isEqualTo(STRONG);
    for (double gain = -1; gain <= 1; gain += 0.01) {
      for (double more = 0; more < 1; more += 0.05) {
        boolean strong = rule.choose(gain, 0.5, 0.5 + more).first().equals(STRONG);
        assertThat(strong).isEqualTo(gain > (0.5 + more - 0.5) / 1.0);
      }
    }
  }

  @Test
  void noThresholdIsHigherThanTheOneThatIsProven() {
    assertThat(fixed(0.5, 0.2).choose(0.3, 0, 0))
        .isEqualTo(
            new GainRule.Choice(
                STRONG, "gain: 0.300 expected, above 0.200, the highest that is proven"));
    assertThat(fixed(0.1, 0.2).choose(0.05, 0, 0).first()).isEqualTo(CHEAP);
  }

  @Test
  void aRuleHasOneWayToItsThreshold() {
    assertThatThrownBy(() -> new GainRule(MODEL, CHEAP, STRONG, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new GainRule(MODEL, CHEAP, STRONG, Double.NaN, Double.NaN, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theRouterPutsTheChosenFirstAndKeepsTheOtherForWhenItFails() {
    var targets = List.of(RouteTarget.of(CHEAP), RouteTarget.of(STRONG));
    var tier = new Tier(targets, Balance.GAIN, Affinity.NONE, Optional.of(fixed(0.1, 1)));
    var route = new Route("r", List.of(tier));

    assertThat(names(route, 0.2)).containsExactly("openai/gpt-5.1", "mai/mai-1");
    assertThat(names(route, 0.05)).containsExactly("mai/mai-1", "openai/gpt-5.1");
    assertThat(names(route, Double.NaN)).containsExactly("openai/gpt-5.1", "mai/mai-1");
  }

  private static List<String> names(Route route, double gain) {
    var request = new Request("app", "", Set.of(), Set.of(), 40, "", 0, gain, Delivery.WHOLE);
    Signals signals = _ -> Standing.IN;
    Order order = Router.order(route, request, signals, new Random(1));
    assertThat(order.rule()).startsWith("gain: ");
    return order.targets().stream().map(RouteTarget::name).toList();
  }
}
