package dev.understudy.contract;

import dev.understudy.money.Money;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A share of sales that is owed by tiers of what was sold before: one function of the cumulative
 * base, of which each period takes the difference, so that it does not matter how time is cut.
 *
 * @param currency of all its amounts
 * @param base whether the share is of all that was sold, or of what deductions leave
 * @param deductions what is taken off a net base
 * @param schedule whether a tier's rate holds for what falls into it, or for everything
 * @param accumulation when the cumulative base begins anew
 * @param tiers rising; only the last has no end
 * @param guarantee the least that is owed for a whole contract year
 * @param cap the most that is ever owed
 * @param clawback whether a base below zero takes back what was owed, down the same tiers
 */
public record RevenueShare(
    Currency currency,
    Base base,
    Set<Deduction> deductions,
    Schedule schedule,
    Accumulation accumulation,
    List<Tier> tiers,
    Optional<Guarantee> guarantee,
    Optional<Cap> cap,
    boolean clawback) {

  /** What the share is taken of. */
  public enum Base {
    GROSS,
    NET
  }

  /** What may be taken off sales before they are shared. */
  public enum Deduction {
    TAX,
    REFUNDS,
    CREDITS,
    CHARGEBACKS,
    THIRD_PARTY_FEES
  }

  /** How tiers hold. */
  public enum Schedule {
    /** Each rate for the part of the base that falls into its tier. */
    MARGINAL,
    /** The rate of the tier that the base has come to, for all of the base. */
    WHOLE
  }

  /** Over which time the base adds up, and over which a cap holds. */
  public enum Accumulation {
    CONTRACT_YEAR,
    LIFETIME
  }

  /**
   * A rate.
   *
   * @param to the cumulative base up to which it holds, included; empty for the last one
   * @param rate from 0 to 1
   */
  public record Tier(Optional<BigDecimal> to, BigDecimal rate) {
    public Tier {
      Terms.fraction("a rate", rate);
      to.ifPresent(end -> Terms.positive("the end of a tier", end));
    }
  }

  /**
   * The least that is owed for a whole contract year; what a year lacks falls due at its end.
   *
   * @param recoupable whether what was paid beyond the share is taken off later shares
   */
  public record Guarantee(BigDecimal amount, boolean recoupable) {
    public Guarantee {
      Terms.positive("a guarantee", amount);
    }
  }

  /**
   * The most that is owed.
   *
   * @param carry whether what one year's cap cut off is owed in the next, as far as its cap allows
   */
  public record Cap(BigDecimal amount, Accumulation over, boolean carry) {
    public Cap {
      Terms.positive("a cap", amount);
      if (carry && over == Accumulation.LIFETIME) {
        throw new IllegalArgumentException(
            "a cap over the lifetime has nothing to carry into; leave carry out or cap each year");
      }
    }
  }

  /** One rate on one piece of the base; both may be below zero. */
  public record Slice(BigDecimal rate, BigDecimal base, BigDecimal share) {}

  /**
   * Where the share stands between two periods; exact.
   *
   * @param cumulative the base since it began to add up
   * @param cumulativeShare what the tiers make of the cumulative base
   * @param underCap what was earned since the cap last began to count
   * @param owedUnderCap what of it the cap let through
   * @param owed all that was ever owed, guarantees included
   * @param owedInYear what was owed in this contract year
   * @param advance what was paid as a guarantee and is still to be recouped
   */
  public record Standing(
      BigDecimal cumulative,
      BigDecimal cumulativeShare,
      BigDecimal underCap,
      BigDecimal owedUnderCap,
      BigDecimal owed,
      BigDecimal owedInYear,
      BigDecimal advance) {
    public static final Standing START =
        new Standing(
            BigDecimal.ZERO,
            BigDecimal.ZERO,
            BigDecimal.ZERO,
            BigDecimal.ZERO,
            BigDecimal.ZERO,
            BigDecimal.ZERO,
            BigDecimal.ZERO);
  }

  /**
   * What one period came to; exact.
   *
   * @param base what counted: never below zero without a clawback
   * @param slices sum to base and share
   * @param share by the tiers
   * @param notOwed what the cap took of it, or below zero what a carried remainder added
   * @param recouped what was taken off for guarantees paid before
   * @param trueUp what a guarantee added at the end of a year
   * @param owed the share, less what was not owed and what was recouped, and the true-up
   * @param capReached whether this period came to the cap
   */
  public record Step(
      BigDecimal base,
      List<Slice> slices,
      BigDecimal share,
      BigDecimal notOwed,
      BigDecimal recouped,
      BigDecimal trueUp,
      BigDecimal owed,
      boolean capReached,
      Standing after) {}

  public RevenueShare {
    deductions = Set.copyOf(deductions);
    tiers = List.copyOf(tiers);
    if (tiers.isEmpty()) {
      throw new IllegalArgumentException("a revenue share needs at least one tier");
    }
    if (base == Base.GROSS && !deductions.isEmpty()) {
      throw new IllegalArgumentException(
          "a share of gross sales has no deductions; write base: net, or leave deduct out");
    }
    BigDecimal last = BigDecimal.ZERO;
    for (int i = 0; i < tiers.size(); i++) {
      Optional<BigDecimal> to = tiers.get(i).to();
      if (to.isEmpty() != (i == tiers.size() - 1)) {
        throw new IllegalArgumentException(
            "every tier but the last has an end, and the last has none");
      }
      if (to.isPresent() && to.get().compareTo(last) <= 0) {
        throw new IllegalArgumentException(
            "a tier ends at %s, which is not above %s"
                .formatted(to.get().toPlainString(), last.toPlainString()));
      }
      last = to.orElse(last);
    }
    if (guarantee.isPresent()
        && cap.isPresent()
        && guarantee.get().amount().compareTo(cap.get().amount()) > 0) {
      throw new IllegalArgumentException(
          "the guarantee of %s is above the cap of %s"
              .formatted(
                  guarantee.get().amount().toPlainString(), cap.get().amount().toPlainString()));
    }
  }

  /** What the tiers make of a cumulative base; below zero at the first tier's rate. */
  public BigDecimal of(BigDecimal cumulative) {
    return sum(slices(BigDecimal.ZERO, cumulative));
  }

  /** What the tiers make of a step from one cumulative base to another, up or down. */
  public List<Slice> slices(BigDecimal from, BigDecimal step) {
    BigDecimal to = from.add(step);
    return switch (schedule) {
      case MARGINAL -> marginal(from, to);
      case WHOLE -> whole(from, to);
    };
  }

  private List<Slice> marginal(BigDecimal from, BigDecimal to) {
    var slices = new ArrayList<Slice>();
    BigDecimal low = from.min(to);
    BigDecimal high = from.max(to);
    boolean up = to.compareTo(from) >= 0;
    BigDecimal begin = low;
    for (Tier tier : tiers) {
      BigDecimal end = tier.to().map(high::min).orElse(high);
      if (end.compareTo(begin) > 0) {
        BigDecimal piece = up ? end.subtract(begin) : begin.subtract(end);
        slices.add(new Slice(tier.rate(), piece, piece.multiply(tier.rate())));
        begin = end;
      }
    }
    return up ? slices : slices.reversed();
  }

  /** The step at the new rate, and what went before from its old rate to the new one. */
  private List<Slice> whole(BigDecimal from, BigDecimal to) {
    var slices = new ArrayList<Slice>();
    BigDecimal rate = rate(to);
    BigDecimal step = to.subtract(from);
    if (step.signum() != 0) {
      slices.add(new Slice(rate, step, step.multiply(rate)));
    }
    BigDecimal change = rate.subtract(rate(from));
    if (change.signum() != 0 && from.signum() != 0) {
      slices.add(new Slice(change, BigDecimal.ZERO, from.multiply(change)));
    }
    return slices;
  }

  private BigDecimal rate(BigDecimal cumulative) {
    for (Tier tier : tiers) {
      if (tier.to().isEmpty() || cumulative.compareTo(tier.to().get()) <= 0) {
        return tier.rate();
      }
    }
    return tiers.getLast().rate();
  }

  private static BigDecimal sum(List<Slice> slices) {
    BigDecimal sum = BigDecimal.ZERO;
    for (Slice slice : slices) {
      sum = sum.add(slice.share());
    }
    return sum;
  }

  /**
   * What a period comes to.
   *
   * @param base what was sold less what is deducted; below zero where more was credited than sold
   * @param endsYear whether the period ends a whole contract year, at which a guarantee falls due
   */
  public Step step(Standing before, BigDecimal base, boolean endsYear) {
    BigDecimal counted = clawback ? base : base.max(BigDecimal.ZERO);
    List<Slice> slices = slices(before.cumulative(), counted);
    BigDecimal share = sum(slices);
    BigDecimal underCap = before.underCap().add(share);
    Optional<BigDecimal> most = cap.map(c -> c.amount().subtract(kept(before)));
    // A cap that came with a later version takes nothing back of what was owed before it.
    BigDecimal let = most.map(m -> underCap.min(m.max(before.owedUnderCap()))).orElse(underCap);
    BigDecimal due = let.subtract(before.owedUnderCap());
    BigDecimal recouped = due.min(before.advance()).max(BigDecimal.ZERO);
    BigDecimal owedInYear = before.owedInYear().add(due).subtract(recouped);
    BigDecimal owed = before.owed().add(due).subtract(recouped);
    BigDecimal advance = before.advance().subtract(recouped);
    BigDecimal trueUp = endsYear ? trueUp(owed, owedInYear) : BigDecimal.ZERO;
    if (guarantee.filter(Guarantee::recoupable).isPresent()) {
      advance = advance.add(trueUp);
    }
    boolean reached =
        most.isPresent()
            && let.compareTo(most.get()) == 0
            && before.owedUnderCap().compareTo(most.get()) < 0;
    var after =
        new Standing(
            before.cumulative().add(counted),
            before.cumulativeShare().add(share),
            underCap,
            let,
            owed.add(trueUp),
            owedInYear.add(trueUp),
            advance);
    return new Step(
        counted,
        slices,
        share,
        share.subtract(due),
        recouped,
        trueUp,
        due.subtract(recouped).add(trueUp),
        reached,
        after);
  }

  /**
   * What takes room under a cap over the lifetime beside shares: what guarantees added for good.
   */
  private BigDecimal kept(Standing before) {
    boolean lifetime = cap.orElseThrow().over() == Accumulation.LIFETIME;
    return lifetime
        ? before.owed().subtract(before.advance()).subtract(before.owedUnderCap())
        : BigDecimal.ZERO;
  }

  private BigDecimal trueUp(BigDecimal owed, BigDecimal owedInYear) {
    if (guarantee.isEmpty()) {
      return BigDecimal.ZERO;
    }
    BigDecimal missing = guarantee.get().amount().subtract(owedInYear).max(BigDecimal.ZERO);
    if (cap.isEmpty()) {
      return missing;
    }
    BigDecimal soFar = cap.get().over() == Accumulation.LIFETIME ? owed : owedInYear;
    return missing.min(cap.get().amount().subtract(soFar).max(BigDecimal.ZERO));
  }

  /** The standing with which a new contract year begins. */
  public Standing newYear(Standing last) {
    boolean anew = accumulation == Accumulation.CONTRACT_YEAR;
    boolean yearlyCap = cap.isPresent() && cap.get().over() == Accumulation.CONTRACT_YEAR;
    BigDecimal carried =
        yearlyCap && cap.get().carry()
            ? last.underCap().subtract(last.owedUnderCap())
            : BigDecimal.ZERO;
    return new Standing(
        anew ? BigDecimal.ZERO : last.cumulative(),
        anew ? BigDecimal.ZERO : last.cumulativeShare(),
        yearlyCap ? carried : last.underCap(),
        yearlyCap ? BigDecimal.ZERO : last.owedUnderCap(),
        last.owed(),
        BigDecimal.ZERO,
        last.advance());
  }

  /** An amount in its currency. */
  public Money money(BigDecimal amount) {
    return Money.of(amount, currency);
  }
}
