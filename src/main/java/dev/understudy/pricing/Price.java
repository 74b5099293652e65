package dev.understudy.pricing;

import dev.understudy.money.Rounding;
import java.math.BigDecimal;
import java.util.List;

/**
 * What a quantity of one item comes to. All kinds are one function of the quantity since the period
 * began; what a call costs is what it adds.
 */
public sealed interface Price {
  /** The same for each. */
  record Flat(BigDecimal each) implements Price {
    @Override
    public BigDecimal total(BigDecimal quantity) {
      return each.multiply(quantity);
    }

    @Override
    public BigDecimal worst(BigDecimal quantity) {
      return total(quantity);
    }
  }

  /** Marginal: what lies within a step costs what the step says. */
  record Graduated(List<Step> steps) implements Price {
    public Graduated {
      steps = checked(steps);
    }

    @Override
    public BigDecimal total(BigDecimal quantity) {
      BigDecimal total = BigDecimal.ZERO;
      BigDecimal below = BigDecimal.ZERO;
      for (Step step : steps) {
        BigDecimal upTo = step.isLast() ? quantity : step.upTo().min(quantity);
        if (upTo.compareTo(below) <= 0) {
          break;
        }
        total = total.add(upTo.subtract(below).multiply(step.each()));
        below = upTo;
      }
      return total;
    }

    @Override
    public BigDecimal worst(BigDecimal quantity) {
      return max(steps).multiply(quantity);
    }
  }

  /** The quantity as a whole picks one step, whose price holds for all of it; prices fall. */
  record Volume(List<Step> steps) implements Price {
    public Volume {
      steps = checked(steps);
      for (int i = 1; i < steps.size(); i++) {
        // A rising price would let one call pay for all that came before it.
        if (steps.get(i).each().compareTo(steps.get(i - 1).each()) > 0) {
          throw new IllegalArgumentException("a price by volume falls from step to step");
        }
      }
    }

    @Override
    public BigDecimal total(BigDecimal quantity) {
      for (Step step : steps) {
        if (step.isLast() || quantity.compareTo(step.upTo()) <= 0) {
          return quantity.multiply(step.each());
        }
      }
      throw new AssertionError("the last step has no end");
    }

    @Override
    public BigDecimal worst(BigDecimal quantity) {
      return max(steps).multiply(quantity);
    }
  }

  /** Sold in packages: one that is begun is paid whole. */
  record Packages(BigDecimal size, BigDecimal each) implements Price {
    public Packages {
      if (size.signum() <= 0) {
        throw new IllegalArgumentException("a package holds more than nothing");
      }
    }

    @Override
    public BigDecimal total(BigDecimal quantity) {
      return Rounding.packages(quantity, size).multiply(each);
    }

    @Override
    public BigDecimal worst(BigDecimal quantity) {
      return total(quantity);
    }
  }

  /**
   * A step of a price.
   *
   * @param upTo its end, included; zero for the last step, which has none
   */
  record Step(BigDecimal upTo, BigDecimal each) {
    public boolean isLast() {
      return upTo.signum() == 0;
    }
  }

  /** What so many since the period began come to. */
  BigDecimal total(BigDecimal quantity);

  /** What so many add at the most, whatever came before them. */
  BigDecimal worst(BigDecimal quantity);

  /** What a quantity adds to those before it. Under {@link Volume} that may be a credit. */
  default BigDecimal added(BigDecimal before, BigDecimal quantity) {
    return before.signum() == 0
        ? total(quantity)
        : total(before.add(quantity)).subtract(total(before));
  }

  /** The same at another rate. */
  default Price times(BigDecimal factor) {
    return switch (this) {
      case Flat(BigDecimal each) -> new Flat(each.multiply(factor));
      case Graduated(List<Step> steps) -> new Graduated(times(steps, factor));
      case Volume(List<Step> steps) -> new Volume(times(steps, factor));
      case Packages(BigDecimal size, BigDecimal each) -> new Packages(size, each.multiply(factor));
    };
  }

  private static List<Step> times(List<Step> steps, BigDecimal factor) {
    return steps.stream().map(s -> new Step(s.upTo(), s.each().multiply(factor))).toList();
  }

  private static BigDecimal max(List<Step> steps) {
    return steps.stream().map(Step::each).reduce(BigDecimal.ZERO, BigDecimal::max);
  }

  private static List<Step> checked(List<Step> steps) {
    BigDecimal below = BigDecimal.ZERO;
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      boolean last = i == steps.size() - 1;
      if (last != step.isLast() || (!last && step.upTo().compareTo(below) <= 0)) {
        throw new IllegalArgumentException("steps rise, and only the last has no end");
      }
      below = step.upTo();
    }
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("a price by steps needs a step");
    }
    return List.copyOf(steps);
  }
}
