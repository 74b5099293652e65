package dev.understudy.pricing;

import dev.understudy.pricing.PriceChange.Said;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Finds what differs between two books: prices by the spans of time over which they differ, and
 * whatever else they say.
 */
final class PriceDiff {
  private static final int MILLION_DIGITS = 6;

  private final List<PriceChange> changes = new ArrayList<>();
  private final Map<String, Integer> sources = new TreeMap<>();

  private PriceDiff() {}

  static List<PriceChange> of(PriceBook before, PriceBook after) {
    var diff = new PriceDiff();
    diff.undated(bookwide(before), bookwide(after));
    var names = new TreeSet<>(before.vendors().keySet());
    names.addAll(after.vendors().keySet());
    for (String name : names) {
      Optional<VendorPrices> was = Optional.ofNullable(before.vendors().get(name));
      Optional<VendorPrices> is = Optional.ofNullable(after.vendors().get(name));
      diff.undated(
          was.map(PriceDiff::words).orElseGet(TreeMap::new),
          is.map(PriceDiff::words).orElseGet(TreeMap::new));
      diff.models(name, was, is);
    }
    diff.sources.forEach((line, count) -> diff.source(line, count));
    return List.copyOf(diff.changes);
  }

  private void undated(SortedMap<String, Said> before, SortedMap<String, Said> after) {
    var items = new TreeSet<>(before.keySet());
    items.addAll(after.keySet());
    for (String item : items) {
      Optional<Said> was = Optional.ofNullable(before.get(item));
      Optional<Said> is = Optional.ofNullable(after.get(item));
      if (differs(was, is)) {
        changes.add(new PriceChange(item, Optional.empty(), Optional.empty(), was, is));
      }
    }
  }

  private static boolean differs(Optional<Said> was, Optional<Said> is) {
    return (was.isPresent() && is.isPresent())
        ? !was.get().isSame(is.get())
        : was.isPresent() || is.isPresent();
  }

  private void models(String vendor, Optional<VendorPrices> before, Optional<VendorPrices> after) {
    Map<String, ModelPrices> old = byName(before);
    Map<String, ModelPrices> now = byName(after);
    var models = new TreeSet<>(old.keySet());
    models.addAll(now.keySet());
    for (String model : models) {
      dated(
          vendor + "/" + model,
          Optional.ofNullable(old.get(model)).map(ModelPrices::versions).orElse(List.of()),
          Optional.ofNullable(now.get(model)).map(ModelPrices::versions).orElse(List.of()));
    }
  }

  private static Map<String, ModelPrices> byName(Optional<VendorPrices> vendor) {
    Map<String, ModelPrices> models = new TreeMap<>();
    vendor.ifPresent(one -> one.models().forEach(model -> models.put(model.name(), model)));
    return models;
  }

  /** A change that is open: it may go on with the next piece of time. */
  private record Open(Instant from, Optional<Said> before, Optional<Said> after) {
    boolean goesOn(Optional<Said> was, Optional<Said> is) {
      return !differs(before, was) && !differs(after, is);
    }
  }

  /** Compares piece by piece between the instants at which either of them changes. */
  private void dated(String model, List<PriceVersion> before, List<PriceVersion> after) {
    var instants = new TreeSet<Instant>();
    for (List<PriceVersion> versions : List.of(before, after)) {
      for (PriceVersion version : versions) {
        instants.add(version.from());
        version.to().ifPresent(instants::add);
      }
    }
    Map<String, Open> open = new TreeMap<>();
    var ended = new ArrayList<PriceChange>();
    for (Instant at : instants) {
      Optional<PriceVersion> was = holding(before, at);
      Optional<PriceVersion> is = holding(after, at);
      was.ifPresent(one -> is.ifPresent(other -> sources(one.source(), other.source())));
      Map<String, Said> old = was.map(PriceDiff::prices).orElseGet(TreeMap::new);
      Map<String, Said> now = is.map(PriceDiff::prices).orElseGet(TreeMap::new);
      var items = new TreeSet<>(old.keySet());
      items.addAll(now.keySet());
      items.addAll(open.keySet());
      for (String item : items) {
        Optional<Said> one = Optional.ofNullable(old.get(item));
        Optional<Said> other = Optional.ofNullable(now.get(item));
        Open running = open.get(item);
        if (running != null && !running.goesOn(one, other)) {
          open.remove(item);
          ended.add(change(model, item, running, Optional.of(at)));
        }
        if (differs(one, other)) {
          open.putIfAbsent(item, new Open(at, one, other));
        }
      }
    }
    open.forEach((item, running) -> ended.add(change(model, item, running, Optional.empty())));
    ended.sort(
        Comparator.comparing(PriceChange::item)
            .thenComparing(change -> change.from().orElse(Instant.MIN)));
    changes.addAll(ended);
  }

  private static PriceChange change(String model, String item, Open open, Optional<Instant> to) {
    return new PriceChange(model + item, Optional.of(open.from()), to, open.before(), open.after());
  }

  private static Optional<PriceVersion> holding(List<PriceVersion> versions, Instant at) {
    return versions.stream().filter(version -> version.holdsAt(at)).findFirst();
  }

  /** Many prices have one source: a change of it is told once. */
  private void sources(Source before, Source after) {
    String was = text(before);
    String is = text(after);
    if (!was.equals(is)) {
      sources.merge(was + "\n" + is, 1, Integer::sum);
    }
  }

  private void source(String line, int count) {
    String[] both = line.split("\n", 2);
    changes.add(
        new PriceChange(
            "source of %d price%s".formatted(count, count == 1 ? "" : "s"),
            Optional.empty(),
            Optional.empty(),
            Optional.of(Said.of(both[0])),
            Optional.of(Said.of(both[1]))));
  }

  private static String text(Source source) {
    return "%s, checked %s, %s"
        .formatted(source.where(), source.checked(), source.mark().name().toLowerCase(Locale.ROOT));
  }

  /** What holds for all vendors. */
  private static SortedMap<String, Said> bookwide(PriceBook book) {
    var all = new TreeMap<String, Said>();
    all.put("currency", Said.of(book.currency().getCurrencyCode()));
    book.unpriced()
        .ifPresent(unpriced -> {
          all.put("unpriced input", Said.of(unpriced.input().movePointRight(MILLION_DIGITS)));
          all.put("unpriced output", Said.of(unpriced.output().movePointRight(MILLION_DIGITS)));
          all.put("unpriced unit", Said.of(unpriced.unit()));
        });
    return all;
  }

  /** What holds for a vendor at all times: its words, what is free, what is bought by the hour. */
  private static SortedMap<String, Said> words(VendorPrices vendor) {
    var all = new TreeMap<String, Said>();
    String name = vendor.name() + " ";
    vendor.tiers().forEach((said, word) -> all.put(name + "tier " + said, Said.of(word)));
    vendor.regions().forEach((said, word) -> all.put(name + "region " + said, Said.of(word)));
    vendor
        .signals()
        .forEach((unit, when) -> all.put(name + "signal " + unit, Said.of(when.toString())));
    vendor
        .parents()
        .forEach((leaf, to) -> all.put(name + "fallback " + leaf.name(), Said.of(to.name())));
    vendor.free().forEach(unit -> all.put(name + "free " + word(unit), Said.of("free")));
    if (vendor.byEnd()) {
      all.put(name + "clock", Said.of("end"));
    }
    if (vendor.rest()) {
      all.put(name + "rest", Said.of("by the next book"));
    }
    vendor
        .basis()
        .ifPresent(basis -> {
          all.put(name + "basis", Said.of(basis.book()));
          all.put(name + "basis times", Said.of(basis.times()));
          all.put(name + "basis plus", Said.of(basis.plus()));
        });
    vendor
        .reported()
        .ifPresent(
            reported -> all.put(name + "reported " + reported.unit(), Said.of(reported.each())));
    vendor
        .capacity()
        .forEach((what, price) ->
            all.put(
                name + "capacity " + what + " by the hour of one " + price.unit(),
                Said.of(price.perHour().amount())));
    for (ModelPrices model : vendor.models()) {
      for (String other : model.names()) {
        all.put(vendor.name() + "/" + model.name() + " called " + other, Said.of("by this name"));
      }
    }
    return all;
  }

  /** A unit as the book writes it, with {@code *} for any letters. */
  private static String word(Pattern unit) {
    return unit.pattern().replace("\\E.*\\Q", "*").replace("\\Q", "").replace("\\E", "");
  }

  /** The prices of a version by condition and item. */
  private static SortedMap<String, Said> prices(PriceVersion version) {
    var all = new TreeMap<String, Said>();
    for (Rates.Table table : version.rates().tables()) {
      String when = table.when().isUsual() ? " " : " [" + table.when() + "] ";
      table
          .prices()
          .tokens()
          .forEach((leaf, price) -> price(when + leaf.name(), price, MILLION_DIGITS, all));
      table.prices().units().forEach((unit, price) -> price(when + unit, price, 0, all));
    }
    for (Rates.Factor factor : version.rates().factors()) {
      all.put(" [" + factor.when() + "] factor", Said.of(factor.times()));
    }
    if (version.minimum().signum() > 0) {
      all.put(" minimum", Said.of(version.minimum()));
    }
    if (version.counted() != Counted.INPUT) {
      all.put(" length counts", Said.of(version.counted().name().toLowerCase(Locale.ROOT)));
    }
    return all;
  }

  private static void price(String item, Price price, int digits, Map<String, Said> all) {
    switch (price) {
      case Price.Flat(BigDecimal each) -> all.put(item, Said.of(each.movePointRight(digits)));
      case Price.Graduated(List<Price.Step> steps) ->
          steps(item + " graduated", steps, digits, all);
      case Price.Volume(List<Price.Step> steps) -> steps(item + " volume", steps, digits, all);
      case Price.Packages(BigDecimal size, BigDecimal each) ->
          all.put(item + " for " + size.toPlainString(), Said.of(each));
    }
  }

  private static void steps(
      String item, List<Price.Step> steps, int digits, Map<String, Said> all) {
    for (Price.Step step : steps) {
      String to = step.isLast() ? " beyond" : " up to " + step.upTo().toPlainString();
      all.put(item + to, Said.of(step.each().movePointRight(digits)));
    }
  }
}
