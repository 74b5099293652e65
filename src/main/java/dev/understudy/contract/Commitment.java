package dev.understudy.contract;

import dev.understudy.money.Rounding;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is promised to be used within a span: an amount, a floor for each month, and what becomes of
 * what is not used.
 *
 * @param kind what is counted against it
 * @param unit what the amount is in: a currency's code, tokens, units of capacity
 * @param to not included
 * @param floorPerMonth what each month counts for at the least; the difference is billed with it
 * @param shortfall what becomes of what was not used by the end
 * @param rollover how much of it may still be used afterwards, and for how long
 * @param prepay what part of the amount was paid ahead
 * @param counts at which prices usage counts
 */
public record Commitment(
    Kind kind,
    BigDecimal amount,
    String unit,
    Instant from,
    Instant to,
    Optional<BigDecimal> floorPerMonth,
    Shortfall shortfall,
    Optional<Rollover> rollover,
    Optional<Prepay> prepay,
    Counts counts) {

  /** What is counted. */
  public enum Kind {
    SPEND,
    USAGE,
    CAPACITY
  }

  /** What becomes of what was not used. */
  public enum Shortfall {
    /** It is billed at the end. */
    PAY,
    /** It may be used afterwards, as far as the rollover allows; the rest is billed. */
    ROLL,
    /** It is lost if it was paid ahead, and not billed if it was not. */
    FORFEIT
  }

  /** At which prices usage counts. */
  public enum Counts {
    CONTRACTED,
    LIST
  }

  /**
   * What may be used afterwards.
   *
   * @param part of the amount, from 0 to 1
   * @param months after the end
   */
  public record Rollover(BigDecimal part, int months) {
    public Rollover {
      Terms.fraction("a rollover", part);
      if (months < 1) {
        throw new IllegalArgumentException("a rollover lasts a month or more, not " + months);
      }
    }
  }

  /** What part of the amount is paid ahead, and when. */
  public record Prepay(BigDecimal part, Instant at) {
    public Prepay {
      Terms.fraction("a prepayment", part);
    }
  }

  /**
   * Where a commitment stands between two months; exact.
   *
   * @param counted what was used or billed as a floor's true-up so far
   * @param used what was really used so far
   */
  public record Standing(BigDecimal counted, BigDecimal used) {
    public static final Standing START = new Standing(BigDecimal.ZERO, BigDecimal.ZERO);
  }

  /**
   * What a month came to; exact.
   *
   * @param trueUp what the floor adds to the month's bill
   * @param remaining of the commitment after it, never below zero
   * @param shortfall what the last month finds unused
   * @param due what of the shortfall is billed now
   * @param rolled what of it may be used afterwards
   * @param lost what of it is gone
   */
  public record Month(
      BigDecimal used,
      BigDecimal trueUp,
      BigDecimal remaining,
      BigDecimal shortfall,
      BigDecimal due,
      BigDecimal rolled,
      BigDecimal lost,
      Standing after) {}

  public Commitment {
    Terms.positive("a commitment", amount);
    floorPerMonth.ifPresent(floor -> Terms.positive("a floor", floor));
    if (!from.isBefore(to)) {
      throw new IllegalArgumentException("a commitment from %s to %s is none".formatted(from, to));
    }
    if ((shortfall == Shortfall.ROLL) != rollover.isPresent()) {
      throw new IllegalArgumentException(
          "shortfall: roll and a rollover belong together; one is there without the other");
    }
  }

  /** The same for a part of a month, since floors hold for whole ones. */
  public Commitment withoutFloor() {
    return new Commitment(
        kind, amount, unit, from, to, Optional.empty(), shortfall, rollover, prepay, counts);
  }

  /** The same, ended before its time: nothing is billed for what is left of it. */
  public Commitment endedAt(Instant end) {
    return new Commitment(
        kind,
        amount,
        unit,
        from,
        end,
        floorPerMonth,
        Shortfall.FORFEIT,
        Optional.empty(),
        prepay,
        counts);
  }

  /**
   * What a month comes to.
   *
   * @param used in the month, by what it counts
   * @param ends whether the commitment ends with it
   */
  public Month month(Standing before, BigDecimal used, boolean ends) {
    BigDecimal left = amount.subtract(before.counted()).max(BigDecimal.ZERO);
    BigDecimal trueUp =
        floorPerMonth
            .map(floor -> floor.subtract(used).max(BigDecimal.ZERO))
            .orElse(BigDecimal.ZERO)
            // Whoever has used up the commitment owes no floor any more.
            .min(left.subtract(used).max(BigDecimal.ZERO));
    BigDecimal counted = before.counted().add(used).add(trueUp);
    BigDecimal remaining = amount.subtract(counted).max(BigDecimal.ZERO);
    BigDecimal missing = ends ? remaining : BigDecimal.ZERO;
    BigDecimal rolled =
        rollover.map(r -> amount.multiply(r.part()).min(missing)).orElse(BigDecimal.ZERO);
    BigDecimal due =
        switch (shortfall) {
          case PAY, ROLL -> missing.subtract(rolled);
          case FORFEIT -> BigDecimal.ZERO;
        };
    return new Month(
        used,
        trueUp,
        remaining,
        missing,
        due,
        rolled,
        missing.subtract(rolled).subtract(due),
        new Standing(counted, before.used().add(used)));
  }

  /**
   * How hard a commitment presses: what must be used a day from now on, over what is used a day
   * now. Above 1 it will not be used up; {@link Optional#empty} where nothing is used at all.
   *
   * @param remaining of the commitment
   * @param usedPerDay the current rate
   */
  public Optional<BigDecimal> burnPressure(
      BigDecimal remaining, Instant now, BigDecimal usedPerDay, Rounding rounding) {
    if (remaining.signum() <= 0 || !now.isBefore(to)) {
      return Optional.of(BigDecimal.ZERO);
    }
    if (usedPerDay.signum() <= 0) {
      return Optional.empty();
    }
    Instant begun = now.isBefore(from) ? from : now;
    // remaining / days / rate = remaining * day / (span * rate), divided once.
    BigDecimal day = BigDecimal.valueOf(Duration.ofDays(1).toMillis());
    BigDecimal span = BigDecimal.valueOf(Duration.between(begun, to).toMillis());
    return Optional.of(rounding.divide(remaining.multiply(day), span.multiply(usedPerDay)));
  }

  /** What one more unit costs now: nothing while the commitment is paid for anyway. */
  public BigDecimal marginal(BigDecimal remaining, BigDecimal price) {
    return remaining.signum() > 0 ? BigDecimal.ZERO : price;
  }
}
