package dev.understudy.contract;

import dev.understudy.money.Rounding;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

/**
 * A part of another party's distributable profits, in stages of what was paid before, up to a cap.
 *
 * @param currency of all its amounts
 * @param stages rising by what was paid; only the last has no end
 * @param cap the most that is ever paid
 * @param onCap the event that is told when the cap is reached
 */
public record ProfitParticipation(
    Currency currency, List<Stage> stages, Optional<Cap> cap, Optional<String> onCap) {
  private static final int YEARS_MAX = 200;

  /**
   * A rate.
   *
   * @param untilPaid the cumulative payment at which it ends; empty for the last one
   * @param rate from 0 to 1
   */
  public record Stage(Optional<BigDecimal> untilPaid, BigDecimal rate) {
    public Stage {
      Terms.fraction("a rate", rate);
      untilPaid.ifPresent(end -> Terms.positive("the end of a stage", end));
    }
  }

  /**
   * The most that is ever paid.
   *
   * @param growth by which it grows each contract year, such as 0.2; empty if it does not
   */
  public record Cap(BigDecimal amount, Optional<BigDecimal> growth) {
    public Cap {
      Terms.positive("a cap", amount);
      growth.ifPresent(rate -> Terms.notNegative("a growth", rate));
    }

    /** The cap after so many whole contract years; exact. */
    public BigDecimal after(int years) {
      if (years < 0 || years > YEARS_MAX) {
        throw new IllegalArgumentException(years + " contract years");
      }
      return growth
          .map(rate -> amount.multiply(BigDecimal.ONE.add(rate).pow(years)))
          .orElse(amount);
    }
  }

  /** What was paid in one stage. */
  public record Slice(BigDecimal rate, BigDecimal paid) {}

  /**
   * What one profit came to.
   *
   * @param slices by stage; they sum to what is paid
   * @param beyond what of the profit was left when the cap was reached, rounded
   * @param capReached whether this payment came to the cap
   */
  public record Payment(
      BigDecimal paid,
      List<Slice> slices,
      BigDecimal beyond,
      boolean capReached,
      BigDecimal cumulative) {}

  public ProfitParticipation {
    stages = List.copyOf(stages);
    if (stages.isEmpty()) {
      throw new IllegalArgumentException("a profit participation needs at least one stage");
    }
    BigDecimal last = BigDecimal.ZERO;
    for (int i = 0; i < stages.size(); i++) {
      Optional<BigDecimal> until = stages.get(i).untilPaid();
      if (until.isEmpty() != (i == stages.size() - 1)) {
        throw new IllegalArgumentException(
            "every stage but the last has an end, and the last has none");
      }
      if (until.isPresent() && until.get().compareTo(last) <= 0) {
        throw new IllegalArgumentException(
            "a stage ends at %s, which is not above %s"
                .formatted(until.get().toPlainString(), last.toPlainString()));
      }
      if (until.isPresent() && stages.get(i).rate().signum() == 0) {
        throw new IllegalArgumentException(
            "a stage at rate 0 never ends: %s is not reached"
                .formatted(until.get().toPlainString()));
      }
      last = until.orElse(last);
    }
  }

  /**
   * What is paid of a profit.
   *
   * @param paidBefore what was paid of all profits before
   * @param profit to be distributed; nothing is paid of a loss
   * @param years whole contract years that have passed, by which a cap may have grown
   * @param rounding of what is paid
   */
  public Payment pay(BigDecimal paidBefore, BigDecimal profit, int years, Rounding rounding) {
    Optional<BigDecimal> most = cap.map(c -> c.after(years));
    var slices = new ArrayList<Slice>();
    BigDecimal cumulative = paidBefore;
    // What is left of the profit, as a fraction: a stage may end after a third of it.
    BigDecimal left = profit.max(BigDecimal.ZERO);
    BigDecimal parts = BigDecimal.ONE;
    boolean atCap = false;
    for (Stage stage : stages) {
      Optional<BigDecimal> end = lower(stage.untilPaid(), most);
      if (end.isPresent()
          && end.get().compareTo(cumulative) <= 0
          && stage.untilPaid().isPresent()) {
        continue;
      }
      if (left.signum() == 0 || stage.rate().signum() == 0) {
        break;
      }
      BigDecimal wanted = left.multiply(stage.rate());
      Optional<BigDecimal> room = end.map(cumulative.negate()::add).map(BigDecimal.ZERO::max);
      boolean fills = room.isPresent() && wanted.compareTo(room.get().multiply(parts)) >= 0;
      BigDecimal paid = fills ? room.get() : rounding.divide(wanted, parts);
      paid = room.map(paid::min).orElse(paid);
      if (paid.signum() > 0) {
        slices.add(new Slice(stage.rate(), paid));
        cumulative = cumulative.add(paid);
      }
      if (!fills) {
        left = BigDecimal.ZERO;
        break;
      }
      // Exact: left - room / rate, over one more factor.
      left = wanted.subtract(room.get().multiply(parts));
      parts = parts.multiply(stage.rate());
    }
    if (most.isPresent() && cumulative.compareTo(most.get()) >= 0) {
      atCap = true;
    }
    BigDecimal paid = cumulative.subtract(paidBefore);
    // A rate of 1 may round above the profit itself.
    BigDecimal excess = paid.subtract(profit.max(BigDecimal.ZERO)).max(BigDecimal.ZERO);
    if (excess.signum() > 0) {
      Slice last = slices.removeLast();
      slices.add(new Slice(last.rate(), last.paid().subtract(excess)));
      cumulative = cumulative.subtract(excess);
      paid = paid.subtract(excess);
    }
    boolean reached = atCap && paidBefore.compareTo(most.orElse(paidBefore)) < 0;
    return new Payment(
        paid,
        List.copyOf(slices),
        atCap ? rounding.divide(left, parts) : BigDecimal.ZERO,
        reached,
        cumulative);
  }

  private static Optional<BigDecimal> lower(Optional<BigDecimal> one, Optional<BigDecimal> other) {
    if (one.isPresent() && other.isPresent()) {
      return Optional.of(one.get().min(other.get()));
    }
    return one.isPresent() ? one : other;
  }
}
