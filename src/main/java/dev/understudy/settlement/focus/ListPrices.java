package dev.understudy.settlement.focus;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Usage;
import dev.understudy.exchange.Fact;
import dev.understudy.money.Cost;
import dev.understudy.pricing.PriceBook;
import dev.understudy.pricing.Prices;
import dev.understudy.pricing.Use;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What one of each item of a call costs by the vendor's published list. */
public final class ListPrices {
  private static final Map<String, Leaf> LEAVES = leaves();

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

  /**
   * A call's items at the list.
   *
   * @param price the name of the price, empty where the list has none
   * @param each by item, where one price holds for all of it
   */
  record Listed(String price, Map<String, BigDecimal> each) {}

  /** By the list as it was when the call was made. */
  Listed of(Fact fact) {
    Cost cost = fact.cost().orElseThrow();
    int slash = cost.price().indexOf('/');
    boolean byList = slash > 0 && names.contains(cost.price().substring(0, slash));
    Cost listed = byList ? cost : lists.cost(use(fact));
    Map<String, BigDecimal> each = new HashMap<>();
    for (Cost.Line line : listed.lines()) {
      line.each().ifPresent(one -> each.put(line.item(), one));
    }
    return new Listed(listed.price(), each);
  }

  private static Use use(Fact fact) {
    var tokens = new TreeMap<Leaf, Long>();
    Map<String, BigDecimal> units = new HashMap<>();
    for (Map.Entry<String, BigDecimal> one : fact.leaves().entrySet()) {
      Leaf leaf = LEAVES.get(one.getKey());
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
            Optional.of(fact.tier()).filter(tier -> !tier.isEmpty()),
            Optional.empty(),
            fact.estimated(),
            List.of());
    return new Use(
        fact.vendor(),
        fact.kind(),
        fact.model(),
        Optional.of(fact.replyModel()).filter(model -> !model.isEmpty()),
        Optional.of(fact.region()).filter(region -> !region.isEmpty()),
        Optional.empty(),
        fact.occurredAt(),
        fact.occurredAt(),
        usage);
  }

  /** The leaf of a name, if it is one. */
  static Optional<Leaf> leaf(String item) {
    return Optional.ofNullable(LEAVES.get(item));
  }

  private static Map<String, Leaf> leaves() {
    Map<String, Leaf> leaves = new HashMap<>();
    for (Leaf.Direction direction : Leaf.Direction.values()) {
      for (Leaf.Modality modality : Leaf.Modality.values()) {
        for (Leaf.Cache cache : Leaf.Cache.values()) {
          for (Leaf.Phase phase : Leaf.Phase.values()) {
            var leaf = new Leaf(direction, modality, cache, phase);
            leaves.put(leaf.name(), leaf);
          }
        }
      }
    }
    return leaves;
  }
}
