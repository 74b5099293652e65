package dev.understudy.settlement;

import dev.understudy.money.Money;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * What one clause came to in one piece of a period, in which one version of the contract was in
 * force.
 *
 * @param basis the clause as people name it
 * @param payer the party that owes what is due, where it is above zero
 * @param lines those that add sum to what is due
 * @param due rounded as the contract says
 */
public record Section(
    Kind kind,
    String clause,
    int version,
    String basis,
    String payer,
    String payee,
    Instant from,
    Instant until,
    List<Line> lines,
    Money due) {

  /** Which kind of clause it is. */
  public enum Kind {
    SHARE,
    PROFIT,
    COMMITMENT,
    CAPACITY,
    SERVICE_CREDIT,
    MOST_FAVOURED;

    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  public Section {
    lines = List.copyOf(lines);
    Money sum = Money.zero(due.currency());
    for (Line line : lines) {
      sum = line.adds() ? sum.plus(line.amount()) : sum;
    }
    if (!sum.equals(due)) {
      throw new IllegalStateException(
          "the lines of %s come to %s, not to %s".formatted(clause, sum, due));
    }
  }
}
