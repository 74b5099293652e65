package dev.understudy.settlement.focus;

import dev.understudy.access.Glob;
import dev.understudy.contract.CapacityPurchase;
import dev.understudy.contract.Commitment;
import dev.understudy.contract.Contract;
import dev.understudy.contract.ContractBook;
import dev.understudy.contract.ContractVersion;
import dev.understudy.contract.MoneyTerms.CapacityClause;
import dev.understudy.contract.MoneyTerms.CommitmentClause;
import dev.understudy.contract.Party;
import dev.understudy.contract.Span;
import dev.understudy.settlement.Unsettled;
import dev.understudy.settlement.We;
import dev.understudy.settlement.focus.Billing.Held;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Takes what we bought and promised under contracts into what records of calls do not say: the
 * contract says it, and the billing file what the contract does not.
 */
public final class ContractBilling {
  private final Optional<String> named;
  private final Map<String, String> kinds;
  private final Instant horizon;
  private final List<Billing.Capacity> capacity = new ArrayList<>();
  private final List<Billing.Capacity> unmeasured = new ArrayList<>();
  private final List<Billing.Spend> commitments = new ArrayList<>();
  private final Set<String> taken = new HashSet<>();
  private final List<String> notes = new ArrayList<>();

  /** What is left out unless the billing file says it, and why. */
  private final Map<String, String> open = new LinkedHashMap<>();

  /**
   * What came of it.
   *
   * @param notes what somebody may want to know, a line each: what is left out, and why
   * @param bought all capacity whose hours and price are known, also such of which nobody can tell
   *     how much was used
   */
  public record Taken(Billing billing, List<String> notes, List<Billing.Capacity> bought) {
    public Taken {
      notes = List.copyOf(notes);
      bought = List.copyOf(bought);
    }
  }

  /** What was bought under a clause as one version has it. */
  private record Holding(CapacityClause clause, Held.Units units) {}

  private ContractBilling(Optional<String> named, Map<String, String> kinds, Instant horizon) {
    this.named = named;
    this.kinds = new TreeMap<>(kinds);
    this.horizon = horizon;
  }

  /**
   * Puts both together.
   *
   * @param named which party of contracts we are, where that is not clear by itself
   * @param kinds of the vendors in the settings, by their names there
   * @param horizon where capacity ends whose contract has no end
   */
  public static Taken of(
      Billing said,
      ContractBook contracts,
      Optional<String> named,
      Map<String, String> kinds,
      Instant horizon) {
    var taking = new ContractBilling(named, kinds, horizon);
    contracts.contracts().forEach(taking::take);
    List<Billing.Capacity> capacity = new ArrayList<>(taking.capacity);
    List<Billing.Spend> commitments = new ArrayList<>(taking.commitments);
    for (Billing.Capacity one : said.capacity()) {
      if (taking.isOpen(one.id(), one.contract())) {
        capacity.add(one);
      }
    }
    for (Billing.Spend one : said.commitments()) {
      if (taking.isOpen(one.id(), one.contract())) {
        commitments.add(one);
      }
    }
    List<Billing.Capacity> bought = new ArrayList<>(capacity);
    // What the billing file says of such capacity is no longer open.
    taking.unmeasured.stream()
        .filter(one -> taking.open.containsKey(one.id()))
        .forEach(bought::add);
    taking.open.forEach((name, why) -> taking.notes.add(name + ": " + why));
    return new Taken(
        new Billing(
            said.account(), said.vendors(), capacity, commitments, said.invoices(), said.charges()),
        taking.notes,
        bought);
  }

  /** Whether no contract says what the billing file says under a name. */
  private boolean isOpen(String id, Optional<String> contract) {
    String name = contract.map(c -> id.startsWith(c + "/") ? id : c + "/" + id).orElse(id);
    open.remove(name);
    if (taken.contains(name)) {
      notes.add("%s: the contract says it, so the billing file is not asked".formatted(name));
      return false;
    }
    return true;
  }

  private void take(Contract contract) {
    boolean any =
        contract.versions().stream()
            .anyMatch(v -> !v.money().capacity().isEmpty() || !v.money().commitments().isEmpty());
    if (!any) {
      return;
    }
    String we;
    try {
      we = We.of(contract, named);
    } catch (Unsettled e) {
      notes.add("%s: %s".formatted(contract.id(), e.getMessage()));
      return;
    }
    if (we.isEmpty()) {
      notes.add(
          "%s: not known which party we are, so nothing of it is our cost; say it by --as, or"
                  .formatted(contract.id())
              + " settlement.as in the settings");
      return;
    }
    var ends = new HashMap<String, Instant>();
    var held = new ArrayList<Holding>();
    Map<String, CommitmentClause> promises = new LinkedHashMap<>();
    Map<String, Span> until = new LinkedHashMap<>();
    for (ContractVersion version : contract.versions()) {
      Span force = contract.inForce(version);
      for (CapacityClause clause : version.money().capacity()) {
        clause
            .window()
            .within(force)
            .filter(span -> span.to().map(span.from()::isBefore).orElse(true))
            .ifPresent(span -> bought(contract, version, clause, span, we, ends, held));
      }
      for (CommitmentClause clause : version.money().commitments()) {
        if (force.to().map(force.from()::isBefore).orElse(true)
            && clause.debtor().id().equals(we)) {
          CommitmentClause before = promises.put(clause.id(), clause);
          until.put(clause.id(), contract.promising(version));
          if (before != null && !before.terms().equals(clause.terms())) {
            notes.add(
                "%s/%s: its terms are those of version %d from its beginning; statements go by"
                        .formatted(contract.id(), clause.id(), version.version())
                    + " each version");
          }
        }
      }
    }
    promises.forEach(
        (id, clause) -> promised(contract, clause, until.getOrDefault(id, Span.ALWAYS), held));
  }

  private void bought(
      Contract contract,
      ContractVersion version,
      CapacityClause clause,
      Span span,
      String we,
      Map<String, Instant> ends,
      List<Holding> held) {
    if (clause.host().id().equals(we)) {
      return;
    }
    String name = contract.id() + "/" + clause.id();
    CapacityPurchase terms = clause.terms();
    // Capacity is paid by the begun hour; the one within which a version takes the place of another
    // is paid by that other, as on statements.
    boolean follows = span.from().equals(ends.put(clause.id(), span.to().orElse(Instant.MAX)));
    Instant from = follows ? ceilingHour(span.from()) : span.from().truncatedTo(ChronoUnit.HOURS);
    Instant to = ceilingHour(span.to().filter(horizon::isAfter).orElse(horizon));
    boolean measured = terms.throughput().isPresent();
    if (measured) {
      taken.add(name);
    } else {
      open.put(
          name,
          "%s does not say what one %s serves, so its hours are not here; say all of it in the"
                  .formatted(version.name(), terms.unit())
              + " billing file under that id");
    }
    if (!from.isBefore(to)) {
      return;
    }
    held.add(new Holding(clause, new Held.Units(terms.units(), from, to)));
    (measured ? capacity : unmeasured)
        .add(
            new Billing.Capacity(
                name,
                name,
                Optional.of(contract.id()),
                new Billing.Eligible.ByCapacity(vendors(clause.host()), clause),
                terms,
                from,
                // The end that was agreed is told even where it lies behind what is asked for.
                span.to().map(ContractBilling::ceilingHour).orElse(to)));
  }

  private static Instant ceilingHour(Instant at) {
    Instant floor = at.truncatedTo(ChronoUnit.HOURS);
    return floor.equals(at) ? at : floor.plus(1, ChronoUnit.HOURS);
  }

  private void promised(
      Contract contract, CommitmentClause clause, Span force, List<Holding> held) {
    String name = contract.id() + "/" + clause.id();
    Commitment terms = clause.terms();
    Optional<String> why = Optional.empty();
    boolean units = terms.kind() == Commitment.Kind.CAPACITY;
    if (terms.kind() == Commitment.Kind.USAGE) {
      why = Optional.of("it is in %s, not in money".formatted(terms.unit()));
    } else if (units && terms.price().isEmpty()) {
      why =
          Optional.of(
              "it is in %s, and the contract does not say what one costs (price)"
                  .formatted(terms.unit()));
    } else if (units && terms.prepay().isPresent()) {
      why = Optional.of("it is in %s, and paid ahead".formatted(terms.unit()));
    } else if (terms.counts() == Commitment.Counts.LIST) {
      why = Optional.of("it counts at list prices");
    } else if (terms.prepay().filter(p -> p.part().compareTo(BigDecimal.ONE) < 0).isPresent()) {
      why = Optional.of("a part of it alone is paid ahead");
    } else if (terms.rollover().isPresent()) {
      why = Optional.of("what is left of it rolls over");
    }
    if (why.isPresent()) {
      open.put(name, why.get() + ", so its shortfall is on statements and figures alone");
      return;
    }
    taken.add(name);
    Instant begins = terms.from();
    boolean dropped = force.to().isPresent() && force.to().get().isBefore(terms.to());
    if (dropped && !begins.isBefore(force.to().get())) {
      return;
    }
    commitments.add(
        new Billing.Spend(
            name,
            name,
            Optional.of(contract.id()),
            new Billing.Eligible.ByCommitment(vendors(clause.creditor()), clause),
            dropped ? terms.endedAt(force.to().get()) : terms,
            units
                ? Optional.of(
                    new Held(
                        contract.versions().getFirst().currency(),
                        held.stream()
                            .filter(one -> clause.counts(one.clause()))
                            .map(Holding::units)
                            .toList()))
                : Optional.empty()));
  }

  /** The vendors of the settings through which a party serves; else how the contract names them. */
  private List<String> vendors(Party party) {
    var known = new ArrayList<String>();
    kinds.forEach((vendor, kind) -> {
      if (party.serves(vendor, kind)) {
        known.add(vendor);
      }
    });
    if (known.isEmpty()) {
      party.vendors().stream()
          .map(Glob::text)
          .filter(text -> !text.contains("*"))
          .findFirst()
          .ifPresent(known::add);
    }
    return known.isEmpty() ? List.of(party.id()) : known;
  }
}
