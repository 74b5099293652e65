package dev.understudy.settlement.figures;

import dev.understudy.money.Rounding;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

/**
 * What one group came to, in one currency; amounts are exact.
 *
 * @param names under each dimension, in the order asked for
 * @param input tokens that went in
 * @param output tokens that came out
 * @param spend at our prices; of capacity that was bought by the hour the part that was used, and
 *     on rows of their own what nobody used
 * @param list at the vendors' published lists; what has no list price counts at ours
 * @param suspense what budgets count for what has no price; it is in no other figure
 * @param revenue what customers are charged for it, or were; empty where nobody is
 */
public record Figure(
    List<String> names,
    Currency currency,
    BigDecimal input,
    BigDecimal output,
    BigDecimal spend,
    BigDecimal list,
    BigDecimal suspense,
    Optional<BigDecimal> revenue) {
  private static final Rounding SHARE = new Rounding(RoundingMode.HALF_EVEN, 4);

  public Figure {
    names = List.copyOf(names);
  }

  /** Revenue less spend. */
  public Optional<BigDecimal> margin() {
    return revenue.map(sum -> sum.subtract(spend));
  }

  /** Our price over the list's, 1 being the list; empty where the list comes to nothing. */
  public Optional<BigDecimal> againstList() {
    return list.signum() == 0 ? Optional.empty() : Optional.of(SHARE.divide(spend, list));
  }
}
