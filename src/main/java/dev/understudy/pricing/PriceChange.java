package dev.understudy.pricing;

import dev.understudy.money.Rounding;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One price that differs between two books, as it holds at the end of each.
 *
 * @param item vendor, model, conditions and leaf or unit
 * @param before empty if it is new
 * @param after empty if it is gone
 */
public record PriceChange(String item, Optional<BigDecimal> before, Optional<BigDecimal> after) {
  private static final BigDecimal TWO = BigDecimal.valueOf(2);

  /** Everything that differs in the newest prices of each model, and in when they begin. */
  public static List<PriceChange> between(PriceBook before, PriceBook after) {
    Map<String, BigDecimal> old = flat(before);
    Map<String, BigDecimal> now = flat(after);
    var all = new TreeSet<>(old.keySet());
    all.addAll(now.keySet());
    var changes = new ArrayList<PriceChange>();
    for (String item : all) {
      Optional<BigDecimal> was = Optional.ofNullable(old.get(item));
      Optional<BigDecimal> is = Optional.ofNullable(now.get(item));
      if (was.isEmpty() || is.isEmpty() || was.get().compareTo(is.get()) != 0) {
        changes.add(new PriceChange(item, was, is));
      }
    }
    return changes;
  }

  /** Whether it is more than twice, or less than half, of what it was: often a slip. */
  public boolean isDoubtful() {
    if (before.isEmpty() || after.isEmpty()) {
      return false;
    }
    BigDecimal was = before.get();
    BigDecimal is = after.get();
    return is.compareTo(was.multiply(TWO)) > 0 || was.compareTo(is.multiply(TWO)) > 0;
  }

  /** The change for people: old, new, by how many percent. */
  public String line() {
    String was = before.map(BigDecimal::toPlainString).orElse("none");
    String is = after.map(BigDecimal::toPlainString).orElse("none");
    String percent = "";
    if (before.isPresent() && after.isPresent() && before.get().signum() > 0) {
      BigDecimal change =
          new Rounding(RoundingMode.HALF_EVEN, 1)
              .divide(after.get().subtract(before.get()).movePointRight(2), before.get());
      percent = " (%s%s %%)".formatted(change.signum() > 0 ? "+" : "", change.toPlainString());
    }
    return "%s %s: %s -> %s%s%s"
        .formatted(
            before.isEmpty() ? "+" : after.isEmpty() ? "-" : "~",
            item,
            was,
            is,
            percent,
            isDoubtful() ? "  ! more than a factor of two" : "");
  }

  private static Map<String, BigDecimal> flat(PriceBook book) {
    var flat = new TreeMap<String, BigDecimal>();
    for (VendorPrices vendor : book.vendors().values()) {
      for (ModelPrices model : vendor.models()) {
        flat(vendor.name() + "/" + model.name(), model.versions().getLast(), flat);
      }
    }
    return flat;
  }

  private static void flat(String model, PriceVersion version, Map<String, BigDecimal> flat) {
    for (Rates.Table table : version.rates().tables()) {
      String when = table.when().isUsual() ? "" : " [" + table.when() + "]";
      table
          .prices()
          .tokens()
          .forEach((leaf, price) -> flat(model + when + " " + leaf.name(), price, 6, flat));
      table
          .prices()
          .units()
          .forEach((unit, price) -> flat(model + when + " " + unit, price, 0, flat));
    }
    for (Rates.Factor factor : version.rates().factors()) {
      flat.put(model + " [" + factor.when() + "] factor", factor.times());
    }
    if (version.minimum().signum() > 0) {
      flat.put(model + " minimum", version.minimum());
    }
  }

  private static void flat(String item, Price price, int digits, Map<String, BigDecimal> flat) {
    switch (price) {
      case Price.Flat(BigDecimal each) -> flat.put(item, each.movePointRight(digits));
      case Price.Graduated(List<Price.Step> steps) -> steps(item, steps, digits, flat);
      case Price.Volume(List<Price.Step> steps) -> steps(item, steps, digits, flat);
      case Price.Packages(BigDecimal size, BigDecimal each) ->
          flat.put(item + " for " + size.toPlainString(), each);
    }
  }

  private static void steps(
      String item, List<Price.Step> steps, int digits, Map<String, BigDecimal> flat) {
    for (Price.Step step : steps) {
      String to = step.isLast() ? " beyond" : " up to " + step.upTo().toPlainString();
      flat.put(item + to, step.each().movePointRight(digits));
    }
  }
}
