package dev.understudy.contract;

import dev.understudy.contract.Happening.Kind;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** Renews contracts that renew themselves, until somebody stopped it in time. */
final class Renewals {
  private static final int TIMES_MAX = 1_000;

  private Renewals() {}

  /** The version with the end it has by now. */
  static ContractVersion of(ContractVersion version, List<Logged> log, Instant now) {
    if (!version.renewal().auto() || version.term().to().isEmpty()) {
      return version;
    }
    LocalDate from = day(version.term().from());
    LocalDate end = day(version.term().to().get());
    Period period = Period.between(from, end);
    LocalDate renewed = end;
    for (int i = 1; i < TIMES_MAX && !isStopped(version, renewed, log, now); i++) {
      LocalDate next = from.plus(period.multipliedBy(i + 1));
      boolean decided =
          now.isAfter(
              lastDay(version, renewed).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
      if (!decided || !next.isAfter(renewed)) {
        break;
      }
      renewed = next;
    }
    return renewed.equals(end)
        ? version
        : version.during(
            new Span(
                version.term().from(),
                Optional.of(renewed.atStartOfDay(ZoneOffset.UTC).toInstant())));
  }

  /** The last day on which a renewal at that end can be stopped. */
  private static LocalDate lastDay(ContractVersion version, LocalDate end) {
    return version.duties().notice().latest(end, version.renewal().noticeDays());
  }

  private static boolean isStopped(
      ContractVersion version, LocalDate end, List<Logged> log, Instant now) {
    for (Logged one : log) {
      Happening what = one.what();
      if (what.kind() == Kind.NO_RENEWAL
          && what.contract().equals(version.contract())
          && !what.at().isAfter(now)
          && !day(what.at()).isAfter(lastDay(version, end))) {
        return true;
      }
    }
    return false;
  }

  private static LocalDate day(Instant instant) {
    return instant.atZone(ZoneOffset.UTC).toLocalDate();
  }
}
