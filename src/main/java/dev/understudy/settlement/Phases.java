package dev.understudy.settlement;

import dev.understudy.contract.Contract;
import dev.understudy.contract.ContractVersion;
import dev.understudy.contract.Span;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/** Cuts time where anything changes: a month, a contract year, a version, a clause's window. */
final class Phases {
  private Phases() {}

  /** A clause as one version of the contract has it, and when that holds. */
  record Phase<C>(ContractVersion version, C clause, Span span) {}

  /**
   * A piece of time in which nothing changes.
   *
   * @param year which contract year it is in, from 0
   */
  record Piece<C>(ContractVersion version, C clause, Instant from, Instant until, int year) {}

  /** Each clause with its phases in order, by its id. */
  static <C> Map<String, List<Phase<C>>> of(
      Contract contract,
      Function<ContractVersion, List<C>> clauses,
      Function<C, String> id,
      Function<C, Span> window) {
    return of(contract, contract::inForce, clauses, id, window);
  }

  /** The same, of versions that count for longer or shorter than they are in force. */
  static <C> Map<String, List<Phase<C>>> of(
      Contract contract,
      Function<ContractVersion, Span> counting,
      Function<ContractVersion, List<C>> clauses,
      Function<C, String> id,
      Function<C, Span> window) {
    var all = new LinkedHashMap<String, List<Phase<C>>>();
    for (ContractVersion version : contract.versions()) {
      Span force = counting.apply(version);
      for (C clause : clauses.apply(version)) {
        window
            .apply(clause)
            .within(force)
            .ifPresent(span ->
                all.computeIfAbsent(id.apply(clause), _ -> new ArrayList<>())
                    .add(new Phase<>(version, clause, span)));
      }
    }
    return all;
  }

  /** The pieces of a clause's time until an instant, in order. */
  static <C> List<Piece<C>> pieces(Contract contract, List<Phase<C>> phases, Instant until) {
    var pieces = new ArrayList<Piece<C>>();
    for (Phase<C> phase : phases) {
      Instant end = phase.span().to().filter(until::isAfter).orElse(until);
      Instant begin = phase.span().from();
      if (!begin.isBefore(end)) {
        continue;
      }
      var cuts = new TreeSet<Instant>();
      cuts.add(begin);
      cuts.add(end);
      ZonedDateTime month =
          begin.atZone(ZoneOffset.UTC).toLocalDate().withDayOfMonth(1).atStartOfDay(ZoneOffset.UTC);
      for (; month.toInstant().isBefore(end); month = month.plusMonths(1)) {
        if (month.toInstant().isAfter(begin)) {
          cuts.add(month.toInstant());
        }
      }
      for (int year = year(contract, begin) + 1;
          anniversary(contract, year).isBefore(end);
          year++) {
        cuts.add(anniversary(contract, year));
      }
      Instant from = begin;
      for (Instant cut : cuts.tailSet(begin, false)) {
        pieces.add(new Piece<>(phase.version(), phase.clause(), from, cut, year(contract, from)));
        from = cut;
      }
    }
    return pieces;
  }

  /** When a contract year begins. */
  static Instant anniversary(Contract contract, int year) {
    return beginning(contract).plusYears(year).toInstant();
  }

  /** Which contract year an instant is in, from 0. */
  static int year(Contract contract, Instant at) {
    int year = (int) ChronoUnit.YEARS.between(beginning(contract), at.atZone(ZoneOffset.UTC));
    // A contract of 29 February begins its years on 28 February, which the difference does not
    // know.
    while (!anniversary(contract, year + 1).isAfter(at)) {
      year++;
    }
    return year;
  }

  private static ZonedDateTime beginning(Contract contract) {
    return contract.versions().getFirst().term().from().atZone(ZoneOffset.UTC);
  }
}
