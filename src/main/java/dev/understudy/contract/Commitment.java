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
 * @param amount how much in all; of capacity, how many units in every hour
 * @param unit what the amount is in: a currency's code, tokens, units of capacity
 * @param to not included
 * @param floorPerMonth what each month counts for at the least; the difference is billed with it
 * @param shortfall what becomes of what was not used by the end
 * @param rollover how much of it may still be used afterwards, and for how long
 * @param prepay what part of the amount was paid ahead
 * @param counts at which prices usage counts
 * @param price of one token, or of one unit for an hour, that was promised and not used; empty
 *     where that was not agreed, and for money
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
    Counts counts,
    Optional<BigDecimal> price) {

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

  /** One that does not say what a unit that was not used costs. */
  public Commitment(
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
    this(
        kind,
        amount,
        unit,
        from,
        to,
        floorPerMonth,
        shortfall,
        rollover,
        prepay,
        counts,
        Optional.empty());
  }

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
    price.ifPresent(each -> Terms.notNegative("a price", each));
    if (kind == Kind.SPEND && price.isPresent()) {
      throw new IllegalArgumentException("what is promised in money has no price of its own");
    }
    if (prepay.isPresent() && kind != Kind.SPEND && price.isEmpty()) {
      throw new IllegalArgumentException(
          "a part of so many %s is paid ahead, and nothing says what one costs; add price"
              .formatted(unit));
    }
    if (prepay.filter(paid -> paid.at().isBefore(from) || !paid.at().isBefore(to)).isPresent()) {
      throw new IllegalArgumentException(
          "it is paid ahead on %s, outside of its own time from %s to %s"
              .formatted(prepay.get().at(), from, to));
    }
  }

  /** The same for a part of a month, since floors hold for whole ones. */
  public Commitment withoutFloor() {
    return new Commitment(
        kind, amount, unit, from, to, Optional.empty(), shortfall, rollover, prepay, counts, price);
  }

  /**
   * The same with capacity counted in units times hours, since it is promised for every hour; of
   * anything else the same.
   *
   * @param monthHours the hours of the month that is looked at, for which its floor holds
   */
  public Commitment inUnitHours(long monthHours) {
    return kind != Kind.CAPACITY
        ? this
        : new Commitment(
            kind,
            amount.multiply(BigDecimal.valueOf(hours())),
            unit + "-hours",
            from,
            to,
            floorPerMonth.map(floor -> floor.multiply(BigDecimal.valueOf(monthHours))),
            shortfall,
            rollover,
            prepay,
            counts,
            price);
  }

  /** Its begun hours. */
  private long hours() {
    return Duration.between(from, to).plusHours(1).minusNanos(1).toHours();
  }

  /** What is paid ahead, in money; empty if nothing is. */
  public Optional<BigDecimal> paidAhead() {
    BigDecimal whole = amount.multiply(price.orElse(BigDecimal.ONE));
    BigDecimal all = kind == Kind.CAPACITY ? whole.multiply(BigDecimal.valueOf(hours())) : whole;
    return prepay.map(paid -> all.multiply(paid.part()));
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
        prepay.filter(paid -> paid.at().isBefore(end)),
        counts,
        price);
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
