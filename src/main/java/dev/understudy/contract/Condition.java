package dev.understudy.contract;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** When a trigger is met. */
public sealed interface Condition {
  /** All of several. */
  record All(List<Condition> parts) implements Condition {
    public All {
      parts = List.copyOf(parts);
    }
  }

  /** One of several. */
  record Any(List<Condition> parts) implements Condition {
    public Any {
      parts = List.copyOf(parts);
    }
  }

  /**
   * A body declares it.
   *
   * @param body a party and a body of it, such as {@code openai.board}
   * @param standard by which measure; empty if not said
   */
  record Declared(String body, String standard) implements Condition {}

  /**
   * A metric compares to a threshold.
   *
   * @param currency of the threshold; empty if it is no money
   */
  record Measured(String metric, Comparison op, BigDecimal value, Optional<String> currency)
      implements Condition {}

  /** How a metric must stand to its threshold. */
  enum Comparison {
    AT_LEAST(">="),
    ABOVE(">"),
    AT_MOST("<="),
    BELOW("<"),
    EQUAL("==");

    private final String sign;

    Comparison(String sign) {
      this.sign = sign;
    }

    public String sign() {
      return sign;
    }

    boolean holds(BigDecimal value, BigDecimal threshold) {
      int compared = value.compareTo(threshold);
      return switch (this) {
        case AT_LEAST -> compared >= 0;
        case ABOVE -> compared > 0;
        case AT_MOST -> compared <= 0;
        case BELOW -> compared < 0;
        case EQUAL -> compared == 0;
      };
    }
  }
}
