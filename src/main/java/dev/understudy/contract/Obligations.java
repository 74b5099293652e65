package dev.understudy.contract;

import dev.understudy.contract.Duties.ChangeOfControl;
import dev.understudy.contract.Happening.Kind;
import dev.understudy.contract.MoneyTerms.CommitmentClause;
import dev.understudy.contract.MoneyTerms.ShareClause;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** The calendar of what is due under contracts in force: a pure function of how they stand. */
public final class Obligations {
  private final ContractState state;
  private final List<Logged> log;
  private final LocalDate from;
  private final LocalDate until;
  private final TreeSet<Obligation> due = new TreeSet<>();

  private Obligations(ContractState state, List<Logged> log, LocalDate from, LocalDate until) {
    this.state = state;
    this.log = log;
    this.from = from;
    this.until = until;
  }

  /**
   * What is due from a day until another, both included, in order.
   *
   * @param log what happened, in order
   */
  public static List<Obligation> of(
      ContractState state, List<Logged> log, LocalDate from, LocalDate until) {
    var calendar = new Obligations(state, log, from, until);
    Instant at = from.atStartOfDay(ZoneOffset.UTC).toInstant();
    for (Contract contract : state.book().contracts()) {
      for (ContractVersion version : contract.versions()) {
        Span inForce = contract.inForce(version);
        boolean superseded = inForce.to().isPresent() && !inForce.to().equals(version.term().to());
        if (!inForce.isOver(at) && !superseded) {
          calendar.version(version);
        }
      }
    }
    for (ContractState.Standing standing : state.triggers()) {
      calendar.trigger(standing);
    }
    return List.copyOf(calendar.due);
  }

  private void add(LocalDate day, ContractVersion version, String clause, String what) {
    if (!day.isBefore(from) && !day.isAfter(until)) {
      due.add(new Obligation(day, version.basis(clause), what));
    }
  }

  private static LocalDate day(Instant instant) {
    return instant.atZone(ZoneOffset.UTC).toLocalDate();
  }

  /** The last day of a span. */
  private void ends(Span span, ContractVersion version, String clause, String what) {
    span.to().ifPresent(to -> add(day(to.minusMillis(1)), version, clause, what));
  }

  private void version(ContractVersion version) {
    term(version);
    Rights rights = version.rights();
    for (Exclusivity one : rights.exclusivities()) {
      ends(
          one.window(),
          version,
          one.id(),
          "%s of %s to %s ends"
              .formatted(word(one.kind()), word(one.of()), one.beneficiary().id()));
    }
    for (License one : rights.licenses()) {
      ends(
          one.span(),
          version,
          one.id(),
          "licence of %s to %s ends".formatted(word(one.of()), one.licensee().id()));
    }
    for (FirstRefusal one : rights.refusals()) {
      ends(
          one.window(),
          version,
          one.id(),
          "right of first refusal of " + one.holder().id() + " ends");
      for (Offer offer :
          state
              .facts()
              .offers()
              .getOrDefault(Circumstances.key(version.contract(), one.id()), List.of())) {
        if (offer.state() == Offer.State.NOTICED) {
          offer
              .expires()
              .ifPresent(day ->
                  add(
                      day,
                      version,
                      one.id(),
                      "%s answers offer %s by then".formatted(one.holder().id(), offer.id())));
        } else if (offer.state() == Offer.State.DRAFTED) {
          add(
              from,
              version,
              one.id(),
              "notice of offer %s to %s".formatted(offer.id(), one.holder().id()));
        }
      }
    }
    for (CommitmentClause one : version.money().commitments()) {
      add(
          day(one.terms().to().minusMillis(1)),
          version,
          one.id(),
          "commitment of %s %s ends; what is not used is to %s"
              .formatted(
                  one.terms().amount().toPlainString(),
                  one.terms().unit(),
                  word(one.terms().shortfall())));
      one.terms()
          .prepay()
          .ifPresent(paid ->
              add(
                  day(paid.at()),
                  version,
                  one.id(),
                  "%s pays %s %% of the commitment ahead"
                      .formatted(
                          one.debtor().id(),
                          paid.part().movePointRight(2).stripTrailingZeros().toPlainString())));
    }
    version
        .money()
        .capacity()
        .forEach(one ->
            ends(one.window(), version, one.id(), "capacity of " + one.host().id() + " ends"));
    version.money().shares().forEach(one -> statements(version, one));
    version.duties().paths().forEach(one -> path(version, one));
    version.duties().changeOfControl().ifPresent(one -> takeovers(version, one));
    releases(version);
  }

  private void term(ContractVersion version) {
    Optional<Instant> end = version.term().to();
    if (end.isEmpty()) {
      return;
    }
    LocalDate last = day(end.get());
    if (version.renewal().auto()) {
      add(
          version.duties().notice().latest(last, version.renewal().noticeDays()),
          version,
          "term",
          "last day to stop the renewal at " + last);
    } else {
      add(day(end.get().minusMillis(1)), version, "term", "the contract ends");
      version
          .duties()
          .exit()
          .ifPresent(exit -> {
            if (exit.transitionMonths() > 0) {
              add(last.plusMonths(exit.transitionMonths()), version, "exit", "transition ends");
            }
            if (exit.dataReturnDays() > 0) {
              add(last.plusDays(exit.dataReturnDays()), version, "exit", "data is returned");
            }
          });
    }
    version
        .duties()
        .notice()
        .termination()
        .forEach((party, days) ->
            add(
                version.duties().notice().latest(last, days),
                version,
                "notice",
                "last day for %s to give notice for the end of the term".formatted(party)));
  }

  private void statements(ContractVersion version, ShareClause share) {
    LocalDate month = from.minusDays(share.dueDays()).withDayOfMonth(1);
    for (int i = 0; i < 24 && !month.isAfter(until); i++) {
      LocalDate next = month.plusMonths(1);
      Instant begins = month.atStartOfDay(ZoneOffset.UTC).toInstant();
      if (share
          .window()
          .overlaps(new Span(begins, Optional.of(next.atStartOfDay(ZoneOffset.UTC).toInstant())))) {
        add(
            next.plusDays(share.dueDays()),
            version,
            share.id(),
            "statement of %s from %s to %s"
                .formatted(
                    month.toString().substring(0, 7), share.payer().id(), share.payee().id()));
      }
      month = next;
    }
  }

  private void path(ContractVersion version, SharePath path) {
    for (int year = from.getYear(); year <= until.getYear(); year++) {
      LocalDate first = LocalDate.of(year, 1, 1);
      Instant at = first.atStartOfDay(ZoneOffset.UTC).toInstant();
      if (path.window().contains(at) || path.window().to().filter(at::equals).isPresent()) {
        add(
            first,
            version,
            path.id(),
            "%s of the share is to be away from %s%s"
                .formatted(
                    SharePath.percent(path.at(at)),
                    path.awayFrom().id(),
                    path.binding() ? "" : ", a goal"));
      }
    }
  }

  private void takeovers(ContractVersion version, ChangeOfControl clause) {
    for (Logged one : log) {
      Happening what = one.what();
      boolean bites =
          what.kind() == Kind.TAKEOVER
              && what.contract().equals(version.contract())
              && what.detail("party").equals(clause.of().id())
              && clause.competitors().contains(what.detail("acquirer"));
      if (!bites) {
        continue;
      }
      LocalDate on = day(what.at());
      String who = "%s took %s over".formatted(what.detail("acquirer"), what.detail("party"));
      add(
          on.plusDays(clause.terminateRightDays()),
          version,
          "change-of-control",
          who + ": last day to end the contract");
      if (clause.priceLockMonths() > 0) {
        add(
            on.plusMonths(clause.priceLockMonths()),
            version,
            "change-of-control",
            who + ": prices are locked until then");
      }
      if (clause.escrowRelease()) {
        add(
            on.isBefore(from) ? from : on,
            version,
            "change-of-control",
            who + ": " + escrow(version));
      }
    }
  }

  /** What is kept in escrow under a version, and by whom. */
  private static String escrow(ContractVersion version) {
    var kept = new ArrayList<String>();
    for (License license : version.rights().licenses()) {
      license.escrow().ifPresent(one -> kept.add(license.id() + " by " + one.agent()));
    }
    return kept.isEmpty()
        ? "escrow is to be released"
        : "escrow is to be released: " + String.join(", ", kept);
  }

  private void releases(ContractVersion version) {
    for (Logged one : log) {
      Happening what = one.what();
      if (what.kind() == Kind.RELEASE && what.contract().equals(version.contract())) {
        version.rights().licenses().stream()
            .filter(license -> license.id().equals(what.clause()))
            .forEach(license ->
                license
                    .escrow()
                    .ifPresent(escrow ->
                        add(
                            day(what.at()).isBefore(from) ? from : day(what.at()),
                            version,
                            license.id(),
                            "%s gives %s out of escrow: %s on %s"
                                .formatted(
                                    escrow.agent(),
                                    word(license.of()),
                                    what.detail("event"),
                                    day(what.at())))));
      }
    }
  }

  private void trigger(ContractState.Standing standing) {
    TriggerState trigger = standing.state();
    ContractVersion version = standing.version();
    if (trigger.phase() == TriggerState.Phase.UNDER_VERIFICATION) {
      trigger
          .due()
          .ifPresent(at -> add(day(at), version, standing.trigger().id(), "verification is due"));
    }
    if (trigger.phase() == TriggerState.Phase.PENDING) {
      trigger
          .effective()
          .ifPresent(at -> add(day(at), version, standing.trigger().id(), "effects begin"));
    }
    if (!trigger.waiting().isEmpty()) {
      add(
          from,
          version,
          standing.trigger().id(),
          "another person is to approve: " + String.join(", ", trigger.waiting()));
    }
  }

  private static String word(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
