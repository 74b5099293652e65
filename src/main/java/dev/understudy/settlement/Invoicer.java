package dev.understudy.settlement;

import dev.understudy.exchange.Fact;
import dev.understudy.exchange.Facts;
import dev.understudy.money.Cost;
import dev.understudy.money.Money;
import dev.understudy.settlement.Invoice.Item;
import dev.understudy.settlement.Tariff.Basis;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Makes what a customer is asked for a month of what its calls consumed. */
public final class Invoicer {
  /** More lines than this are more than anybody reads; lines by model have fewer. */
  private static final int LINES_MAX = 5_000;

  private final Tariff tariff;
  private final Exchanged fx;
  private final Map<List<String>, Running> lines = new TreeMap<>(Invoicer::compare);
  private final Set<String> doubts = new HashSet<>();

  private Invoicer(Tariff tariff, FxTable fx) {
    this.tariff = tariff;
    this.fx = new Exchanged(fx);
  }

  /** Prices an attempt by books of our own. */
  @FunctionalInterface
  public interface Tag {
    Cost cost(Fact fact);
  }

  /** What came of it, and what could not be told. */
  public record Draft(Invoice invoice, List<String> doubts) {
    public Draft {
      doubts = List.copyOf(doubts);
    }
  }

  /** One line as it grows. */
  private static final class Running {
    private BigDecimal quantity = BigDecimal.ZERO;
    private BigDecimal amount = BigDecimal.ZERO;
    private final Optional<BigDecimal> each;

    Running(Optional<BigDecimal> each) {
      this.each = each;
    }
  }

  /**
   * The invoice.
   *
   * @param tag for tariffs by books
   * @throws IOException if attempts cannot be read
   * @throws Unsettled if something is missing without which it would be wrong
   */
  public static Draft invoice(Tariff tariff, YearMonth period, Given given, Tag tag)
      throws IOException {
    var invoicer = new Invoicer(tariff, given.fx());
    Instant from = Statement.begin(period);
    Instant until = Statement.begin(period.plusMonths(1));
    switch (tariff.basis()) {
      case Basis.CostPlus plus when plus.plus().signum() == 0 ->
          given.facts().sums(from, until, Facts.Grain.DAY, sum -> invoicer.sum(sum, plus.times()));
      case Basis.CostPlus plus ->
          given.facts().each(from, until, fact -> invoicer.plus(fact, plus));
      case Basis.Books _ -> given.facts().each(from, until, fact -> invoicer.book(fact, tag));
    }
    return invoicer.draft(period);
  }

  private void sum(Facts.Sum sum, BigDecimal times) {
    Facts.Group group = sum.group();
    if (!group.purpose().isCallers()
        || sum.item().isEmpty()
        || !tariff.isFor(group.organisation(), group.team(), group.keyId())) {
      return;
    }
    if (!sum.priced()) {
      doubts.add(
          "%s of %s has no price and is not invoiced until it has"
              .formatted(sum.item(), group.model()));
      return;
    }
    add(
        group.team(),
        group.keyId(),
        group.vendor() + "/" + group.model(),
        sum.item(),
        sum.each().map(times::multiply),
        sum.quantity(),
        sum.amount().times(times),
        sum.begins());
  }

  private boolean isMeant(Fact fact) {
    return fact.purpose().isCallers()
        && tariff.isFor(fact.organisation(), fact.team(), fact.keyId());
  }

  private void plus(Fact fact, Basis.CostPlus plus) {
    if (!isMeant(fact) || fact.cost().isEmpty()) {
      return;
    }
    Cost cost = fact.cost().get();
    lines(fact, cost, plus.times());
    if (!cost.lines().isEmpty()) {
      add(
          fact.team(),
          fact.keyId(),
          fact.vendor() + "/" + fact.model(),
          "call",
          Optional.of(plus.plus()),
          BigDecimal.ONE,
          Money.of(plus.plus(), tariff.currency()),
          fact.occurredAt());
    }
  }

  private void book(Fact fact, Tag tag) {
    if (isMeant(fact) && !fact.leaves().isEmpty()) {
      lines(fact, tag.cost(fact), BigDecimal.ONE);
    }
  }

  private void lines(Fact fact, Cost cost, BigDecimal times) {
    for (Cost.Line line : cost.lines()) {
      add(
          fact.team(),
          fact.keyId(),
          fact.vendor() + "/" + fact.model(),
          line.item(),
          line.each().map(times::multiply),
          line.quantity(),
          line.amount().times(times),
          fact.occurredAt());
    }
    for (Cost.Unpriced one : cost.unpriced()) {
      doubts.add(
          "%s of %s has no price and is not invoiced until it has"
              .formatted(one.item(), fact.model()));
    }
  }

  private void add(
      String team,
      String key,
      String model,
      String item,
      Optional<BigDecimal> each,
      BigDecimal quantity,
      Money amount,
      Instant at) {
    if (quantity.signum() == 0 && amount.isZero()) {
      return;
    }
    String label =
        switch (tariff.by()) {
          case MODEL -> "";
          case TEAM -> team;
          case KEY -> key;
        };
    LocalDate day = at.atZone(ZoneOffset.UTC).toLocalDate();
    boolean same = amount.currency().equals(tariff.currency());
    // Exchanged at each day's rate there is no one price.
    Optional<BigDecimal> price = same ? each.map(BigDecimal::stripTrailingZeros) : Optional.empty();
    Running running =
        lines.computeIfAbsent(
            List.of(label, model, item, price.map(BigDecimal::toPlainString).orElse("")),
            _ -> new Running(price));
    running.quantity = running.quantity.add(quantity);
    running.amount = running.amount.add(fx.in(tariff.currency(), amount, day).amount());
    if (lines.size() > LINES_MAX) {
      throw new Unsettled(
          "an invoice of %s has more than %d lines; let its lines go by model"
              .formatted(tariff.customer(), LINES_MAX));
    }
  }

  private Draft draft(YearMonth period) {
    var items = new ArrayList<Item>();
    lines.forEach((key, running) -> {
      Money exact = Money.of(running.amount, tariff.currency());
      items.add(
          new Item(
              key.get(0),
              key.get(1),
              key.get(2),
              running.each,
              running.quantity,
              exact,
              Invoice.rounding(tariff.currency()).round(exact).money()));
    });
    return new Draft(
        Invoice.of(tariff.customer(), period, tariff.currency(), items, tariff.tax(), tariff.sold())
            .exchanging(Optional.of(fx.all())),
        doubts.stream().sorted().toList());
  }

  private static int compare(List<String> one, List<String> other) {
    for (int i = 0; i < one.size(); i++) {
      int compared = one.get(i).compareTo(other.get(i));
      if (compared != 0) {
        return compared;
      }
    }
    return 0;
  }
}
