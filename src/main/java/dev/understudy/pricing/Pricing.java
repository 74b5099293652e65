package dev.understudy.pricing;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Usage;
import dev.understudy.money.Cost;
import dev.understudy.money.Money;
import dev.understudy.pricing.Prices.Offer;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Prices one usage: finds the price that held, and applies it to every leaf and unit. */
final class Pricing {
  /** A unit of more digits is not a quantity but mischief: its product would not fit memory. */
  private static final int DIGITS_MAX = 30;

  private final Use use;
  private final Cumulative before;
  private final List<Offer> offers;
  private final String nobody;
  private final Prices.Fallback fallback;

  Pricing(Use use, Cumulative before, Prices.Offers offers, Prices.Fallback fallback) {
    this.use = use;
    this.before = before;
    this.offers = offers.all();
    this.nobody = offers.nobody();
    this.fallback = fallback;
  }

  Cost cost() {
    return from(0, nobody);
  }

  /** By the first offer from here on that holds at the time of use. */
  private Cost from(int first, String reason) {
    String why = reason;
    for (int i = first; i < offers.size(); i++) {
      Offer offer = offers.get(i);
      if (offer.model().isEmpty() && offer.vendor().basis().isPresent()) {
        return offBasis(i);
      }
      if (offer.model().isEmpty()) {
        Optional<Cost> reported = reported(offer);
        if (reported.isPresent()) {
          return reported.get();
        }
        why = nobody + ", and it reported no cost";
        continue;
      }
      Instant at = offer.vendor().byEnd() ? use.endedAt() : use.startedAt();
      Optional<PriceVersion> version = offer.model().get().at(at);
      if (version.isPresent()) {
        return by(i, version.get(), at);
      }
      why = notThen(offer.model().get(), at);
    }
    return unpriced(why);
  }

  private Cost by(int i, PriceVersion version, Instant at) {
    Offer offer = offers.get(i);
    Conditions conditions = conditions(offer.vendor(), version, at);
    Optional<PriceVersion.Quote> quote = version.under(conditions);
    if (quote.isEmpty()) {
      return unpriced(
          "no price for %s with %s"
              .formatted(Words.cut(offer.model().orElseThrow().name()), Words.cut(conditions)));
    }
    String name = quote.get().name();
    Currency currency = offer.book().currency();
    var lines = new ArrayList<Cost.Line>();
    var unpriced = new ArrayList<Cost.Unpriced>();
    Usage usage = use.usage();
    for (Map.Entry<Leaf, Long> entry : usage.tokens().byLeaf().entrySet()) {
      long count = entry.getValue();
      if (count == 0) {
        continue;
      }
      Leaf leaf = entry.getKey();
      Optional<Price> price = price(leaf, quote.get().prices(), offer.vendor());
      if (price.isPresent()) {
        lines.add(line(leaf.name(), BigDecimal.valueOf(count), price.get(), name, currency));
      } else {
        unpriced.add(
            new Cost.Unpriced(
                leaf.name(),
                BigDecimal.valueOf(count),
                "no price in " + name,
                Prices.counted(offer.unpriced(), leaf.direction(), count, currency)));
      }
    }
    for (Map.Entry<String, BigDecimal> entry : usage.units().entrySet()) {
      unit(entry.getKey(), entry.getValue(), offer, quote.get(), lines, unpriced);
    }
    if (!unpriced.isEmpty() && offer.vendor().rest()) {
      restBy(i + 1, currency, lines, unpriced);
    }
    if (version.minimum().signum() > 0) {
      toMinimum(version.minimum(), currency, lines);
    }
    return Cost.of(lines, unpriced, currency, name);
  }

  /** What the vendor itself says the call cost. */
  private Optional<Cost> reported(Offer offer) {
    VendorPrices.Reported reported = offer.vendor().reported().orElseThrow();
    BigDecimal quantity = use.usage().units().get(reported.unit());
    if (quantity == null || !isQuantity(quantity)) {
      return Optional.empty();
    }
    String name = offer.book().name() + "/" + offer.vendor().name() + " as reported";
    var price = new Price.Flat(reported.each());
    Currency currency = offer.book().currency();
    return Optional.of(
        Cost.of(
            List.of(line(reported.unit(), quantity, price, name, currency)),
            List.of(),
            currency,
            name));
  }

  private void unit(
      String unit,
      BigDecimal quantity,
      Offer offer,
      PriceVersion.Quote quote,
      List<Cost.Line> lines,
      List<Cost.Unpriced> unpriced) {
    VendorPrices vendor = offer.vendor();
    if (quantity.signum() == 0 || vendor.signals().containsKey(unit)) {
      return;
    }
    Currency currency = offer.book().currency();
    Price price = quote.prices().units().get(unit);
    if (price != null && isQuantity(quantity)) {
      lines.add(line(unit, quantity, price, quote.name(), currency));
    } else if (price != null || !vendor.isFree(unit)) {
      unpriced.add(unpricedUnit(unit, quantity, "no price in " + quote.name(), offer.unpriced()));
    }
  }

  private Cost.Unpriced unpricedUnit(
      String unit, BigDecimal quantity, String reason, PriceBook.Unpriced rates) {
    boolean real = isQuantity(quantity);
    // Some units are tokens under another model's prices.
    BigDecimal each =
        !unit.endsWith("_tokens")
            ? rates.unit()
            : unit.contains("output") ? rates.output() : rates.input();
    return new Cost.Unpriced(
        Words.cut(unit),
        real ? quantity : BigDecimal.ZERO,
        real ? reason : "what the vendor sent is no quantity",
        Money.of(real ? quantity.multiply(each) : rates.unit(), currency()));
  }

  private Currency currency() {
    return offers.isEmpty() ? fallback.currency() : offers.getFirst().book().currency();
  }

  private static boolean isQuantity(BigDecimal quantity) {
    return quantity.signum() >= 0
        && quantity.precision() <= DIGITS_MAX
        && Math.abs(quantity.scale()) <= DIGITS_MAX;
  }

  private Cost.Line line(
      String item, BigDecimal quantity, Price price, String name, Currency currency) {
    if (price instanceof Price.Flat(BigDecimal each)) {
      return new Cost.Line(
          item, quantity, Optional.of(each), Money.of(each.multiply(quantity), currency));
    }
    BigDecimal added = price.added(before.before(use.vendor(), name, item), quantity);
    return new Cost.Line(item, quantity, Optional.empty(), Money.of(added, currency));
  }

  /** The leaf's own price, else that of the leaf it is declared to fall back to. */
  static Optional<Price> price(Leaf leaf, RateTable prices, VendorPrices vendor) {
    Leaf wanted = leaf;
    // A parent is always a wider leaf, so this ends.
    while (wanted != null) {
      Price price = prices.tokens().get(wanted);
      if (price != null) {
        return Optional.of(price);
      }
      wanted = vendor.parents().get(wanted);
    }
    return Optional.empty();
  }

  private Conditions conditions(VendorPrices vendor, PriceVersion version, Instant at) {
    String tier =
        vendor.tier(use.tier().or(() -> use.usage().serviceTier()).orElse(VendorPrices.STANDARD));
    String region = vendor.region(use.region().orElse(VendorPrices.STANDARD));
    if (!vendor.signals().isEmpty()) {
      for (String unit : use.usage().units().keySet()) {
        Conditions signal = vendor.signals().get(unit);
        if (signal != null) {
          // The way of asking is sure; what the vendor says of the region comes first.
          tier = signal.tier().isEmpty() || use.tier().isPresent() ? tier : signal.tier();
          region = signal.region().isEmpty() ? region : vendor.region(signal.region());
        }
      }
    }
    return new Conditions(
        version.tier(tier),
        version.knowsRegions() ? region : "",
        version.above(version.counted().of(use.usage().tokens())),
        version.hours(at));
  }

  /** What this book has no price for, by the next that has. */
  private void restBy(
      int next, Currency currency, List<Cost.Line> lines, List<Cost.Unpriced> unpriced) {
    Cost other = from(next, nobody);
    if (!other.currency().equals(currency)) {
      return;
    }
    unpriced.removeIf(missing -> {
      for (Cost.Line line : other.lines()) {
        if (line.item().equals(missing.item())) {
          lines.add(line);
          return true;
        }
      }
      return false;
    });
  }

  private static void toMinimum(BigDecimal minimum, Currency currency, List<Cost.Line> lines) {
    BigDecimal sum = BigDecimal.ZERO;
    for (Cost.Line line : lines) {
      sum = sum.add(line.amount().amount());
    }
    if (sum.compareTo(minimum) < 0) {
      BigDecimal missing = minimum.subtract(sum);
      lines.add(
          new Cost.Line(
              "minimum", BigDecimal.ONE, Optional.of(missing), Money.of(missing, currency)));
    }
  }

  /** Made from the prices of the book it names. */
  private Cost offBasis(int i) {
    Offer offer = offers.get(i);
    VendorPrices.Basis basis = offer.vendor().basis().orElseThrow();
    int parent = i + 1;
    while (parent < offers.size() && !offers.get(parent).book().name().equals(basis.book())) {
      parent++;
    }
    Cost list = from(parent, "no price in book " + basis.book());
    var lines = new ArrayList<Cost.Line>();
    for (Cost.Line line : list.lines()) {
      lines.add(
          new Cost.Line(
              line.item(),
              line.quantity(),
              line.each().map(basis.times()::multiply),
              line.amount().times(basis.times())));
    }
    if (basis.plus().signum() > 0 && !(lines.isEmpty() && !list.unpriced().isEmpty())) {
      lines.add(
          new Cost.Line(
              "call",
              BigDecimal.ONE,
              Optional.of(basis.plus()),
              Money.of(basis.plus(), list.currency())));
    }
    String name =
        list.price().isEmpty()
            ? ""
            : "%s (%s times %s)"
                .formatted(offer.book().name(), list.price(), basis.times().toPlainString());
    return Cost.of(lines, list.unpriced(), list.currency(), name);
  }

  private Cost unpriced(String reason) {
    Currency currency = currency();
    PriceBook.Unpriced rates =
        offers.isEmpty() ? fallback.unpriced() : offers.getFirst().unpriced();
    var unpriced = new ArrayList<Cost.Unpriced>();
    for (Map.Entry<Leaf, Long> entry : use.usage().tokens().byLeaf().entrySet()) {
      if (entry.getValue() > 0) {
        unpriced.add(
            new Cost.Unpriced(
                entry.getKey().name(),
                BigDecimal.valueOf(entry.getValue()),
                reason,
                Prices.counted(rates, entry.getKey().direction(), entry.getValue(), currency)));
      }
    }
    for (Map.Entry<String, BigDecimal> entry : use.usage().units().entrySet()) {
      if (entry.getValue().signum() != 0 && !isKnownFree(entry.getKey())) {
        unpriced.add(unpricedUnit(entry.getKey(), entry.getValue(), reason, rates));
      }
    }
    return Cost.of(List.of(), unpriced, currency, "");
  }

  private boolean isKnownFree(String unit) {
    for (Offer offer : offers) {
      if (offer.vendor().isFree(unit) || offer.vendor().signals().containsKey(unit)) {
        return true;
      }
    }
    return false;
  }

  /** By the day and not by the moment, since what is told once a cause is told by these words. */
  private static String notThen(ModelPrices model, Instant at) {
    PriceVersion first = model.versions().getFirst();
    LocalDate day = at.atOffset(ZoneOffset.UTC).toLocalDate();
    return at.isBefore(first.from())
        ? "no price for %s on %s: its prices begin at %s".formatted(model.name(), day, first.from())
        : "no price for %s on %s: its prices end before".formatted(model.name(), day);
  }
}
