package dev.understudy.contract;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;

/**
 * A share of capacity and traffic that is to be elsewhere by and by, in a straight line.
 *
 * @param id the clause's id
 * @param awayFrom the party whose share falls
 * @param start the share elsewhere at the beginning
 * @param end the share elsewhere at the end
 * @param binding whether it is a term of the contract; else a goal
 */
public record SharePath(
    String id,
    Party awayFrom,
    Scope scope,
    Span window,
    BigDecimal start,
    BigDecimal end,
    boolean binding) {
  /** The share that should be elsewhere by an instant, from {@code start} to {@code end}. */
  public BigDecimal at(Instant instant) {
    if (instant.isBefore(window.from())) {
      return start;
    }
    if (window.isOver(instant) || window.to().isEmpty()) {
      return end;
    }
    var gone = BigDecimal.valueOf(instant.toEpochMilli() - window.from().toEpochMilli());
    var whole = BigDecimal.valueOf(window.to().get().toEpochMilli() - window.from().toEpochMilli());
    return start.add(end.subtract(start).multiply(gone).divide(whole, MathContext.DECIMAL64));
  }

  /**
   * How far it has come.
   *
   * @param target the share that should be elsewhere
   * @param byUnits the share of units bought that is elsewhere; absent amounts count as nowhere
   * @param byTokens the share of tokens served that was served elsewhere
   */
  public record Standing(BigDecimal target, BigDecimal byUnits, BigDecimal byTokens) {
    /** Whether it is behind by either measure. */
    public boolean isBehind() {
      return byUnits.compareTo(target) < 0 || byTokens.compareTo(target) < 0;
    }
  }

  /** How it stands, from amounts there and elsewhere. */
  public Standing standing(
      Instant instant,
      BigDecimal unitsThere,
      BigDecimal unitsElsewhere,
      BigDecimal tokensThere,
      BigDecimal tokensElsewhere) {
    return new Standing(
        at(instant), share(unitsElsewhere, unitsThere), share(tokensElsewhere, tokensThere));
  }

  /**
   * How it stands: units by the capacity that contracts in force buy, tokens by the attempts of a
   * span.
   *
   * @throws java.io.IOException if the attempts cannot be read
   */
  public Standing standing(
      ContractBook book, dev.understudy.exchange.Facts facts, Instant from, Instant until)
      throws java.io.IOException {
    var units = new BigDecimal[] {BigDecimal.ZERO, BigDecimal.ZERO};
    for (ContractVersion version : book.at(until)) {
      for (MoneyTerms.CapacityClause one : version.money().capacity()) {
        if (one.window().contains(until)) {
          int where = one.host().vendors().equals(awayFrom.vendors()) ? 0 : 1;
          units[where] = units[where].add(one.terms().units());
        }
      }
    }
    var tokens = new BigDecimal[] {BigDecimal.ZERO, BigDecimal.ZERO};
    facts.sums(
        from,
        until,
        dev.understudy.exchange.Facts.Grain.WHOLE,
        sum -> {
          boolean ofTokens = sum.item().startsWith("input.") || sum.item().startsWith("output.");
          Subject subject = Subject.of(sum.group());
          if (ofTokens && scope.matches(subject)) {
            int where = awayFrom.serves(subject) ? 0 : 1;
            tokens[where] = tokens[where].add(sum.quantity());
          }
        });
    return standing(until, units[0], units[1], tokens[0], tokens[1]);
  }

  private static BigDecimal share(BigDecimal elsewhere, BigDecimal there) {
    BigDecimal all = elsewhere.add(there);
    return all.signum() == 0
        ? BigDecimal.ZERO
        : elsewhere.divide(all, MathContext.DECIMAL64).stripTrailingZeros();
  }
}
