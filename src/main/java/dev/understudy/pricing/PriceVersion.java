package dev.understudy.pricing;

import dev.understudy.chat.Leaf;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a model costs from one instant to another. */
final class PriceVersion {
  /**
   * What vendors' replies call their usual tier: OpenAI, xAI and Amazon {@code default} or {@code
   * auto}, Groq {@code on_demand}, Google the words in capitals. A book of plain prices need not
   * know them.
   */
  private static final Set<String> USUAL_TIERS =
      Set.of("default", "auto", "on_demand", "ON_DEMAND", "STANDARD", "TRAFFIC_TYPE_UNSPECIFIED");

  private final Instant from;
  private final Optional<Instant> to;
  private final Source source;
  private final Rates rates;
  private final Counted counted;
  private final List<HourWindow> windows;
  private final BigDecimal minimum;
  private final Set<String> tiers;
  private final List<String> regions;
  private final boolean knowsRegions;
  private final int[] thresholds;
  private final String name;
  private final Map<Conditions, Optional<Quote>> quotes = new ConcurrentHashMap<>();

  /** Whether it is for a model that says something: not, for one, for one that embeds texts. */
  boolean isForAnswers() {
    return rates.tables().stream()
        .flatMap(table -> table.prices().tokens().keySet().stream())
        .anyMatch(leaf -> leaf.direction() == Leaf.Direction.OUTPUT);
  }

  /** Prices under certain conditions, and how records call them. */
  static final class Quote {
    private final RateTable prices;
    private final String name;
    private volatile @Nullable Dearest dearest;

    private Quote(RateTable prices, String name) {
      this.prices = prices;
      this.name = name;
    }

    RateTable prices() {
      return prices;
    }

    String name() {
      return name;
    }

    /**
     * What a token can come to at the most.
     *
     * @param vendor whose quote this is
     */
    Dearest dearest(VendorPrices vendor) {
      Dearest known = dearest;
      if (known == null) {
        known = Dearest.of(prices, vendor);
        dearest = known;
      }
      return known;
    }
  }

  /**
   * A price.
   *
   * @param name such as {@code list/openai/gpt-5.1@2025-11-13}
   * @param from included
   * @param to not included; empty: until further notice
   * @param windows parts of the day about which the rates say something
   * @param minimum what a call costs at least
   */
  PriceVersion(
      String name,
      Instant from,
      Optional<Instant> to,
      Source source,
      Rates rates,
      Counted counted,
      List<HourWindow> windows,
      BigDecimal minimum) {
    this.name = name;
    this.from = from;
    this.to = to;
    this.source = source;
    this.rates = rates;
    this.counted = counted;
    this.windows = List.copyOf(windows);
    this.minimum = minimum;
    List<Conditions> all = rates.combinations();
    tiers = all.stream().map(Conditions::tier).collect(Collectors.toUnmodifiableSet());
    regions = all.stream().map(Conditions::region).distinct().toList();
    knowsRegions = all.stream().anyMatch(c -> !c.region().isEmpty());
    thresholds = all.stream().mapToInt(Conditions::above).distinct().sorted().toArray();
  }

  Instant from() {
    return from;
  }

  Optional<Instant> to() {
    return to;
  }

  Source source() {
    return source;
  }

  Rates rates() {
    return rates;
  }

  Counted counted() {
    return counted;
  }

  BigDecimal minimum() {
    return minimum;
  }

  boolean holdsAt(Instant instant) {
    return !instant.isBefore(from) && (to.isEmpty() || instant.isBefore(to.get()));
  }

  /** The tier of a word: the usual one, empty, if vendors call it so and nothing else is said. */
  String tier(String word) {
    return USUAL_TIERS.contains(word) && !tiers.contains(word) ? "" : word;
  }

  /** Where the price does not depend on the region, none is looked at. */
  boolean knowsRegions() {
    return knowsRegions;
  }

  /** The regions about which something is said, empty for the usual one. */
  List<String> regions() {
    return regions;
  }

  /** The highest threshold that so many tokens are above; 0 if none. */
  int above(long tokens) {
    int above = 0;
    for (int threshold : thresholds) {
      if (tokens > threshold) {
        above = threshold;
      }
    }
    return above;
  }

  /** All thresholds that fewer tokens than these could be above, 0 for none among them. */
  List<Integer> reachable(long tokensMax) {
    var reachable = new ArrayList<Integer>(thresholds.length);
    for (int threshold : thresholds) {
      if (threshold == 0 || tokensMax > threshold) {
        reachable.add(threshold);
      }
    }
    return reachable;
  }

  /** The name of the window that the instant lies in; empty for the usual hours. */
  String hours(Instant instant) {
    for (HourWindow window : windows) {
      if (window.contains(instant)) {
        return window.name();
      }
    }
    return "";
  }

  List<String> allHours() {
    return Stream.concat(Stream.of(""), windows.stream().map(HourWindow::name))
        .collect(Collectors.toList());
  }

  Optional<Quote> under(Conditions conditions) {
    Optional<Quote> known = quotes.get(conditions);
    if (known != null) {
      return known;
    }
    Optional<Quote> found =
        rates
            .under(conditions)
            .map(table -> new Quote(table, conditions.isUsual() ? name : name + ", " + conditions));
    // A vendor could make up words for tiers, so what has no price is not kept.
    if (found.isPresent()) {
      quotes.put(conditions, found);
    }
    return found;
  }
}
