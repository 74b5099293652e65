package dev.understudy.pricing;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Leaf.Direction;
import dev.understudy.chat.Leaf.Modality;
import dev.understudy.chat.Leaf.Phase;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The prices among which the highest is that a token of text can come to under one quote.
 *
 * <p>Worked out once for each quote: there are forty kinds of tokens, most of them at few prices,
 * and a call is asked about before each of its attempts.
 *
 * @param in of tokens that go in; empty if none has a price
 * @param out of tokens that come out, likewise
 */
record Dearest(List<Price> in, List<Price> out) {
  private static final List<Leaf> IN =
      Leaves.names().stream()
          .map(name -> Leaves.named(name).orElseThrow())
          .filter(l -> l.direction() == Direction.INPUT && l.modality() == Modality.TEXT)
          .toList();

  private static final List<Leaf> OUT =
      Leaves.names().stream()
          .map(name -> Leaves.named(name).orElseThrow())
          .filter(l -> l.direction() == Direction.OUTPUT && l.modality() == Modality.TEXT)
          .filter(l -> l.phase() == Phase.MAIN || l.phase() == Phase.REASONING)
          .toList();

  static Dearest of(RateTable prices, VendorPrices vendor) {
    return new Dearest(of(IN, prices, vendor), of(OUT, prices, vendor));
  }

  private static List<Price> of(List<Leaf> leaves, RateTable prices, VendorPrices vendor) {
    Set<Price> others = new LinkedHashSet<>();
    Optional<BigDecimal> flat = Optional.empty();
    for (Leaf leaf : leaves) {
      Optional<Price> price = Pricing.price(leaf, prices, vendor);
      if (price.isPresent() && price.get() instanceof Price.Flat(BigDecimal each)) {
        flat = Optional.of(flat.map(each::max).orElse(each));
      } else {
        // How those compare depends on the quantity.
        price.ifPresent(others::add);
      }
    }
    var all = new ArrayList<Price>(others);
    flat.ifPresent(each -> all.add(new Price.Flat(each)));
    return List.copyOf(all);
  }
}
