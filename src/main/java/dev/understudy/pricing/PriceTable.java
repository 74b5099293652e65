package dev.understudy.pricing;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Prices as lines of text for people. */
public final class PriceTable {
  private PriceTable() {}

  /**
   * The prices that hold at an instant.
   *
   * @param wanted a vendor, or a vendor and a model as {@code vendor/model}; empty for everything
   */
  public static List<String> lines(Prices prices, String wanted, Instant at) {
    int slash = wanted.indexOf('/');
    String vendor = slash < 0 ? wanted : wanted.substring(0, slash);
    String model = slash < 0 ? "" : wanted.substring(slash + 1);
    var lines = new ArrayList<String>();
    for (PriceBook book : prices.books()) {
      for (String name : new TreeSet<>(book.vendors().keySet())) {
        if (vendor.isEmpty() || name.equals(vendor)) {
          lines(book, Objects.requireNonNull(book.vendors().get(name)), model, at, lines);
        }
      }
    }
    return lines;
  }

  private static void lines(
      PriceBook book, VendorPrices vendor, String model, Instant at, List<String> lines) {
    List<ModelPrices> models =
        model.isEmpty()
            ? vendor.models()
            : vendor.index().find(model).map(List::of).orElse(List.of());
    for (ModelPrices prices : models) {
      Optional<PriceVersion> version = prices.at(at);
      version.ifPresent(v -> lines(book, vendor.name() + "/" + prices.name(), v, lines));
    }
    vendor
        .basis()
        .filter(_ -> models.isEmpty())
        .ifPresent(basis ->
            lines.add(
                "%s: book %s times %s plus %s %s a call (book %s)"
                    .formatted(
                        vendor.name(),
                        basis.book(),
                        basis.times().toPlainString(),
                        basis.plus().toPlainString(),
                        book.currency(),
                        book.name())));
    vendor
        .reported()
        .filter(_ -> models.isEmpty())
        .ifPresent(reported ->
            lines.add(
                "%s: as it reports in %s (book %s)"
                    .formatted(vendor.name(), reported.unit(), book.name())));
  }

  private static void lines(
      PriceBook book, String model, PriceVersion version, List<String> lines) {
    lines.add(
        "%s since %s%s, book %s, %s; %s, checked %s, %s"
            .formatted(
                model,
                version.from(),
                version.to().map(to -> " until " + to).orElse(""),
                book.name(),
                book.currency(),
                version.source().where(),
                version.source().checked(),
                version.source().mark().name().toLowerCase(Locale.ROOT)));
    for (Rates.Table table : version.rates().tables()) {
      items(table.prices())
          .forEach((item, text) ->
              lines.add(
                  "  %-32s %-24s %s"
                      .formatted(
                          item, table.when().isUsual() ? "" : table.when().toString(), text)));
    }
    for (Rates.Factor factor : version.rates().factors()) {
      lines.add(
          "  %-32s %-24s times %s"
              .formatted("all tokens", factor.when(), factor.times().toPlainString()));
    }
    if (version.minimum().signum() > 0) {
      lines.add("  %-32s %-24s %s".formatted("a call at least", "", version.minimum()));
    }
  }

  /** Each item with its price: tokens for a million, units for one. */
  static SortedMap<String, String> items(RateTable table) {
    var items = new TreeMap<String, String>();
    table.tokens().forEach((leaf, price) -> items.put(leaf.name(), text(price, 6) + " a million"));
    table.units().forEach((unit, price) -> items.put(unit, text(price, 0) + " each"));
    return items;
  }

  private static String text(Price price, int digits) {
    return switch (price) {
      case Price.Flat flat -> plain(flat.each(), digits);
      case Price.Graduated graduated -> "graduated " + steps(graduated.steps(), digits);
      case Price.Volume volume -> "by volume " + steps(volume.steps(), digits);
      case Price.Packages packages ->
          plain(packages.each(), 0) + " for " + packages.size().toPlainString();
    };
  }

  private static String steps(List<Price.Step> steps, int digits) {
    var words = new ArrayList<String>();
    for (Price.Step step : steps) {
      words.add(
          plain(step.each(), digits)
              + (step.isLast() ? " beyond" : " up to " + step.upTo().toPlainString()));
    }
    return String.join(", ", words);
  }

  private static String plain(BigDecimal each, int digits) {
    BigDecimal shown = each.movePointRight(digits).stripTrailingZeros();
    return shown.toPlainString();
  }
}
