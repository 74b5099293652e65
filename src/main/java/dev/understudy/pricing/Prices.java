package dev.understudy.pricing;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Leaf.Direction;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Usage;
import dev.understudy.money.Cost;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All price books in force: what a usage cost, and what a call may cost at the most.
 *
 * <p>Immutable and without locks: it is asked on the calls' path.
 */
public final class Prices {
  private static final PriceBook.Unpriced NOTHING =
      new PriceBook.Unpriced(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

  /** Without any book everything is unpriced. */
  public static final Prices NONE = new Prices(List.of());

  /** Vendors make up names of models; more than so many are looked up anew each time. */
  private static final int KNOWN_MAX = 4_096;

  private final List<PriceBook> books;
  private final Fallback fallback;
  private final Map<Key, Offers> known = new ConcurrentHashMap<>();

  private record Key(String vendor, String kind, String model, Optional<String> replyModel) {}

  /** Where a model may be priced; without prices of its own, by the vendor's basis or word. */
  record Offer(
      PriceBook book,
      VendorPrices vendor,
      Optional<ModelPrices> model,
      PriceBook.Unpriced unpriced) {}

  /**
   * All places where a model may be priced.
   *
   * @param nobody what is said where none of them says anything: spelt out once, since a model
   *     without a price is asked about at every call
   */
  record Offers(List<Offer> all, String nobody) {}

  /**
   * Puts books together.
   *
   * @param books what was negotiated comes before lists; among books of one kind the first counts
   * @throws IllegalArgumentException if two have one name, or if one lacks what it needs of others
   */
  public Prices(List<PriceBook> books) {
    var ordered = new ArrayList<PriceBook>();
    books.stream().filter(b -> b.kind() == PriceBook.Kind.NEGOTIATED).forEach(ordered::add);
    books.stream().filter(b -> b.kind() == PriceBook.Kind.LIST).forEach(ordered::add);
    this.books = List.copyOf(ordered);
    for (int i = 0; i < ordered.size(); i++) {
      check(ordered.get(i), ordered.subList(i + 1, ordered.size()));
    }
    Currency currency = ordered.isEmpty() ? Currencies.USD : ordered.getLast().currency();
    fallback = new Fallback(currency, unpriced(currency).orElse(NOTHING));
  }

  private void check(PriceBook book, List<PriceBook> after) {
    if (after.stream().anyMatch(other -> other.name().equals(book.name()))) {
      throw new IllegalArgumentException("two price books are called " + book.name());
    }
    if (unpriced(book.currency()).isEmpty()) {
      throw new IllegalArgumentException(
          "no price book in %s states what counts for what has no price; add unpriced to %s"
              .formatted(book.currency(), book.name()));
    }
    for (VendorPrices vendor : book.vendors().values()) {
      if (vendor.basis().isPresent()) {
        String basis = vendor.basis().get().book();
        PriceBook parent =
            after.stream()
                .filter(other -> other.name().equals(basis))
                .findFirst()
                .orElseThrow(() ->
                    new IllegalArgumentException(
                        "the prices of %s in book %s are made from book %s, which is not there"
                            .formatted(vendor.name(), book.name(), basis)));
        if (!parent.currency().equals(book.currency())) {
          throw new IllegalArgumentException(
              "book %s in %s is made from book %s in %s; one currency is needed"
                  .formatted(book.name(), book.currency(), basis, parent.currency()));
        }
      }
    }
  }

  /** The books, in the order in which they are asked. */
  public List<PriceBook> books() {
    return books;
  }

  /** The models that a vendor sells answers of at an instant, as the vendor calls them. */
  public List<String> models(String vendor, String kind, Instant at) {
    return books.stream()
        .flatMap(book -> book.vendor(vendor, kind).stream())
        .flatMap(prices -> prices.models().stream())
        .filter(ModelPrices::isNamedByVendor)
        .filter(model -> model.at(at).filter(PriceVersion::isForAnswers).isPresent())
        .map(ModelPrices::name)
        .distinct()
        .toList();
  }

  /** The currency of the last list, in which is counted what nobody has a price for. */
  public Currency currency() {
    return fallback.currency();
  }

  /** What a usage costs, as if each call were the first of its period. */
  public Cost cost(Use use) {
    return cost(use, Cumulative.NOTHING);
  }

  /**
   * What a usage costs, leaf by leaf. What has no price is listed as such; what is zero is free by
   * the book's own word.
   */
  public Cost cost(Use use, Cumulative before) {
    Offers offers = offers(use.vendor(), use.kind(), use.model(), use.replyModel());
    return new Pricing(use, before, offers, fallback).cost();
  }

  /** What a call of so many tokens would cost at the usual rates: to compare vendors by. */
  public Cost estimate(Ask ask) {
    var usage =
        new Usage(
            Tokens.NONE
                .with(Leaf.INPUT, ask.inputTokensMax())
                .with(Leaf.OUTPUT, ask.outputTokensMax()),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            true,
            List.of());
    return cost(
        new Use(
            ask.vendor(),
            ask.kind(),
            ask.model(),
            Optional.empty(),
            ask.region(),
            ask.tier(),
            ask.at(),
            ask.at(),
            usage));
  }

  /**
   * What a call costs at the most: every token at the highest rate that it can come to, whether it
   * is cached, written, thought or said. What a vendor counts in units, such as searches, is not
   * known before.
   */
  public Cost worstCase(Ask ask) {
    Offers offers = offers(ask.vendor(), ask.kind(), ask.model(), Optional.empty());
    return new WorstCase(ask, offers, fallback).cost();
  }

  /** What counts for what nobody has a price for, and in which currency. */
  record Fallback(Currency currency, PriceBook.Unpriced unpriced) {}

  private Optional<PriceBook.Unpriced> unpriced(Currency currency) {
    return books.stream()
        .filter(b -> b.currency().equals(currency) && b.unpriced().isPresent())
        .findFirst()
        .flatMap(PriceBook::unpriced);
  }

  private Offers offers(String vendor, String kind, String model, Optional<String> replyModel) {
    var key = new Key(vendor, kind, model, replyModel);
    Offers found = known.get(key);
    if (found == null) {
      found = new Offers(find(key), nobody(key));
      if (known.size() < KNOWN_MAX) {
        known.put(key, found);
      }
    }
    return found;
  }

  private static String nobody(Key key) {
    return "no price for model %s of %s"
        .formatted(Words.cut(key.replyModel().orElse(key.model())), Words.cut(key.kind()));
  }

  private List<Offer> find(Key key) {
    var offers = new ArrayList<Offer>();
    for (PriceBook book : books) {
      Optional<VendorPrices> vendor = book.vendor(key.vendor(), key.kind());
      if (vendor.isEmpty()) {
        continue;
      }
      ModelIndex index = vendor.get().index();
      Optional<ModelPrices> model =
          key.replyModel().flatMap(index::find).or(() -> index.find(key.model()));
      if (model.isPresent()
          || vendor.get().basis().isPresent()
          || vendor.get().reported().isPresent()) {
        PriceBook.Unpriced unpriced =
            book.unpriced().or(() -> unpriced(book.currency())).orElse(NOTHING);
        offers.add(new Offer(book, vendor.get(), model, unpriced));
      }
    }
    return List.copyOf(offers);
  }

  static Money counted(PriceBook.Unpriced rates, Direction direction, long count, Currency in) {
    BigDecimal each =
        switch (direction) {
          case INPUT -> rates.input();
          case OUTPUT -> rates.output();
        };
    return Money.of(each.multiply(BigDecimal.valueOf(count)), in);
  }
}
