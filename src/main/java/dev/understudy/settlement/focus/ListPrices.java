package dev.understudy.settlement.focus;

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
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What one of each item of a call costs by the vendor's published list. */
public final class ListPrices {
  private static final Pattern ABOVE = Pattern.compile(", .*above ([0-9]{1,9})");

  private final Prices lists;
  private final Set<String> names = new HashSet<>();

  private ListPrices(Prices lists, List<PriceBook> books) {
    this.lists = lists;
    books.forEach(book -> names.add(book.name()));
  }

  /** Those of the books in force, without what was negotiated. */
  public static ListPrices of(Prices prices) {
    List<PriceBook> lists =
        prices.books().stream().filter(book -> book.kind() == PriceBook.Kind.LIST).toList();
    return new ListPrices(lists.isEmpty() ? Prices.NONE : new Prices(lists), lists);
  }

  /** All prices of books, whatever their kind: what we ask of others. */
  public static ListPrices ofAll(Prices prices) {
    return new ListPrices(prices, prices.books());
  }

  /**
   * A call's items at the list.
   *
   * @param price the name of the price, empty where the list has none
   * @param each by item, where one price holds for all of it; none in another currency than the
   *     cost's
   */
  record Listed(String price, Map<String, BigDecimal> each) {}

  /** By the list as it was when the call was made. */
  Listed of(Fact fact) {
    Cost cost = fact.cost().orElseThrow();
    Cost listed = isByList(cost.price()) ? cost : lists.cost(use(fact));
    Map<String, BigDecimal> each = new HashMap<>();
    // A list in another currency than the bill's says nothing in the bill's.
    if (listed.currency().equals(cost.currency())) {
      for (Cost.Line line : listed.lines()) {
        line.each().ifPresent(one -> each.put(line.item(), one));
      }
    }
    return new Listed(listed.price(), each);
  }

  /** Whether a price of that name is a list's. */
  public boolean isByList(String price) {
    int slash = price.indexOf('/');
    return slash > 0 && names.contains(price.substring(0, slash));
  }

  /**
   * What one of an item costs by the list, under the conditions that the name of our price tells.
   *
   * @return empty where the list has no such price
   */
  public Optional<Money> each(Facts.Group group, String item, Instant at) {
    var tokens = new TreeMap<Leaf, Long>();
    Leaf leaf = Leaf.named(item).orElse(null);
    if (leaf != null) {
      tokens.merge(leaf, 1L, Long::sum);
    }
    Matcher above = ABOVE.matcher(group.price());
    if (above.find()) {
      // A long request: so many tokens go in that the threshold is passed.
      tokens.merge(Leaf.INPUT, Long.parseLong(above.group(1)) + 1, Long::sum);
    }
    var usage =
        new Usage(
            new Tokens(tokens),
            leaf == null ? Map.of(item, BigDecimal.ONE) : Map.of(),
            said(group.tier()),
            Optional.empty(),
            group.estimated(),
            List.of());
    Cost cost =
        lists.cost(
            new Use(
                group.vendor(),
                group.kind(),
                group.model(),
                said(group.replyModel()),
                said(group.region()),
                Optional.empty(),
                at,
                at,
                usage));
    for (Cost.Line line : cost.lines()) {
      if (line.item().equals(item)) {
        return line.each().map(one -> Money.of(one, line.amount().currency()));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> said(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private static Use use(Fact fact) {
    var tokens = new TreeMap<Leaf, Long>();
    Map<String, BigDecimal> units = new HashMap<>();
    for (Map.Entry<String, BigDecimal> one : fact.leaves().entrySet()) {
      Leaf leaf = Leaf.named(one.getKey()).orElse(null);
      if (leaf == null) {
        units.put(one.getKey(), one.getValue());
      } else {
        tokens.put(leaf, one.getValue().longValueExact());
      }
    }
    var usage =
        new Usage(
            new Tokens(tokens),
            units,
            said(fact.tier()),
            Optional.empty(),
            fact.estimated(),
            List.of());
    return new Use(
        fact.vendor(),
        fact.kind(),
        fact.model(),
        said(fact.replyModel()),
        said(fact.region()),
        Optional.empty(),
        fact.occurredAt(),
        fact.occurredAt(),
        usage);
  }
}
