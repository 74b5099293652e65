package dev.understudy.settlement.reconciliation;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;

/** Whether a difference is use that one side counts on a day and the other on the day beside it. */
final class Midnight {
  private final BillSide bill;
  private final OwnSide own;

  Midnight(BillSide bill, OwnSide own) {
    this.bill = bill;
    this.own = own;
  }

  /** Whether the day before or after differs the other way, by what came near midnight. */
  boolean byQuantity(LocalDate day, OwnSide.Key key, BigDecimal more) {
    OwnCell today = own.day(day).getOrDefault(key, new OwnCell());
    OwnCell yesterday = own.day(day.minusDays(1)).getOrDefault(key, new OwnCell());
    Optional<BigDecimal> before = moreThanOurs(day.minusDays(1), key, yesterday);
    OwnCell tomorrow = own.day(day.plusDays(1)).getOrDefault(key, new OwnCell());
    Optional<BigDecimal> after = moreThanOurs(day.plusDays(1), key, tomorrow);
    boolean came =
        before.isPresent()
            && more.signum() > 0
            && before.get().negate().compareTo(more) == 0
            && more.compareTo(yesterday.lateQuantity()) <= 0;
    boolean went =
        after.isPresent()
            && more.signum() < 0
            && after.get().negate().compareTo(more) == 0
            && more.negate().compareTo(today.lateQuantity()) <= 0;
    return came || went;
  }

  private Optional<BigDecimal> moreThanOurs(LocalDate day, OwnSide.Key key, OwnCell cell) {
    return bill.quantity(day, key, bill.of(day, key))
        .map(quantity -> quantity.subtract(cell.quantity()));
  }

  /** The same by amounts, where the bill has no quantities. */
  boolean byAmount(LocalDate day, OwnSide.Key key, BigDecimal rest) {
    boolean came = rest.signum() > 0;
    LocalDate other = came ? day.minusDays(1) : day.plusDays(1);
    OwnCell late = own.day(came ? other : day).getOrDefault(key, new OwnCell());
    OwnCell beside = own.day(other).getOrDefault(key, new OwnCell());
    if (!bill.has(other)) {
      return false;
    }
    BigDecimal billed = BigDecimal.ZERO;
    for (Billed line : bill.of(other, key)) {
      billed = billed.add(line.amount());
    }
    BigDecimal theirs = billed.subtract(beside.amount());
    return theirs.signum() == -rest.signum()
        && Close.near(theirs.negate(), rest, Close.SAME)
        && rest.abs().compareTo(late.lateAmount()) <= 0;
  }
}
