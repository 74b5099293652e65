package dev.understudy.contract;

import dev.understudy.contract.Exclusivity.Kind;
import dev.understudy.contract.MoneyTerms.CapacityClause;
import dev.understudy.contract.MoneyTerms.CommitmentClause;
import dev.understudy.text.Place;
import dev.understudy.text.Problems;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds what contracts say against themselves and each other, before it bites. */
public final class ContractChecks {
  private final Problems problems;

  private ContractChecks(Problems problems) {
    this.problems = problems;
  }

  /** What one version says against itself. */
  static void of(ContractVersion version, Problems problems) {
    var checks = new ContractChecks(problems);
    checks.term(version);
    checks.money(version);
    checks.within(version);
    checks.exclusivities(List.of(new Held(version, version.term())));
    checks.commitments(List.of(new Held(version, version.term())));
  }

  /** What all versions in force at the same time say against each other. */
  public static void of(ContractBook book, Problems problems) {
    var checks = new ContractChecks(problems);
    var held = new ArrayList<Held>();
    for (Contract contract : book.contracts()) {
      checks.versions(contract);
      contract.versions().forEach(v -> held.add(new Held(v, contract.inForce(v))));
    }
    checks.exclusivities(held);
    checks.commitments(held);
  }

  /** A version while it is in force. */
  private record Held(ContractVersion version, Span span) {}

  private static Place place(ContractVersion version, String clause) {
    Origin origin = version.origins().get(clause);
    return origin == null ? new Place(version.name(), 1, 1) : origin.place();
  }

  private void add(ContractVersion version, String clause, String message) {
    problems.add(place(version, clause), message);
  }

  // --- time ---

  private void term(ContractVersion version) {
    Optional<Instant> end = version.term().to();
    if (end.isPresent()) {
      long days = Duration.between(version.term().from(), end.get()).toDays();
      for (var notice : version.duties().notice().termination().entrySet()) {
        if (notice.getValue() > days) {
          add(
              version,
              "notice",
              "the notice of %s takes %d days, and the whole term has %d: it would end after the contract"
                  .formatted(notice.getKey(), notice.getValue(), days));
        }
      }
      if (version.renewal().auto() && version.renewal().noticeDays() > days) {
        add(
            version,
            "term",
            "a renewal is stopped %d days before the end, and the term has %d"
                .formatted(version.renewal().noticeDays(), days));
      }
    } else if (version.renewal().auto()) {
      add(version, "term", "a term without an end is not renewed; leave renewal out or say to");
    }
    for (FirstRefusal right : version.rights().refusals()) {
      right
          .window()
          .to()
          .filter(to -> Duration.between(right.window().from(), to).toDays() < right.noticeDays())
          .ifPresent(to ->
              add(
                  version,
                  right.id(),
                  "its window ends at %s, before a notice of %d days can expire"
                      .formatted(to, right.noticeDays())));
    }
  }

  private void within(ContractVersion version) {
    version.rights().exclusivities().forEach(c -> within(version, c.id(), c.window()));
    version.rights().refusals().forEach(c -> within(version, c.id(), c.window()));
    version.money().shares().forEach(c -> within(version, c.id(), c.window()));
    version.money().capacity().forEach(c -> within(version, c.id(), c.window()));
    version.rights().licenses().forEach(c -> within(version, c.id(), c.span()));
    version.duties().paths().forEach(c -> within(version, c.id(), c.window()));
    for (CommitmentClause clause : version.money().commitments()) {
      int months = clause.terms().rollover().map(Commitment.Rollover::months).orElse(0);
      Instant after = clause.terms().to().atZone(ZoneOffset.UTC).plusMonths(months).toInstant();
      within(version, clause.id(), new Span(clause.terms().from(), Optional.of(after)));
    }
  }

  private void within(ContractVersion version, String clause, Span window) {
    if (!window.overlaps(version.term())) {
      add(
          version,
          clause,
          "it never holds: its window is %s, and the term %s".formatted(window, version.term()));
    }
  }

  private void versions(Contract contract) {
    List<ContractVersion> versions = contract.versions();
    for (int i = 0; i < versions.size(); i++) {
      ContractVersion version = versions.get(i);
      for (ContractVersion other : versions.subList(0, i)) {
        if (other.version() == version.version()) {
          add(
              version,
              "term",
              "%s is there twice; the other begins in %s"
                  .formatted(version.name(), place(other, "term")));
        }
      }
      if (i > 0) {
        follows(versions.get(i - 1), version);
      } else if (version
          .supersedes()
          .filter(number -> contract.version(number).isPresent())
          .isPresent()) {
        // One that is not there at all may have ended long ago.
        add(
            version,
            "term",
            "%s supersedes version %d, which begins later"
                .formatted(version.name(), version.supersedes().get()));
      }
    }
  }

  private void follows(ContractVersion before, ContractVersion next) {
    if (next.effectOf().isPresent()) {
      return;
    }
    if (next.version() < before.version()) {
      add(
          next,
          "term",
          "%s begins at %s, after %s: later versions begin later"
              .formatted(next.name(), next.term().from(), before.name()));
      return;
    }
    Optional<Instant> end = before.term().to();
    boolean overlap = end.isEmpty() || end.get().isAfter(next.term().from());
    if (next.supersedes().isEmpty()) {
      if (overlap) {
        add(
            next,
            "term",
            "%s and %s overlap in time from %s on; say supersedes: %d"
                .formatted(before.name(), next.name(), next.term().from(), before.version()));
      }
    } else if (next.supersedes().get() != before.version()) {
      add(
          next,
          "term",
          "%s supersedes version %d, but the version in force before it is %d"
              .formatted(next.name(), next.supersedes().get(), before.version()));
    } else if (before.term().from().equals(next.term().from())) {
      add(
          next,
          "term",
          "%s and %s begin at the same instant".formatted(before.name(), next.name()));
    } else if (end.isPresent() && end.get().isBefore(next.term().from())) {
      add(
          next,
          "term",
          "there is a hole in time: %s ends at %s, and %s begins at %s"
              .formatted(before.name(), end.get(), next.name(), next.term().from()));
    }
    if (!before.currency().equals(next.currency())) {
      add(
          next,
          "term",
          "%s is in %s, and %s in %s: sums would not go on"
              .formatted(before.name(), before.currency(), next.name(), next.currency()));
    }
  }

  // --- money ---

  private void money(ContractVersion version) {
    for (CommitmentClause clause : version.money().commitments()) {
      floors(version, clause);
    }
    for (CapacityClause clause : version.money().capacity()) {
      if (clause.heldBy().isPresent()
          && version.rights().refusals().stream()
              .filter(right -> right.id().equals(clause.heldBy().get()))
              .anyMatch(right -> right.of() != FirstRefusal.Of.CAPACITY)) {
        add(version, clause.id(), clause.heldBy().get() + " is no right on capacity");
      }
    }
  }

  private void floors(ContractVersion version, CommitmentClause clause) {
    Commitment terms = clause.terms();
    if (terms.floorPerMonth().isEmpty()) {
      return;
    }
    BigDecimal floor = terms.floorPerMonth().get();
    if (terms.kind() == Commitment.Kind.CAPACITY) {
      if (floor.compareTo(terms.amount()) > 0) {
        add(
            version,
            clause.id(),
            "its floor of %s is above the %s that are promised"
                .formatted(floor.toPlainString(), terms.amount().toPlainString()));
      }
      return;
    }
    long months =
        Math.max(
            1,
            ChronoUnit.MONTHS.between(
                terms.from().atZone(ZoneOffset.UTC), terms.to().atZone(ZoneOffset.UTC)));
    if (floor.multiply(BigDecimal.valueOf(months)).compareTo(terms.amount()) > 0) {
      add(
          version,
          clause.id(),
          "%d months at its floor of %s come to more than the whole commitment of %s"
              .formatted(months, floor.toPlainString(), terms.amount().toPlainString()));
    }
  }

  // --- exclusivity ---

  private record Claim(Held held, Exclusivity clause, Span span) {}

  private void exclusivities(List<Held> all) {
    List<Claim> claims = claims(all);
    for (int i = 0; i < claims.size(); i++) {
      for (int j = 0; j < i; j++) {
        Claim one = claims.get(j);
        Claim other = claims.get(i);
        if (contradict(one, other)) {
          add(
              other.held().version(),
              other.clause().id(),
              "it contradicts %s: both make %s exclusive at the same time, one to %s, the other to %s"
                  .formatted(
                      one.held().version().basis(one.clause().id()),
                      other.clause().of().name().toLowerCase(Locale.ROOT),
                      one.clause().beneficiary().id(),
                      other.clause().beneficiary().id()));
        }
      }
    }
  }

  private static List<Claim> claims(List<Held> all) {
    var claims = new ArrayList<Claim>();
    for (Held held : all) {
      for (Exclusivity clause : held.version().rights().exclusivities()) {
        if (clause.kind() == Kind.EXCLUSIVE || clause.kind() == Kind.SOLE) {
          clause
              .window()
              .within(held.span())
              .ifPresent(span -> claims.add(new Claim(held, clause, span)));
        }
      }
    }
    return claims;
  }

  private static boolean contradict(Claim one, Claim other) {
    boolean sameVendors =
        one.clause().beneficiary().vendors().equals(other.clause().beneficiary().vendors());
    return !sameVendors
        && one.clause().of() == other.clause().of()
        && one.span().overlaps(other.span())
        && one.clause().scope().mayMeet(other.clause().scope())
        // A grantor who serves as well is let in by "sole"; two such may name each other.
        && !letsIn(one.clause(), other.clause().beneficiary())
        && !letsIn(other.clause(), one.clause().beneficiary());
  }

  private static boolean letsIn(Exclusivity clause, Party party) {
    return meets(clause.beneficiary(), party)
        || (clause.kind() == Kind.SOLE && meets(clause.grantor(), party));
  }

  private static boolean meets(Party one, Party other) {
    return !one.vendors().isEmpty()
        && !other.vendors().isEmpty()
        && Scope.meet(one.vendors(), other.vendors());
  }

  // --- commitments that cannot be used ---

  private void commitments(List<Held> all) {
    List<Claim> claims = claims(all);
    for (Held held : all) {
      for (CommitmentClause clause : held.version().money().commitments()) {
        Span over = new Span(clause.terms().from(), Optional.of(clause.terms().to()));
        if (clause.creditor().vendors().isEmpty()) {
          continue;
        }
        for (Claim claim : claims) {
          if (covers(claim.span(), over)
              && covers(claim.clause().scope(), clause.eligible())
              && claim.clause().carveOuts().stream()
                  .allMatch(carveOut -> carveOut.outageOf().isPresent())
              && !letsIn(claim.clause(), clause.creditor())) {
            add(
                held.version(),
                clause.id(),
                "it can never be used up: %s makes everything it counts exclusive to %s, and it is owed to %s"
                    .formatted(
                        claim.held().version().basis(claim.clause().id()),
                        claim.clause().beneficiary().id(),
                        clause.creditor().id()));
          }
        }
      }
    }
  }

  private static boolean covers(Span wide, Span narrow) {
    return !narrow.from().isBefore(wide.from())
        && (wide.to().isEmpty()
            || (narrow.to().isPresent() && !narrow.to().get().isAfter(wide.to().get())));
  }

  /** Whether everything of the narrow scope is surely within the wide one. */
  private static boolean covers(Scope wide, Scope narrow) {
    return (wide.products().isEmpty() || wide.products().equals(narrow.products()))
        && (wide.channels().isEmpty() || wide.channels().equals(narrow.channels()))
        && (wide.models().isEmpty()
            || (!narrow.models().isEmpty()
                && narrow.models().stream()
                    .allMatch(m -> wide.models().stream().anyMatch(w -> w.matches(m.text())))))
        && (wide.vendors().isEmpty() || wide.vendors().equals(narrow.vendors()))
        && (wide.regions().isEmpty() || wide.regions().equals(narrow.regions()))
        && (wide.segments().isEmpty() || wide.segments().equals(narrow.segments()))
        && (wide.customers().isEmpty() || wide.customers().equals(narrow.customers()))
        && (wide.uses().isEmpty() || wide.uses().equals(narrow.uses()));
  }
}
