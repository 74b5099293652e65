package dev.understudy.settlement;

import static dev.understudy.settlement.Line.added;
import static dev.understudy.settlement.Line.told;

import dev.understudy.contract.ContractVersion;
import dev.understudy.contract.Excluded;
import dev.understudy.contract.MostFavoured;
import dev.understudy.contract.MostFavoured.Bought;
import dev.understudy.contract.Party;
import dev.understudy.contract.Span;
import dev.understudy.contract.Subject;
import dev.understudy.exchange.Facts;
import dev.understudy.money.Money;
import dev.understudy.settlement.Line.Item;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What a vendor gives back: for a bad month, and for a lower price that others were given. */
final class ClaimSections {
  private static final int ITEMS_MAX = 200;

  private final Settler settler;

  ClaimSections(Settler settler) {
    this.settler = settler;
  }

  void add() throws IOException {
    var month =
        new Span(
            Statement.begin(settler.period()),
            Optional.of(Statement.begin(settler.period().plusMonths(1))));
    for (ContractVersion version : settler.contract().versions()) {
      Optional<Span> span = month.within(settler.contract().inForce(version));
      if (span.isEmpty() || (version.money().sla().isEmpty() && version.money().mfn().isEmpty())) {
        continue;
      }
      Instant from = span.get().from();
      Instant until = span.get().to().orElseThrow();
      for (Party party : version.parties()) {
        if (!party.vendors().isEmpty()) {
          if (version.money().sla().isPresent()) {
            service(version, party, from, until);
          }
          if (version.money().mfn().isPresent()) {
            favour(version, party, from, until);
          }
        }
      }
    }
  }

  private void service(ContractVersion version, Party party, Instant from, Instant until)
      throws IOException {
    var sla = version.money().sla().orElseThrow();
    long[] counted = new long[2];
    var left = new TreeMap<String, Long>();
    var exchanged = new Exchanged(settler.given().fx());
    Money[] charges = {Money.zero(version.currency())};
    settler
        .given()
        .facts()
        .each(
            from,
            until,
            fact -> {
              if (!party.serves(fact.vendor(), fact.kind())) {
                return;
              }
              Optional<Excluded> excluded =
                  excluded(sla.exclude(), fact.vendor(), fact.occurredAt());
              if (excluded.isPresent()) {
                left.merge(excluded.get().reason(), 1L, Long::sum);
                return;
              }
              switch (fact.outcome()) {
                case ANSWERED -> {
                  counted[0]++;
                  counted[1]++;
                }
                case UNREACHED, BROKEN -> counted[1]++;
                // What was asked for wrongly, or not waited for, says nothing of the service.
                case REFUSED, ABANDONED -> {}
              }
            });
    settler
        .given()
        .facts()
        .sums(
            from,
            until,
            Facts.Grain.DAY,
            one -> {
              if (!one.item().isEmpty() && party.serves(one.group().vendor(), one.group().kind())) {
                charges[0] = charges[0].plus(inContract(one, version, exchanged));
              }
            });
    if (sla.latencyP95Millis() > 0) {
      settler.doubt(
          "sla: how fast it answered (95 of 100 within %d ms) is not measured here and gives no credit"
              .formatted(sla.latencyP95Millis()));
    }
    Money credit = sla.credits().credit(charges[0], counted[0], counted[1]);
    if (credit.isZero()) {
      return;
    }
    var lines = new ArrayList<Line>(exchanged.lines());
    lines.add(told(Item.USED, "charges of the month", charges[0]));
    lines.add(
        counted(
            "%d of %d attempts were served; %s was promised"
                .formatted(counted[0], counted[1], sla.availability().toPlainString()),
            counted[0],
            version));
    left.forEach((reason, attempts) ->
        lines.add(
            counted(
                "%d attempts do not count: %s".formatted(attempts, reason), attempts, version)));
    lines.add(added(Item.CREDIT, "given back", credit));
    Money due = ShareSections.round(credit, version.rounding(), lines);
    if (!sla.exclude().isEmpty() && left.isEmpty()) {
      settler.doubt(
          "sla: nothing was told of %s, so every attempt counts"
              .formatted(String.join(" or ", sla.exclude())));
    }
    settler.add(
        section(Section.Kind.SERVICE_CREDIT, "sla", version, party, from, until, lines, due));
  }

  private static Line counted(String text, long attempts, ContractVersion version) {
    return new Line(
        Item.USED,
        text,
        Optional.empty(),
        Optional.of(BigDecimal.valueOf(attempts)),
        Money.zero(version.currency()),
        false);
  }

  private Optional<Excluded> excluded(List<String> reasons, String vendor, Instant at) {
    return settler.contract().excluded().stream()
        .filter(one -> reasons.contains(one.reason()) && one.holds(vendor, at))
        .findFirst();
  }

  private void favour(ContractVersion version, Party party, Instant from, Instant until)
      throws IOException {
    var scope = version.money().mfn().orElseThrow();
    Predicate<Subject> wanted =
        subject -> party.serves(subject.vendor(), subject.kind()) && scope.matches(subject);
    var all = new Consumption(settler.given(), from, until, wanted);
    var found = new TreeMap<String, Bought>();
    if (scope.isOfTags()) {
      all.singly(true, part -> compare(version, part, found));
    } else {
      all.listed(part -> compare(version, part, found));
    }
    List<Bought> bought = List.copyOf(found.values());
    if (bought.isEmpty()) {
      return;
    }
    var lines = new ArrayList<Line>();
    Money exact = Money.zero(version.currency());
    for (Bought one : bought.subList(0, Math.min(bought.size(), ITEMS_MAX))) {
      lines.add(
          new Line(
              Item.CLAIM,
              "%s at %s, others at %s".formatted(one.item(), one.each(), one.lowest()),
              Optional.of(one.each().minus(one.lowest()).amount()),
              Optional.of(one.quantity()),
              one.claim(),
              true));
    }
    if (bought.size() > ITEMS_MAX) {
      List<Bought> rest = bought.subList(ITEMS_MAX, bought.size());
      lines.add(added(Item.CLAIM, rest.size() + " more items", MostFavoured.claim(rest)));
    }
    for (Line line : lines) {
      exact = exact.plus(line.amount());
    }
    Money due = ShareSections.round(exact, version.rounding(), lines);
    settler.add(
        section(Section.Kind.MOST_FAVOURED, "mfn", version, party, from, until, lines, due));
  }

  /** Takes down an item that a list asks less for. */
  private void compare(ContractVersion version, Consumption.Part part, Map<String, Bought> found) {
    Facts.Sum one = part.sum();
    if (part.listed().isEmpty() || !one.priced()) {
      return;
    }
    String item = one.group().model() + " " + one.item();
    if (one.each().isEmpty()) {
      settler.doubt(
          "mfn: %s has no price for one, so it is not compared with the list".formatted(item));
      return;
    }
    Money each = Money.of(one.each().get(), one.amount().currency());
    Money other = part.listed().get();
    if (!each.currency().equals(version.currency()) || !other.currency().equals(each.currency())) {
      settler.doubt(
          "mfn: %s is priced in %s and listed in %s, under a contract in %s, and not compared"
              .formatted(item, each.currency(), other.currency(), version.currency()));
    } else if (other.compareAmount(each) < 0) {
      found.merge(
          "%s %s %s".formatted(item, each, other),
          new Bought(item, one.quantity(), each, other),
          (before, more) -> new Bought(item, before.quantity().add(more.quantity()), each, other));
    }
  }

  private static Money inContract(Facts.Sum one, ContractVersion version, Exchanged exchanged) {
    return exchanged.in(
        version.currency(), one.amount(), one.begins().atZone(ZoneOffset.UTC).toLocalDate());
  }

  private static Section section(
      Section.Kind kind,
      String clause,
      ContractVersion version,
      Party party,
      Instant from,
      Instant until,
      List<Line> lines,
      Money due) {
    return new Section(
        kind,
        clause,
        version.version(),
        version.basis(clause).toString(),
        party.id(),
        version.parties().stream()
            .map(Party::id)
            .filter(id -> !id.equals(party.id()))
            .findFirst()
            .orElse(party.id()),
        from,
        until,
        lines,
        due);
  }
}
