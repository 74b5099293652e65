package dev.understudy.pricing;

import dev.understudy.chat.Leaf;
import dev.understudy.pricing.PriceBookFile.ModelBlock;
import dev.understudy.pricing.PriceBookFile.OtherBlock;
import dev.understudy.pricing.PriceBookFile.StepBlock;
import dev.understudy.pricing.PriceBookFile.StepsBlock;
import dev.understudy.pricing.PriceBookFile.VersionBlock;
import dev.understudy.pricing.PriceBookFile.WhenBlock;
import dev.understudy.text.Decimal;
import dev.understudy.text.Entries;
import dev.understudy.text.Nearness;
import dev.understudy.text.Place;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Makes the prices of one vendor's models of what a file says, and looks for holes in time. */
final class PriceVersionReader {
  private final Problems problems;
  private final Map<String, Source> sources;
  private final String name;
  private final Optional<Text> usualSource;
  private final Counted counted;

  PriceVersionReader(
      Problems problems,
      Map<String, Source> sources,
      String name,
      Optional<Text> usualSource,
      Counted counted) {
    this.problems = problems;
    this.sources = sources;
    this.name = name;
    this.usualSource = usualSource;
    this.counted = counted;
  }

  List<ModelPrices> models(Entries<ModelBlock> said) {
    var models = new ArrayList<ModelPrices>();
    var owners = new HashMap<String, String>();
    said.all().forEach(entry -> owners.put(entry.name().value(), entry.name().value()));
    for (var entry : said.all()) {
      String model = entry.name().value();
      for (Text other : entry.value().names()) {
        String owner = owners.putIfAbsent(other.value(), model);
        if (owner != null) {
          problems.add(
              other.place(),
              "%s is a name of %s too".formatted(Nearness.quoted(other.value()), owner));
        }
      }
      List<PriceVersion> versions = versions(entry.name(), entry.value());
      if (!versions.isEmpty()) {
        models.add(
            new ModelPrices(
                model, entry.value().names().stream().map(Text::value).toList(), versions));
      }
    }
    return models;
  }

  private record Dated(Place place, PriceVersion version) {}

  private List<PriceVersion> versions(Text model, ModelBlock said) {
    if (said.prices().isEmpty()) {
      problems.add(model.place(), Nearness.quoted(model.value()) + " has no prices");
    }
    var dated = new ArrayList<Dated>();
    for (VersionBlock block : said.prices()) {
      version(model.value(), block).ifPresent(v -> dated.add(new Dated(block.from().place(), v)));
    }
    dated.sort(Comparator.comparing(d -> d.version().from()));
    var versions = new ArrayList<PriceVersion>();
    for (int i = 0; i < dated.size(); i++) {
      if (i > 0) {
        follows(dated.get(i - 1).version(), dated.get(i));
      }
      versions.add(dated.get(i).version());
    }
    return versions;
  }

  private void follows(PriceVersion before, Dated next) {
    Instant from = next.version().from();
    if (before.to().isEmpty() || before.to().get().isAfter(from)) {
      problems.add(
          next.place(),
          "this price and the one from %s overlap: that one holds until %s"
              .formatted(
                  before.from(), before.to().map(Instant::toString).orElse("further notice")));
    } else if (before.to().get().isBefore(from)) {
      problems.add(
          next.place(),
          "there is a hole in time: the price before ends at %s".formatted(before.to().get()));
    }
  }

  private Optional<PriceVersion> version(String model, VersionBlock said) {
    Optional<Instant> from = instant(said.from());
    Optional<Instant> to = said.to().flatMap(this::instant);
    if (from.isPresent() && to.isPresent() && !from.get().isBefore(to.get())) {
      problems.add(said.to().orElseThrow().place(), "the price ends before it begins");
    }
    Optional<Source> source = source(said);
    RateTable usual =
        table(said.from().place(), said.tokens(), said.units(), said.steps(), Map.of());
    var tables = new ArrayList<Rates.Table>();
    tables.add(new Rates.Table(Conditions.USUAL, usual));
    var factors = new ArrayList<Rates.Factor>();
    var windows = new ArrayList<HourWindow>();
    var seen = new TreeSet<String>();
    for (OtherBlock other : said.also()) {
      Conditions when = conditions(said.from().place(), other.when(), windows);
      Place place = place(other.when(), said.from().place());
      if (when.isUsual()) {
        problems.add(place, "prices under other conditions must say under which");
      } else if (!seen.add(when.toString())) {
        problems.add(place, "there are two prices for %s".formatted(when));
      } else if (other.times().isPresent()) {
        BigDecimal times = PriceBookReader.price(other.times().get(), false, problems);
        factors.add(new Rates.Factor(when, times));
      } else {
        tables.add(
            new Rates.Table(
                when, table(place, other.tokens(), other.units(), other.steps(), usual.units())));
      }
    }
    for (int i = 0; i < windows.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (windows.get(i).overlaps(windows.get(j))) {
          problems.add(
              said.from().place(),
              "the hours %s and %s overlap"
                  .formatted(windows.get(j).name(), windows.get(i).name()));
        }
      }
    }
    factors.sort(Comparator.comparingInt((Rates.Factor f) -> f.when().size()).reversed());
    var rates = new Rates(tables, factors);
    for (Conditions conditions : rates.combinations()) {
      try {
        rates.under(conditions);
      } catch (IllegalStateException e) {
        problems.add(said.from().place(), e.getMessage() + "; add prices for both");
        return Optional.empty();
      }
    }
    if (from.isEmpty() || source.isEmpty()) {
      return Optional.empty();
    }
    BigDecimal minimum =
        said.minimum().map(m -> PriceBookReader.price(m, false, problems)).orElse(BigDecimal.ZERO);
    return Optional.of(
        new PriceVersion(
            "%s/%s@%s".formatted(name, model, said.from().value()),
            from.get(),
            to,
            source.get(),
            rates,
            counted,
            windows,
            minimum));
  }

  private Optional<Source> source(VersionBlock said) {
    Optional<Text> named = said.source().or(() -> usualSource);
    if (named.isEmpty()) {
      problems.add(said.from().place(), "the price says no source; name one of sources");
      return Optional.empty();
    }
    Source source = sources.get(named.get().value());
    if (source == null) {
      problems.add(
          named.get().place(),
          "unknown source "
              + Nearness.quoted(named.get().value())
              + Nearness.hint(named.get().value(), sources.keySet()));
    }
    return Optional.ofNullable(source);
  }

  private Optional<Instant> instant(Text said) {
    try {
      return Optional.of(
          said.value().contains("T")
              ? Instant.parse(said.value())
              : LocalDate.parse(said.value()).atStartOfDay(ZoneOffset.UTC).toInstant());
    } catch (DateTimeParseException e) {
      problems.add(
          said.place(), "must be a day or an instant, such as 2026-08-31 or 2026-08-31T16:00:00Z");
      return Optional.empty();
    }
  }

  private static Place place(WhenBlock when, Place otherwise) {
    return when.tier().or(when::region).or(when::hours).map(Text::place).orElse(otherwise);
  }

  private Conditions conditions(Place place, WhenBlock when, List<HourWindow> windows) {
    String hours = "";
    if (when.hours().isPresent()) {
      Text said = when.hours().get();
      Optional<HourWindow> window = HourWindow.parse(said.value());
      hours = said.value();
      if (window.isEmpty()) {
        problems.add(
            said.place(), "hours must be a part of the day in UTC, such as " + HourWindow.EXAMPLES);
      } else if (!windows.contains(window.get())) {
        windows.add(window.get());
      }
    }
    String tier = when.tier().map(Text::value).orElse("");
    if (tier.equals(VendorPrices.STANDARD)) {
      problems.add(place(when, place), "standard is the usual tier; its prices stand outside");
    }
    return new Conditions(
        tier, when.region().map(Text::value).orElse(""), when.above().orElse(0), hours);
  }

  private RateTable table(
      Place place,
      Entries<Decimal> tokens,
      Entries<Decimal> units,
      Entries<StepsBlock> steps,
      Map<String, Price> usualUnits) {
    var byLeaf = new HashMap<Leaf, Price>();
    for (var entry : tokens.all()) {
      PriceBookReader.leaf(entry.name(), problems)
          .ifPresent(leaf ->
              byLeaf.put(
                  leaf, new Price.Flat(PriceBookReader.price(entry.value(), true, problems))));
    }
    var byUnit = new HashMap<>(usualUnits);
    for (var entry : units.all()) {
      byUnit.put(
          entry.name().value(),
          new Price.Flat(PriceBookReader.price(entry.value(), false, problems)));
    }
    for (var entry : steps.all()) {
      Optional<Leaf> leaf = Leaves.named(entry.name().value());
      Optional<Price> price = price(entry.name(), entry.value(), leaf.isPresent());
      if (price.isPresent() && leaf.isPresent()) {
        byLeaf.put(leaf.get(), price.get());
      } else {
        price.ifPresent(p -> byUnit.put(entry.name().value(), p));
      }
    }
    boolean said = !steps.all().isEmpty() || !tokens.all().isEmpty() || !units.all().isEmpty();
    boolean broken = !tokens.broken().isEmpty() || !units.broken().isEmpty();
    if (!said && !broken) {
      problems.add(place, "no price is stated");
    }
    return new RateTable(byLeaf, byUnit);
  }

  private Optional<Price> price(Text name, StepsBlock said, boolean million) {
    int kinds =
        (said.graduated().isEmpty() ? 0 : 1)
            + (said.volume().isEmpty() ? 0 : 1)
            + (said.packages().isEmpty() ? 0 : 1);
    if (kinds != 1) {
      problems.add(name.place(), "must say one of graduated, volume and packages");
      return Optional.empty();
    }
    try {
      if (said.packages().isPresent()) {
        Decimal price = said.packages().get().price();
        return Optional.of(
            new Price.Packages(
                said.packages().get().size().value(),
                PriceBookReader.price(price, false, problems)));
      }
      return Optional.of(
          said.volume().isEmpty()
              ? new Price.Graduated(steps(said.graduated(), million))
              : new Price.Volume(steps(said.volume(), million)));
    } catch (IllegalArgumentException e) {
      problems.add(name.place(), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private List<Price.Step> steps(List<StepBlock> said, boolean million) {
    return said.stream()
        .map(step ->
            new Price.Step(
                step.to().map(Decimal::value).orElse(BigDecimal.ZERO),
                PriceBookReader.price(step.price(), million, problems)))
        .toList();
  }
}
