package dev.understudy.settlement;

import dev.understudy.money.Money;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a contract came to in one month, line by line.
 *
 * @param events what happened by it, such as that a cap was reached
 * @param doubts what could not be told from what is known, in sentences for people
 */
public record Statement(
    String contract,
    YearMonth period,
    Currency currency,
    List<Section> sections,
    List<String> events,
    List<String> doubts) {

  /** Who owes whom. */
  public record Pair(String payer, String payee) implements Comparable<Pair> {
    @Override
    public int compareTo(Pair other) {
      int first = payer.compareTo(other.payer);
      return first != 0 ? first : payee.compareTo(other.payee);
    }
  }

  public Statement {
    sections = List.copyOf(sections);
    events = List.copyOf(events);
    doubts = List.copyOf(doubts);
  }

  /** Its first instant. */
  public Instant from() {
    return begin(period);
  }

  /** The first instant after it. */
  public Instant until() {
    return begin(period.plusMonths(1));
  }

  static Instant begin(YearMonth month) {
    return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  /** What each owes each other; what is zero is left out. */
  public SortedMap<Pair, Money> due() {
    var due = new TreeMap<Pair, Money>();
    for (Section section : sections) {
      due.merge(new Pair(section.payer(), section.payee()), section.due(), Money::plus);
    }
    due.values().removeIf(Money::isZero);
    return due;
  }
}
