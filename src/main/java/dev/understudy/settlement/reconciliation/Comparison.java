package dev.understudy.settlement.reconciliation;

import dev.understudy.money.Money;
import dev.understudy.money.Rounding;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

/** Says why what a bill asks for one model and meter differs from what we reckon for it. */
final class Comparison {
  /** A binary fraction of 64 bits is right to 15 digits; sums of many lines lose some of them. */
  private static final BigDecimal NOISE = new BigDecimal("0.000000001");

  private static final int NOISE_DECIMALS = 10;
  private static final int CENTS = 2;
  private static final Rounding RATE = new Rounding(RoundingMode.HALF_EVEN, 15);

  private final BillSide bill;
  private final Midnight midnight;
  private final Rates rates;
  private final Currency currency;

  Comparison(BillSide bill, Midnight midnight, Rates rates, Currency currency) {
    this.bill = bill;
    this.midnight = midnight;
    this.rates = rates;
    this.currency = currency;
  }

  /** Adds findings that sum to the difference. */
  void compare(
      LocalDate day, OwnSide.Key key, OwnCell cell, List<Billed> lines, List<Finding> findings) {
    BigDecimal amount = BigDecimal.ZERO;
    int decimals = 0;
    int count = 0;
    for (Billed line : lines) {
      amount = amount.add(line.amount());
      decimals = Math.max(decimals, line.decimals());
      count += line.lines();
    }
    BigDecimal rest = amount.subtract(cell.amount());
    String name = key.toString();
    if (rest.signum() == 0) {
      return;
    }
    Optional<Finding> written = writing(name, rest, amount, decimals, count);
    if (written.isPresent()) {
      findings.add(written.get());
      return;
    }
    if (cell.unpriced().signum() > 0 && rest.signum() > 0) {
      findings.add(
          new Finding(
              Finding.Kind.NO_PRICE,
              name,
              Money.of(rest, currency),
              "%s without a price here".formatted(cell.unpriced().toPlainString()),
              Money.of(cell.suspense(), currency)));
      return;
    }
    Optional<BigDecimal> quantity = bill.quantity(day, key, lines);
    if (quantity.isPresent() && quantity.get().signum() > 0) {
      rest = byQuantity(day, key, cell, amount, quantity.get(), rest, findings);
      if (rest.signum() == 0 || writing(name, rest, amount, decimals, count).isPresent()) {
        writing(name, rest, amount, decimals, count).ifPresent(findings::add);
        return;
      }
      byPrice(day, key, cell, lines, amount, quantity.get(), rest, findings);
      return;
    }
    byAmount(day, key, cell, lines, amount, rest, findings);
  }

  /** What the way an amount is written explains. */
  Optional<Finding> writing(
      String name, BigDecimal rest, BigDecimal amount, int decimals, int lines) {
    if (rest.signum() == 0) {
      return Optional.empty();
    }
    if (decimals >= NOISE_DECIMALS
        && rest.abs().compareTo(amount.abs().multiply(NOISE).max(NOISE.multiply(NOISE))) <= 0) {
      return Optional.of(
          finding(Finding.Kind.FLOAT_NOISE, name, rest, "the bill's number is a binary fraction"));
    }
    // A 2 may be 2.00, but nobody rounds to whole dollars.
    int kept = Math.max(decimals, CENTS);
    BigDecimal half =
        BigDecimal.ONE
            .movePointLeft(kept)
            .multiply(new BigDecimal("0.5"))
            .multiply(BigDecimal.valueOf(lines));
    return decimals < NOISE_DECIMALS && rest.abs().compareTo(half) <= 0
        ? Optional.of(
            finding(
                Finding.Kind.ROUNDING,
                name,
                rest,
                "the bill is rounded to %d decimals".formatted(kept)))
        : Optional.empty();
  }

  /**
   * What different quantities explain, at the bill's own rate.
   *
   * @return what is left to be explained
   */
  private BigDecimal byQuantity(
      LocalDate day,
      OwnSide.Key key,
      OwnCell cell,
      BigDecimal amount,
      BigDecimal quantity,
      BigDecimal rest,
      List<Finding> findings) {
    BigDecimal more = quantity.subtract(cell.quantity());
    if (more.signum() == 0) {
      return rest;
    }
    BigDecimal worth = RATE.divide(amount.multiply(more), quantity);
    String text =
        "the vendor counts %s, we %s"
            .formatted(quantity.toPlainString(), cell.quantity().toPlainString());
    Finding.Kind kind;
    if (midnight.byQuantity(day, key, more)) {
      kind = Finding.Kind.MIDNIGHT;
    } else if (more.abs().compareTo(cell.estimatedQuantity()) <= 0) {
      kind = Finding.Kind.ESTIMATED;
      text += ", of which %s are our estimate".formatted(cell.estimatedQuantity().toPlainString());
    } else if (more.signum() > 0) {
      kind = Finding.Kind.OUTSIDE;
    } else {
      kind = Finding.Kind.UNEXPLAINED;
    }
    findings.add(finding(kind, key.toString(), worth, text));
    return rest.subtract(worth);
  }

  /** What another price than ours explains, the quantities being the same or done with. */
  private void byPrice(
      LocalDate day,
      OwnSide.Key key,
      OwnCell cell,
      List<Billed> lines,
      BigDecimal amount,
      BigDecimal quantity,
      BigDecimal rest,
      List<Finding> findings) {
    Optional<Finding> tier = tier(key, cell, lines, rest);
    if (tier.isPresent()) {
      findings.add(tier.get());
      return;
    }
    BigDecimal each = RATE.divide(amount, quantity);
    String text =
        cell.quantity().signum() == 0
            ? "billed at %s for one".formatted(Close.plain(each))
            : "billed at %s for one, ours is %s"
                .formatted(
                    Close.plain(each), Close.plain(RATE.divide(cell.amount(), cell.quantity())));
    Optional<String> version = Optional.empty();
    for (String item : cell.items()) {
      version = version.isPresent() ? version : rates.named(key.model(), item, each, day);
    }
    findings.add(
        finding(
            version.isPresent() ? Finding.Kind.PRICE : Finding.Kind.UNEXPLAINED,
            key.toString(),
            rest,
            version
                .map(name -> text + ": the price " + name)
                .orElse(text + ", and no version of a price says so")));
  }

  /** A class of service that the bill names and we do not, or the other way. */
  private Optional<Finding> tier(
      OwnSide.Key key, OwnCell cell, List<Billed> lines, BigDecimal rest) {
    for (Billed line : lines) {
      String tier = line.tier().isEmpty() ? "standard" : line.tier();
      if (!line.tier().isEmpty() && !cell.tiers().contains(tier)) {
        return Optional.of(
            finding(
                tier.equals("batch") ? Finding.Kind.BATCH : Finding.Kind.TIER,
                key.toString(),
                rest,
                "billed as %s, and our calls were %s"
                    .formatted(tier, String.join(", ", cell.tiers()))));
      }
    }
    return Optional.empty();
  }

  /** Without quantities only amounts can tell. */
  private void byAmount(
      LocalDate day,
      OwnSide.Key key,
      OwnCell cell,
      List<Billed> lines,
      BigDecimal amount,
      BigDecimal rest,
      List<Finding> findings) {
    Optional<Finding> tier = tier(key, cell, lines, rest);
    if (tier.isPresent()) {
      findings.add(tier.get());
    } else if (midnight.byAmount(day, key, rest)) {
      findings.add(
          finding(
              Finding.Kind.MIDNIGHT,
              key.toString(),
              rest,
              "the day beside it differs by as much the other way"));
    } else if (rest.abs().compareTo(cell.estimatedAmount()) <= 0) {
      findings.add(
          finding(
              Finding.Kind.ESTIMATED,
              key.toString(),
              rest,
              "%s of ours is estimated".formatted(Close.plain(cell.estimatedAmount()))));
    } else {
      findings.add(
          finding(
              Finding.Kind.UNEXPLAINED,
              key.toString(),
              rest,
              "billed %s, ours %s; no quantity is stated"
                  .formatted(Close.plain(amount), Close.plain(cell.amount()))));
    }
  }

  private Finding finding(Finding.Kind kind, String line, BigDecimal amount, String text) {
    return new Finding(kind, line, Money.of(amount, currency), text);
  }
}
