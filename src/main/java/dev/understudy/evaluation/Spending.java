package dev.understudy.evaluation;

import dev.understudy.money.Money;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run's answers took from one target or judge.
 *
 * @param asked answers of this run
 * @param kept answers that an earlier run had paid for
 * @param inputTokens of the answers of this run, as the vendor counted
 * @param paid in each currency, for the answers of this run that have a price
 * @param unpriced answers of this run without a price
 */
public record Spending(
    String target,
    int asked,
    int kept,
    long inputTokens,
    long outputTokens,
    Map<String, Money> paid,
    int unpriced) {
  private static final int DIGITS = 3;

  public Spending {
    paid = Map.copyOf(paid);
  }

  /** Of somebody who was not asked yet. */
  public static Spending of(String target) {
    return new Spending(target, 0, 0, 0, 0, Map.of(), 0);
  }

  /** With one answer more. */
  public Spending and(boolean before, Answer answer, Costs costs) {
    if (before || !(answer instanceof Answer.Given given)) {
      return new Spending(
          target,
          asked + (before ? 0 : 1),
          kept + (before ? 1 : 0),
          inputTokens,
          outputTokens,
          paid,
          unpriced);
    }
    var cost = costs.of(given);
    var sums = new TreeMap<String, Money>(paid);
    cost.ifPresent(money -> sums.merge(money.currency().getCurrencyCode(), money, Money::plus));
    return new Spending(
        target,
        asked + 1,
        kept,
        inputTokens + given.inputTokens(),
        outputTokens + given.outputTokens(),
        sums,
        unpriced + (cost.isPresent() ? 0 : 1));
  }

  /** Without what was spent by an earlier moment. */
  public Spending less(Spending then) {
    var rest = new TreeMap<String, Money>();
    paid.forEach((currency, money) -> {
      Money before = then.paid().get(currency);
      rest.put(currency, before == null ? money : money.minus(before));
    });
    return new Spending(
        target,
        asked - then.asked(),
        kept - then.kept(),
        inputTokens - then.inputTokens(),
        outputTokens - then.outputTokens(),
        rest,
        unpriced - then.unpriced());
  }

  /** All together, as a person reads it; with what has no price. */
  public static String total(List<Spending> all) {
    var sums = new TreeMap<String, Money>();
    int unpriced = 0;
    for (Spending one : all) {
      one.paid().forEach((currency, money) -> sums.merge(currency, money, Money::plus));
      unpriced += one.unpriced();
    }
    var parts = new ArrayList<String>();
    sums.values().forEach(money -> parts.add(text(money)));
    if (unpriced > 0) {
      parts.add(unpriced + " answers without a price");
    }
    return parts.isEmpty() ? "nothing" : String.join(" and ", parts);
  }

  /** With as many digits as tell something. */
  public static String text(Money money) {
    BigDecimal amount = money.amount();
    BigDecimal shown =
        amount.abs().compareTo(BigDecimal.TEN) >= 0
            ? amount.setScale(2, RoundingMode.HALF_UP)
            : amount.round(new MathContext(DIGITS, RoundingMode.HALF_UP));
    return shown.toPlainString() + " " + money.currency().getCurrencyCode();
  }
}
