package dev.understudy.contract;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How long before something it must be said, and how days are counted.
 *
 * @param termination days before the end, by the party that ends it
 * @param priceChange days before a price changes
 * @param modelRetirement days before a model goes
 * @param subprocessor days before a subprocessor comes
 * @param business whether only business days count
 * @param deemedReceiptDays days until what was sent counts as received
 * @param endsOnBusinessDay whether an end on a day off moves to the next business day
 * @param holidays days off beside Saturdays and Sundays
 */
public record Notice(
    Map<String, Integer> termination,
    Optional<Integer> priceChange,
    Optional<Integer> modelRetirement,
    Optional<Integer> subprocessor,
    boolean business,
    int deemedReceiptDays,
    boolean endsOnBusinessDay,
    Set<LocalDate> holidays) {
  /** Calendar days, received when sent. */
  public static final Notice USUAL =
      new Notice(
          Map.of(), Optional.empty(), Optional.empty(), Optional.empty(), false, 0, true, Set.of());

  public Notice {
    termination = Map.copyOf(termination);
    holidays = Set.copyOf(holidays);
  }

  /** The day on which what was sent counts as received. */
  public LocalDate received(LocalDate sent) {
    return plus(sent, deemedReceiptDays);
  }

  /** The day on which what was sent takes effect, so many days after it counts as received. */
  public LocalDate effective(LocalDate sent, int days) {
    LocalDate end = plus(received(sent), days);
    return endsOnBusinessDay ? businessDay(end) : end;
  }

  /** The last day to send something so that it takes effect on a day. */
  public LocalDate latest(LocalDate effect, int days) {
    LocalDate sent = effect.minusDays(days + (long) deemedReceiptDays);
    if (business) {
      sent = minusBusiness(effect, days + deemedReceiptDays);
    }
    while (plus(received(sent), days).isAfter(effect)) {
      sent = sent.minusDays(1);
    }
    return sent;
  }

  /** So many days later, by the contract's calendar. */
  public LocalDate plus(LocalDate day, int days) {
    if (!business) {
      return day.plusDays(days);
    }
    LocalDate at = day;
    for (int left = days; left > 0; left--) {
      at = businessDay(at.plusDays(1));
    }
    return at;
  }

  private LocalDate minusBusiness(LocalDate day, int days) {
    LocalDate at = day;
    for (int left = days; left > 0; left--) {
      at = at.minusDays(1);
      while (isOff(at)) {
        at = at.minusDays(1);
      }
    }
    return at;
  }

  private LocalDate businessDay(LocalDate day) {
    LocalDate at = day;
    while (isOff(at)) {
      at = at.plusDays(1);
    }
    return at;
  }

  private boolean isOff(LocalDate day) {
    return day.getDayOfWeek() == DayOfWeek.SATURDAY
        || day.getDayOfWeek() == DayOfWeek.SUNDAY
        || holidays.contains(day);
  }
}
