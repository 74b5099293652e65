package dev.understudy.pricing;

import dev.understudy.chat.Leaf.Direction;
import dev.understudy.money.Cost;
import dev.understudy.money.Money;
import dev.understudy.pricing.Prices.Offer;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

/** Bounds what a call of text may cost before it is made, by the price that would hold now. */
final class WorstCase {
  private final Ask ask;
  private final List<Offer> offers;
  private final String nobody;
  private final Prices.Fallback fallback;

  WorstCase(Ask ask, Prices.Offers offers, Prices.Fallback fallback) {
    this.ask = ask;
    this.offers = offers.all();
    this.nobody = offers.nobody();
    this.fallback = fallback;
  }

  Cost cost() {
    return from(0);
  }

  private Cost from(int first) {
    for (int i = first; i < offers.size(); i++) {
      Offer offer = offers.get(i);
      if (offer.model().isEmpty() && offer.vendor().basis().isPresent()) {
        return offBasis(i);
      }
      if (offer.model().isEmpty()) {
        continue;
      }
      Optional<PriceVersion> version = offer.model().get().at(ask.at());
      if (version.isPresent()) {
        return by(offer, version.get());
      }
    }
    Currency currency =
        offers.isEmpty() ? fallback.currency() : offers.getFirst().book().currency();
    PriceBook.Unpriced rates =
        offers.isEmpty() ? fallback.unpriced() : offers.getFirst().unpriced();
    var unpriced = new ArrayList<Cost.Unpriced>();
    unpriced.add(unpriced("input", Direction.INPUT, ask.inputTokensMax(), nobody, rates, currency));
    unpriced.add(
        unpriced("output", Direction.OUTPUT, ask.outputTokensMax(), nobody, rates, currency));
    return Cost.of(List.of(), unpriced, currency, "");
  }

  private Cost by(Offer offer, PriceVersion version) {
    Optional<BigDecimal> in = Optional.empty();
    Optional<BigDecimal> out = Optional.empty();
    String name = "";
    for (Conditions conditions : conditions(offer.vendor(), version)) {
      Optional<PriceVersion.Quote> quote = version.under(conditions);
      if (quote.isPresent()) {
        Dearest dearest = quote.get().dearest(offer.vendor());
        in = max(in, worst(dearest.in(), ask.inputTokensMax()));
        out = max(out, worst(dearest.out(), ask.outputTokensMax()));
        name = quote.get().name();
      }
    }
    Currency currency = offer.book().currency();
    var lines = new ArrayList<Cost.Line>();
    var unpriced = new ArrayList<Cost.Unpriced>();
    put("input", Direction.INPUT, ask.inputTokensMax(), in, offer, lines, unpriced);
    put("output", Direction.OUTPUT, ask.outputTokensMax(), out, offer, lines, unpriced);
    BigDecimal sum = in.orElse(BigDecimal.ZERO).add(out.orElse(BigDecimal.ZERO));
    if (sum.compareTo(version.minimum()) < 0) {
      BigDecimal missing = version.minimum().subtract(sum);
      lines.add(
          new Cost.Line(
              "minimum", BigDecimal.ONE, Optional.of(missing), Money.of(missing, currency)));
    }
    return Cost.of(lines, unpriced, currency, name);
  }

  /** Every combination that the call may turn out to be under. */
  private List<Conditions> conditions(VendorPrices vendor, PriceVersion version) {
    String tier = version.tier(vendor.tier(ask.tier().orElse(VendorPrices.STANDARD)));
    List<String> regions;
    if (!version.knowsRegions()) {
      regions = List.of("");
    } else if (ask.region().isPresent()) {
      regions = List.of(vendor.region(ask.region().get()));
    } else {
      regions = version.regions();
    }
    List<String> hours = vendor.byEnd() ? version.allHours() : List.of(version.hours(ask.at()));
    var all = new ArrayList<Conditions>();
    for (String region : regions) {
      for (int above : version.reachable(ask.inputTokensMax())) {
        for (String window : hours) {
          all.add(new Conditions(tier, region, above, window));
        }
      }
    }
    return all;
  }

  private static Optional<BigDecimal> worst(List<Price> prices, long count) {
    Optional<BigDecimal> worst = Optional.empty();
    BigDecimal quantity = BigDecimal.valueOf(count);
    for (int i = 0; i < prices.size(); i++) {
      worst = max(worst, Optional.of(prices.get(i).worst(quantity)));
    }
    return worst;
  }

  private static Optional<BigDecimal> max(Optional<BigDecimal> a, Optional<BigDecimal> b) {
    if (a.isEmpty() || b.isEmpty()) {
      return a.or(() -> b);
    }
    return Optional.of(a.get().max(b.get()));
  }

  private void put(
      String item,
      Direction direction,
      long count,
      Optional<BigDecimal> amount,
      Offer offer,
      List<Cost.Line> lines,
      List<Cost.Unpriced> unpriced) {
    Currency currency = offer.book().currency();
    if (amount.isPresent()) {
      lines.add(
          new Cost.Line(
              item, BigDecimal.valueOf(count), Optional.empty(), Money.of(amount.get(), currency)));
    } else {
      String reason =
          "no price for %s with %s"
              .formatted(Words.cut(ask.model()), Words.cut("tier " + ask.tier().orElse("usual")));
      unpriced.add(unpriced(item, direction, count, reason, offer.unpriced(), currency));
    }
  }

  private static Cost.Unpriced unpriced(
      String item,
      Direction direction,
      long count,
      String reason,
      PriceBook.Unpriced rates,
      Currency currency) {
    return new Cost.Unpriced(
        item, BigDecimal.valueOf(count), reason, Prices.counted(rates, direction, count, currency));
  }

  private Cost offBasis(int i) {
    VendorPrices.Basis basis = offers.get(i).vendor().basis().orElseThrow();
    int parent = i + 1;
    while (parent < offers.size() && !offers.get(parent).book().name().equals(basis.book())) {
      parent++;
    }
    Cost list = from(parent);
    var lines = new ArrayList<Cost.Line>();
    for (Cost.Line line : list.lines()) {
      lines.add(
          new Cost.Line(
              line.item(), line.quantity(), line.each(), line.amount().times(basis.times())));
    }
    lines.add(
        new Cost.Line(
            "call",
            BigDecimal.ONE,
            Optional.of(basis.plus()),
            Money.of(basis.plus(), list.currency())));
    return Cost.of(lines, list.unpriced(), list.currency(), list.price());
  }
}
