package dev.understudy.pricing;

import dev.understudy.chat.Leaf;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.pricing.PriceBookFile.BasisBlock;
import dev.understudy.pricing.PriceBookFile.CapacityBlock;
import dev.understudy.pricing.PriceBookFile.SignalBlock;
import dev.understudy.pricing.PriceBookFile.SourceBlock;
import dev.understudy.pricing.PriceBookFile.VendorBlock;
import dev.understudy.text.Decimal;
import dev.understudy.text.Entries;
import dev.understudy.text.Nearness;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import dev.understudy.text.YamlReader;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Makes a price book of a file, or says with line and column all that is wrong with it. */
public final class PriceBookReader {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private final Problems problems;
  private final Map<String, Source> sources = new LinkedHashMap<>();

  private PriceBookReader(Problems problems) {
    this.problems = problems;
  }

  /**
   * Reads a book.
   *
   * @param file the name under which places are reported
   * @return empty if there are problems
   */
  public static Optional<PriceBook> read(String file, byte[] bytes, Problems problems) {
    Optional<PriceBookFile> said =
        YamlReader.read(PriceBookFile.class, file, bytes, Map.of(), problems);
    if (said.isEmpty()) {
      return Optional.empty();
    }
    Optional<PriceBook> book = new PriceBookReader(problems).book(said.get());
    return problems.isEmpty() ? book : Optional.empty();
  }

  private Optional<PriceBook> book(PriceBookFile said) {
    if (!NAME.matcher(said.book().value()).matches()) {
      problems.add(
          said.book().place(),
          "a book's name is up to 64 letters, digits, dots, dashes and underscores");
    }
    said.sources().all().forEach(entry -> source(entry.name(), entry.value()));
    Optional<Currency> currency = currency(said.currency());
    PriceBook.Kind kind =
        said.kind()
            .map(text -> word(text, "kind", PriceBook.Kind.class, PriceBook.Kind.LIST))
            .orElse(PriceBook.Kind.LIST);
    Map<Leaf, Leaf> parents = parents(said.fallbacks());
    List<Pattern> free = said.free().stream().map(t -> ModelIndex.glob(t.value())).toList();
    Optional<PriceBook.Unpriced> unpriced =
        said.unpriced()
            .map(block ->
                new PriceBook.Unpriced(
                    price(block.input(), true),
                    price(block.output(), true),
                    price(block.unit(), false)));
    var vendors = new LinkedHashMap<String, VendorPrices>();
    for (var entry : said.vendors().all()) {
      vendors.put(
          entry.name().value(),
          vendor(said.book().value(), entry.name(), entry.value(), currency, parents, free));
    }
    return currency.map(c -> new PriceBook(said.book().value(), kind, c, vendors, unpriced));
  }

  private void source(Text name, SourceBlock said) {
    Optional<LocalDate> checked = Optional.empty();
    try {
      checked = Optional.of(LocalDate.parse(said.checked().value()));
    } catch (DateTimeParseException e) {
      problems.add(said.checked().place(), "checked must be a day, such as 2026-08-31");
    }
    Source.Mark mark = word(said.mark(), "mark", Source.Mark.class, Source.Mark.WITNESS);
    checked.ifPresent(day ->
        sources.put(name.value(), new Source(name.value(), said.where().value(), day, mark)));
  }

  private Optional<Currency> currency(Text said) {
    try {
      return Optional.of(Currencies.ofMoney(said.value()));
    } catch (IllegalArgumentException e) {
      problems.add(said.place(), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private <E extends Enum<E>> E word(Text said, String field, Class<E> words, E otherwise) {
    var known = new ArrayList<String>();
    for (E word : words.getEnumConstants()) {
      String name = word.name().toLowerCase(Locale.ROOT);
      if (name.equals(said.value())) {
        return word;
      }
      known.add(name);
    }
    problems.add(
        said.place(),
        "unknown %s %s; known: %s"
            .formatted(field, Nearness.quoted(said.value()), String.join(", ", known)));
    return otherwise;
  }

  private Map<Leaf, Leaf> parents(Entries<Text> said) {
    var parents = new HashMap<Leaf, Leaf>();
    for (var entry : said.all()) {
      Optional<Leaf> child = leaf(entry.name(), problems);
      Optional<Leaf> parent = leaf(entry.value(), problems);
      if (child.isPresent() && parent.isPresent()) {
        if (Leaves.isParent(parent.get(), child.get())) {
          parents.put(child.get(), parent.get());
        } else {
          problems.add(
              entry.value().place(),
              "%s is no kind of %s: a leaf falls back to a wider one of the same direction"
                  .formatted(child.get().name(), parent.get().name()));
        }
      }
    }
    return parents;
  }

  /** The leaf of a name; what is none is a problem. */
  static Optional<Leaf> leaf(Text said, Problems problems) {
    Optional<Leaf> leaf = Leaves.named(said.value());
    if (leaf.isEmpty()) {
      problems.add(
          said.place(),
          "unknown leaf "
              + Nearness.quoted(said.value())
              + Nearness.hint(said.value(), Leaves.names()));
    }
    return leaf;
  }

  private VendorPrices vendor(
      String book,
      Text name,
      VendorBlock said,
      Optional<Currency> currency,
      Map<Leaf, Leaf> bookParents,
      List<Pattern> bookFree) {
    var parents = new HashMap<>(bookParents);
    parents.putAll(parents(said.fallbacks()));
    var free = new ArrayList<>(bookFree);
    said.free().forEach(text -> free.add(ModelIndex.glob(text.value())));
    var versions =
        new PriceVersionReader(
            problems,
            sources,
            book + "/" + name.value(),
            said.source(),
            said.counts()
                .map(text -> word(text, "counts", Counted.class, Counted.INPUT))
                .orElse(Counted.INPUT));
    List<ModelPrices> models = versions.models(said.models());
    boolean byEnd = said.clock().map(t -> isOneOf(t, "clock", "end", "start")).orElse(false);
    boolean rest = said.rest().map(t -> isOneOf(t, "rest", "next", "none")).orElse(false);
    return new VendorPrices(
        name.value(),
        words(said.tiers()),
        words(said.regions()),
        signals(said.signals()),
        parents,
        free,
        byEnd,
        said.basis().map(this::basis),
        said.reported()
            .map(r -> new VendorPrices.Reported(r.unit().value(), price(r.each(), false))),
        rest,
        currency.map(c -> capacity(said.capacity(), c)).orElse(Map.of()),
        models,
        new ModelIndex(models));
  }

  /** Whether it is the first of two words; anything else is a problem. */
  private boolean isOneOf(Text said, String field, String yes, String no) {
    if (!said.value().equals(yes) && !said.value().equals(no)) {
      problems.add(
          said.place(),
          "%s must be %s or %s, not %s".formatted(field, yes, no, Nearness.quoted(said.value())));
    }
    return said.value().equals(yes);
  }

  private static Map<String, String> words(Entries<Text> said) {
    var words = new HashMap<String, String>();
    said.all().forEach(entry -> words.put(entry.name().value(), entry.value().value()));
    return words;
  }

  private static Map<String, Conditions> signals(Entries<SignalBlock> said) {
    var signals = new HashMap<String, Conditions>();
    for (var entry : said.all()) {
      String tier = entry.value().tier().map(Text::value).orElse("");
      String region = entry.value().region().map(Text::value).orElse("");
      signals.put(entry.name().value(), new Conditions(tier, region, 0, ""));
    }
    return signals;
  }

  private VendorPrices.Basis basis(BasisBlock said) {
    BigDecimal times = said.times().map(d -> price(d, false)).orElse(BigDecimal.ONE);
    BigDecimal plus = said.plus().map(d -> price(d, false)).orElse(BigDecimal.ZERO);
    return new VendorPrices.Basis(said.book().value(), times, plus);
  }

  private Map<String, CapacityPrice> capacity(Entries<CapacityBlock> said, Currency currency) {
    var capacity = new HashMap<String, CapacityPrice>();
    for (var entry : said.all()) {
      BigDecimal perHour = price(entry.value().perHour(), false);
      capacity.put(
          entry.name().value(),
          new CapacityPrice(entry.value().unit().value(), Money.of(perHour, currency)));
    }
    return capacity;
  }

  private BigDecimal price(Decimal said, boolean million) {
    return price(said, million, problems);
  }

  /** The price of one. Nobody pays us to use a model, so below zero is a slip of the pen. */
  static BigDecimal price(Decimal said, boolean million, Problems problems) {
    if (said.value().signum() < 0) {
      problems.add(said.place(), "a price is negative: " + said.value().toPlainString());
      return BigDecimal.ZERO;
    }
    return million ? said.value().movePointLeft(6) : said.value();
  }
}
