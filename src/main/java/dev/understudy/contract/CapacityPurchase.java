package dev.understudy.contract;

import dev.understudy.money.Allocation;
import dev.understudy.money.Money;
import dev.understudy.money.Rounding;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Capacity that is paid by the hour, used or not.
 *
 * @param unit such as {@code PTU}
 * @param throughput what one unit serves; without it nobody can say how much was used
 * @param spill what may go elsewhere when it is used up
 */
public record CapacityPurchase(
    BigDecimal units,
    String unit,
    Money perUnitHour,
    Optional<Throughput> throughput,
    Optional<Spill> spill) {

  private static final BigDecimal MINUTES = BigDecimal.valueOf(60);

  /**
   * What one unit serves, in tokens weighed as the vendor weighs them.
   *
   * @param inputTokensPerMinute of one unit
   * @param outputWeight what a token that comes out weighs, where one that goes in weighs 1
   * @param cachedWeight what a token that is read from the cache weighs
   */
  public record Throughput(
      BigDecimal inputTokensPerMinute, BigDecimal outputWeight, BigDecimal cachedWeight) {
    public Throughput {
      Terms.positive("a throughput", inputTokensPerMinute);
      Terms.notNegative("a weight", outputWeight);
      Terms.notNegative("a weight", cachedWeight);
    }

    /** What so many tokens weigh; {@code input} without those that were cached. */
    public BigDecimal weigh(BigDecimal input, BigDecimal cached, BigDecimal output) {
      return input.add(cached.multiply(cachedWeight)).add(output.multiply(outputWeight));
    }

    /**
     * What so much of one item weighs.
     *
     * @param item a leaf such as {@code input.text.read}; a unit that is no token weighs nothing
     */
    public BigDecimal weigh(String item, BigDecimal quantity) {
      BigDecimal none = BigDecimal.ZERO;
      if (item.startsWith("output.")) {
        return weigh(none, none, quantity);
      }
      if (!item.startsWith("input.")) {
        return none;
      }
      return item.contains(".read") ? weigh(none, quantity, none) : weigh(quantity, none, none);
    }
  }

  /**
   * What may go elsewhere.
   *
   * @param shareMax of all tokens, from 0 to 1
   * @param priceMax for what is spilled, times the price of the same inside; empty for any
   */
  public record Spill(BigDecimal shareMax, Optional<BigDecimal> priceMax) {
    public Spill {
      Terms.fraction("a share of spill", shareMax);
    }

    /** Whether so much outside is still within what was agreed. */
    public boolean allows(BigDecimal outside, BigDecimal all) {
      return outside.compareTo(shareMax.multiply(all)) <= 0;
    }
  }

  /**
   * One hour, of which used and unused are all.
   *
   * @param purchase what it cost
   * @param used the part that calls bear
   * @param unused the part that the owner of the capacity bears
   * @param shares what each call bears, in the order given; they sum to what is used
   * @param over what was served beyond what the units serve, in weighed tokens
   */
  public record Hour(
      Money purchase, Money used, Money unused, List<Money> shares, BigDecimal over) {}

  public CapacityPurchase {
    Terms.positive("capacity", units);
    if (perUnitHour.sign() < 0) {
      throw new IllegalArgumentException("a price is not below zero: " + perUnitHour);
    }
  }

  /** What an hour costs. */
  public Money perHour() {
    return perUnitHour.times(units);
  }

  /** What so many hours cost. */
  public Money cost(long hours) {
    return perHour().times(hours);
  }

  /** What all units serve in an hour, in weighed tokens; empty where that was not agreed. */
  public Optional<BigDecimal> servesPerHour() {
    return throughput.map(t -> t.inputTokensPerMinute().multiply(MINUTES).multiply(units));
  }

  /**
   * Divides an hour among the calls it served.
   *
   * @param weights what each call weighs, by {@link Throughput#weigh}
   * @throws IllegalArgumentException if no throughput was agreed
   */
  public Hour hour(List<BigDecimal> weights, Rounding rounding) {
    BigDecimal serves =
        servesPerHour()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "what one %s serves was not agreed; add throughput".formatted(unit)));
    BigDecimal served = BigDecimal.ZERO;
    for (BigDecimal weight : weights) {
      served = served.add(weight);
    }
    Money purchase = perHour();
    BigDecimal within = served.min(serves);
    // What is borne by calls has the decimals of a statement, so it never is above the purchase.
    Money most = new Rounding(RoundingMode.DOWN, rounding.decimals()).round(purchase).money();
    Money used =
        most.min(
            Money.of(
                rounding.divide(purchase.amount().multiply(within), serves), purchase.currency()));
    List<Money> shares = new ArrayList<>();
    if (served.signum() > 0) {
      shares.addAll(Allocation.byLargestRemainder(used, weights, rounding.decimals()));
    } else {
      weights.forEach(_ -> shares.add(Money.zero(purchase.currency())));
    }
    return new Hour(
        purchase, used, purchase.minus(used), List.copyOf(shares), served.subtract(within));
  }

  /**
   * From which utilisation on it is cheaper than paying for each token.
   *
   * @param payAsYouGo what a full hour's tokens would cost otherwise
   */
  public BigDecimal breakEven(Money payAsYouGo, Rounding rounding) {
    return rounding.divide(perHour().amount(), payAsYouGo.amount());
  }
}
