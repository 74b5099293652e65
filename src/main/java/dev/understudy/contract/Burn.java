package dev.understudy.contract;

import dev.understudy.contract.MoneyTerms.CommitmentClause;
import dev.understudy.exchange.Facts;
import dev.understudy.money.Rounding;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which commitments press: at the current rate they will not be used up, so what is sent their way
 * costs nothing more.
 *
 * @param all one for each commitment in force
 */
public record Burn(List<Pressure> all) {
  /** Nothing presses. */
  public static final Burn NONE = new Burn(List.of());

  private static final int RATE_DAYS = 7;
  private static final Rounding RATIO = new Rounding(RoundingMode.HALF_EVEN, 4);

  public Burn {
    all = List.copyOf(all);
  }

  /**
   * How a commitment presses.
   *
   * @param remaining of it
   * @param perDay what is used of it a day now
   * @param pressure what must be used a day over what is; empty where nothing is used at all
   */
  public record Pressure(
      Basis basis,
      CommitmentClause clause,
      BigDecimal remaining,
      BigDecimal perDay,
      Optional<BigDecimal> pressure) {
    /** Whether it would not be used up at this rate. */
    public boolean presses() {
      return remaining.signum() > 0
          && pressure.map(ratio -> ratio.compareTo(BigDecimal.ONE) > 0).orElse(true);
    }
  }

  /** Whether what a target is sent is paid for anyhow. */
  public boolean prefers(String vendor, String kind, String model) {
    for (Pressure one : all) {
      if (one.presses()
          && one.clause().creditor().serves(vendor, kind)
          && one.clause().eligible().matchesTarget(vendor, kind, model)) {
        return true;
      }
    }
    return false;
  }

  /**
   * How commitments in force press, by the attempts that were made.
   *
   * @throws IOException if they cannot be read
   */
  public static Burn of(ContractBook book, Facts facts, Instant now) throws IOException {
    var all = new ArrayList<Pressure>();
    for (ContractVersion version : book.at(now)) {
      for (CommitmentClause clause : version.money().commitments()) {
        Commitment terms = clause.terms();
        boolean running = !now.isBefore(terms.from()) && now.isBefore(terms.to());
        if (running
            && terms.kind() != Commitment.Kind.CAPACITY
            && !clause.creditor().vendors().isEmpty()) {
          all.add(pressure(version.basis(clause.id()), clause, facts, now));
        }
      }
    }
    return new Burn(all);
  }

  private static Pressure pressure(Basis basis, CommitmentClause clause, Facts facts, Instant now)
      throws IOException {
    Commitment terms = clause.terms();
    // Whole hours are kept summed up, so that years are read as fast as days.
    Instant until = now.truncatedTo(ChronoUnit.HOURS);
    Instant from = terms.from();
    Instant lately = until.minus(Duration.ofDays(RATE_DAYS));
    BigDecimal used = until.isAfter(from) ? used(clause, facts, from, until) : BigDecimal.ZERO;
    Instant since = lately.isBefore(from) ? from : lately;
    BigDecimal recent = until.isAfter(since) ? used(clause, facts, since, until) : BigDecimal.ZERO;
    BigDecimal days =
        BigDecimal.valueOf(Math.max(1, Duration.between(since, until).toHours()))
            .divide(BigDecimal.valueOf(24), MathContext.DECIMAL64);
    BigDecimal perDay = recent.divide(days, MathContext.DECIMAL64);
    BigDecimal remaining = terms.amount().subtract(used).max(BigDecimal.ZERO);
    return new Pressure(
        basis, clause, remaining, perDay, terms.burnPressure(remaining, now, perDay, RATIO));
  }

  private static BigDecimal used(CommitmentClause clause, Facts facts, Instant from, Instant until)
      throws IOException {
    var used = new BigDecimal[] {BigDecimal.ZERO};
    boolean money = clause.terms().kind() == Commitment.Kind.SPEND;
    facts.sums(
        from,
        until,
        Facts.Grain.WHOLE,
        sum -> {
          Subject subject = Subject.of(sum.group());
          if (!clause.creditor().serves(subject) || !clause.eligible().matches(subject)) {
            return;
          }
          if (money && sum.amount().currency().getCurrencyCode().equals(clause.terms().unit())) {
            used[0] = used[0].add(sum.amount().amount());
          } else if (!money && sum.isOfTokens()) {
            used[0] = used[0].add(sum.quantity());
          }
        });
    return used[0];
  }
}
