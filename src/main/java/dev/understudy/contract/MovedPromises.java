package dev.understudy.contract;

import dev.understudy.contract.MoneyTerms.CapacityClause;
import dev.understudy.contract.MoneyTerms.CommitmentClause;
import dev.understudy.exchange.Fact;
import dev.understudy.money.Money;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which commitments, and what capacity, traffic would leave or come to: these change statements.
 */
final class MovedPromises {
  private final List<ContractVersion> versions;
  private final Map<String, BigDecimal> left = new TreeMap<>();
  private final Map<String, BigDecimal> come = new TreeMap<>();

  MovedPromises(List<ContractVersion> versions) {
    this.versions = List.copyOf(versions);
  }

  /** An attempt that loses its target. */
  void leaves(Fact fact, long tokens) {
    Subject from = Subject.of(fact);
    add(left, from, tokens, fact.cost().map(cost -> cost.total()));
  }

  /** The same at who takes it. */
  void comes(Fact fact, DryRun.Way to, long tokens, Optional<Money> price) {
    Subject at =
        Subject.asker(fact.organisation(), fact.team(), fact.tags(), Set.of())
            .at(to.vendor(), to.kind(), to.model(), to.region());
    add(come, at, tokens, price);
  }

  private void add(Map<String, BigDecimal> sums, Subject at, long tokens, Optional<Money> worth) {
    for (ContractVersion version : versions) {
      for (CommitmentClause one : version.money().commitments()) {
        if (one.creditor().serves(at) && one.eligible().matches(at)) {
          String name = version.basis(one.id()).toString();
          switch (one.terms().kind()) {
            case SPEND ->
                worth
                    .filter(money -> money.currency().getCurrencyCode().equals(one.terms().unit()))
                    .ifPresent(money ->
                        sums.merge(
                            name + " " + one.terms().unit(), money.amount(), BigDecimal::add));
            case USAGE -> sums.merge(name + " tokens", BigDecimal.valueOf(tokens), BigDecimal::add);
            case CAPACITY -> {}
          }
        }
      }
      for (CapacityClause one : version.money().capacity()) {
        if (one.serves(at.vendor(), at.kind(), at.model())) {
          sums.merge(
              version.basis(one.id()) + " tokens", BigDecimal.valueOf(tokens), BigDecimal::add);
        }
      }
    }
  }

  /** In words, a line each. */
  List<String> lines() {
    var lines = new ArrayList<String>();
    left.forEach((name, much) ->
        lines.add(
            "%s: %s of these days would no longer count"
                .formatted(clause(name), much(name, much))));
    come.forEach((name, much) ->
        lines.add("%s: %s of these days would count".formatted(clause(name), much(name, much))));
    return lines;
  }

  private static String clause(String name) {
    return name.substring(0, name.lastIndexOf(' '));
  }

  private static String much(String name, BigDecimal much) {
    return much.stripTrailingZeros().toPlainString() + name.substring(name.lastIndexOf(' '));
  }
}
