package dev.understudy.evaluation;

import java.util.List;
import java.util.Optional;

/**
 * Whether a judge can be trusted.
 *
 * @param judge its target
 * @param asked questions put to it
 * @param failed of these, how many had no reply in the wanted form; they count for nobody
 * @param reasons some of why
 * @param orders where it saw pairs in both orders
 */
public record JudgeHealth(
    String judge, int asked, int failed, List<String> reasons, Optional<OrderHealth> orders) {
  public JudgeHealth {
    reasons = List.copyOf(reasons);
  }

  /**
   * All judges together.
   *
   * @param each in the order of the suite
   * @param compared pairs that the panel compared
   * @param disputed of these, how many its judges did not agree on
   * @param labels the panel against people
   * @param positionCorrected the win rate were places nothing to it, where each pair was shown in
   *     one order
   */
  public record Panel(
      List<JudgeHealth> each,
      int compared,
      int disputed,
      Optional<LabelHealth> labels,
      Optional<Double> positionCorrected) {
    public Panel {
      each = List.copyOf(each);
    }
  }
}
