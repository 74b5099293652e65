package dev.understudy.contract;

import dev.understudy.exchange.Facts;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

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
  /** So many months back the way is told. */
  public static final int MONTHS_MAX = 36;

  private static final int YEARS_MAX = 50;

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
   * How far it has come; empty where nothing was bought, or served, on either side.
   *
   * @param target the share that should be elsewhere
   * @param byUnits the share of units bought that is elsewhere, by their unit, such as PTU
   * @param byTokens the share of tokens served that was served elsewhere
   */
  public record Standing(
      BigDecimal target, SortedMap<String, BigDecimal> byUnits, Optional<BigDecimal> byTokens) {
    public Standing {
      byUnits = Collections.unmodifiableSortedMap(new TreeMap<>(byUnits));
    }

    /** Whether it is behind by any measure that is known. */
    public boolean isBehind() {
      return byTokens.filter(share -> share.compareTo(target) < 0).isPresent()
          || byUnits.values().stream().anyMatch(share -> share.compareTo(target) < 0);
    }

    /** Whether there is anything to measure it by. */
    public boolean isKnown() {
      return byTokens.isPresent() || !byUnits.isEmpty();
    }

    /** By which measures it stands where, in words. */
    public String inWords() {
      var words = new ArrayList<String>();
      byUnits.forEach((unit, share) -> words.add("%s of the %s".formatted(percent(share), unit)));
      byTokens.ifPresent(share -> words.add(percent(share) + " of the tokens"));
      return words.isEmpty() ? "nothing is known of where it is" : String.join(" and ", words);
    }
  }

  /** A share as people read it. */
  public static String percent(BigDecimal share) {
    return share.movePointRight(2).setScale(1, RoundingMode.HALF_EVEN).toPlainString() + " %";
  }

  /**
   * How it stands at the end of a span: units by the capacity that contracts in force buy then,
   * tokens by the attempts of the span.
   *
   * @throws IOException if the attempts cannot be read
   */
  public Standing standing(ContractBook book, Facts facts, Instant from, Instant until)
      throws IOException {
    return new Standing(at(until), byUnits(book, until), byTokens(facts, from, until));
  }

  private SortedMap<String, BigDecimal> byUnits(ContractBook book, Instant until) {
    var there = new TreeMap<String, BigDecimal>();
    var elsewhere = new TreeMap<String, BigDecimal>();
    Instant last = until.minusMillis(1);
    for (ContractVersion version : book.at(last)) {
      for (MoneyTerms.CapacityClause one : version.money().capacity()) {
        if (one.window().contains(last) && scope.takes(one)) {
          boolean isThere =
              one.host().id().equals(awayFrom.id())
                  || (!awayFrom.vendors().isEmpty()
                      && one.host().vendors().equals(awayFrom.vendors()));
          (isThere ? there : elsewhere)
              .merge(one.terms().unit(), one.terms().units(), BigDecimal::add);
        }
      }
    }
    var shares = new TreeMap<String, BigDecimal>();
    var units = new TreeSet<>(there.keySet());
    units.addAll(elsewhere.keySet());
    for (String unit : units) {
      share(
              elsewhere.getOrDefault(unit, BigDecimal.ZERO),
              there.getOrDefault(unit, BigDecimal.ZERO))
          .ifPresent(share -> shares.put(unit, share));
    }
    return shares;
  }

  private Optional<BigDecimal> byTokens(Facts facts, Instant from, Instant until)
      throws IOException {
    var tokens = new BigDecimal[] {BigDecimal.ZERO, BigDecimal.ZERO};
    facts.sums(
        from,
        until,
        Facts.Grain.WHOLE,
        sum -> {
          Subject subject = Subject.of(sum.group());
          if (sum.isOfTokens() && scope.matches(subject)) {
            int where = awayFrom.serves(subject) ? 0 : 1;
            tokens[where] = tokens[where].add(sum.quantity());
          }
        });
    return share(tokens[1], tokens[0]);
  }

  /**
   * One point of the way.
   *
   * @param until a month's end, or a year's beginning that is yet to come
   * @param target the share that should be elsewhere then
   * @param stood how it stood; empty for what is yet to come
   */
  public record Point(Instant until, BigDecimal target, Optional<Standing> stood) {}

  /**
   * The way so far, by month, and what is ahead, by year: at the most {@link #MONTHS_MAX} months
   * back.
   *
   * @throws IOException if the attempts cannot be read
   */
  public List<Point> course(ContractBook book, Facts facts, Instant now) throws IOException {
    var points = new ArrayList<Point>();
    ZonedDateTime month =
        now.atZone(ZoneOffset.UTC)
            .toLocalDate()
            .withDayOfMonth(1)
            .minusMonths(MONTHS_MAX - 1)
            .atStartOfDay(ZoneOffset.UTC);
    for (; month.toInstant().isBefore(now); month = month.plusMonths(1)) {
      Instant next = month.plusMonths(1).toInstant();
      Instant until = next.isBefore(now) ? next : now;
      // Whole hours alone are kept for ever, so that years can be looked at.
      Instant from = month.toInstant();
      if (window.from().isBefore(until) && !window.isOver(from)) {
        points.add(new Point(until, at(until), Optional.of(standing(book, facts, from, until))));
      }
    }
    Optional<Instant> end = window.to();
    int year = now.atZone(ZoneOffset.UTC).getYear();
    for (int i = 1; i <= YEARS_MAX && end.isPresent(); i++) {
      Instant begins = LocalDate.of(year + i, 1, 1).atStartOfDay(ZoneOffset.UTC).toInstant();
      if (!window.contains(begins)) {
        break;
      }
      points.add(new Point(begins, at(begins), Optional.empty()));
    }
    end.filter(now::isBefore)
        .ifPresent(last -> points.add(new Point(last, this.end, Optional.empty())));
    return points;
  }

  private static Optional<BigDecimal> share(BigDecimal elsewhere, BigDecimal there) {
    BigDecimal all = elsewhere.add(there);
    return all.signum() == 0
        ? Optional.empty()
        : Optional.of(elsewhere.divide(all, MathContext.DECIMAL64).stripTrailingZeros());
  }
}
