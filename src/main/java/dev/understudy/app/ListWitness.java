package dev.understudy.app;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Usage;
import dev.understudy.exchange.Fact;
import dev.understudy.exchange.Facts;
import dev.understudy.money.Cost;
import dev.understudy.money.Money;
import dev.understudy.pricing.PriceBook;
import dev.understudy.pricing.Prices;
import dev.understudy.pricing.Use;
import dev.understudy.settlement.Given;
import dev.understudy.settlement.Invoicer;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks price books what attempts that were made would have cost by them. */
final class ListWitness {

  private ListWitness() {}

  /** What the lists among the books ask. */
  static Given.ListPrices lists(Prices prices) {
    return new Lists(
        new Prices(
            prices.books().stream().filter(book -> book.kind() == PriceBook.Kind.LIST).toList()));
  }

  /** Lists, asked for one of an item at the usual length of a request, or for a whole attempt. */
  private record Lists(Prices lists) implements Given.ListPrices {
    /** Longer than any request: what is asked for it too does not depend on length. */
    private static final long LONG = 1_000_000_000;

    @Override
    public Optional<Money> each(Facts.Sum sum) {
      return each(sum, sum.begins(), 1);
    }

    @Override
    public boolean isUneven(Facts.Sum sum) {
      Optional<Money> usual = each(sum);
      Instant last = sum.ends().minusMillis(1);
      return !usual.equals(each(sum, sum.begins(), LONG))
          || !usual.equals(
              each(sum, sum.begins().plus(Duration.between(sum.begins(), last).dividedBy(2)), 1))
          || !usual.equals(each(sum, last, 1));
    }

    @Override
    public Map<String, Money> each(Fact fact) {
      Cost cost = cost(lists, fact);
      var all = new HashMap<String, Money>();
      for (Cost.Line line : cost.lines()) {
        line.each().ifPresent(each -> all.put(line.item(), Money.of(each, cost.currency())));
      }
      return all;
    }

    /** For one of the item in a request of so many tokens more. */
    private Optional<Money> each(Facts.Sum sum, Instant at, long tokens) {
      Facts.Group group = sum.group();
      var items = new HashMap<>(Map.of(sum.item(), BigDecimal.ONE));
      items.merge(Leaf.INPUT.name(), BigDecimal.valueOf(tokens), BigDecimal::max);
      Cost cost =
          lists.cost(
              use(
                  group.vendor(),
                  group.kind(),
                  group.model(),
                  group.replyModel(),
                  group.region(),
                  group.tier(),
                  at,
                  usage(items)));
      return cost.lines().stream()
          .filter(line -> line.item().equals(sum.item()) && line.each().isPresent())
          .map(line -> Money.of(line.each().orElseThrow(), cost.currency()))
          .findFirst();
    }
  }

  /** What an attempt costs its caller by books of our own, whole. */
  static Invoicer.Tag tag(List<PriceBook> books) {
    var prices = new Prices(books);
    return fact -> cost(prices, fact);
  }

  private static Cost cost(Prices prices, Fact fact) {
    return prices.cost(
        use(
            fact.vendor(),
            fact.kind(),
            fact.model(),
            fact.replyModel(),
            fact.region(),
            fact.tier(),
            fact.occurredAt(),
            usage(fact.leaves())));
  }

  private static Use use(
      String vendor,
      String kind,
      String model,
      String replyModel,
      String region,
      String tier,
      Instant at,
      Usage usage) {
    return new Use(vendor, kind, model, some(replyModel), some(region), some(tier), at, at, usage);
  }

  private static Optional<String> some(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private static Usage usage(Map<String, BigDecimal> items) {
    Tokens tokens = Tokens.NONE;
    var units = new HashMap<String, BigDecimal>();
    for (Map.Entry<String, BigDecimal> one : items.entrySet()) {
      Leaf leaf = Leaf.named(one.getKey()).orElse(null);
      if (leaf == null) {
        units.put(one.getKey(), one.getValue());
      } else {
        tokens = tokens.with(leaf, one.getValue().longValueExact());
      }
    }
    return new Usage(tokens, units, Optional.empty(), Optional.empty(), false, List.of());
  }
}
