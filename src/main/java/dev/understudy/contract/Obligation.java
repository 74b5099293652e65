package dev.understudy.contract;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Something that is due under a contract.
 *
 * @param due the last day for it
 * @param clause the clause it is due under
 * @param what in a clause, for people
 */
public record Obligation(LocalDate due, Basis clause, String what)
    implements Comparable<Obligation> {
  /** Days before something is due at which it is raised, the last first. */
  private static final int[] RAISED = {7, 14, 30};

  /** How urgently it is raised: at 30, 14 or 7 days; 0 once it is overdue; empty before. */
  public Optional<Integer> raised(LocalDate today) {
    long left = ChronoUnit.DAYS.between(today, due);
    if (left < 0) {
      return Optional.of(0);
    }
    for (int days : RAISED) {
      if (left <= days) {
        return Optional.of(days);
      }
    }
    return Optional.empty();
  }

  @Override
  public int compareTo(Obligation other) {
    int byDay = due.compareTo(other.due);
    return byDay != 0 ? byDay : toString().compareTo(other.toString());
  }
}
