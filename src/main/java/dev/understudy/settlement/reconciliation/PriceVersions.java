package dev.understudy.settlement.reconciliation;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Usage;
import dev.understudy.money.Cost;
import dev.understudy.pricing.Prices;
import dev.understudy.pricing.Use;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Looks for a price in the books in force: at other times, and at other classes of service. */
public final class PriceVersions implements Rates {
  /** How far a late or early change of price is looked for, in days. */
  private static final int DAYS = 400;

  private static final List<String> TIERS = List.of("", "batch", "flex", "priority");

  private final Prices prices;
  private final String vendor;
  private final String kind;

  /**
   * Will look.
   *
   * @param kind of the vendor in the catalogue
   */
  public PriceVersions(Prices prices, String vendor, String kind) {
    this.prices = prices;
    this.vendor = vendor;
    this.kind = kind;
  }

  @Override
  public Optional<String> named(String model, String item, BigDecimal each, LocalDate day) {
    for (String tier : TIERS) {
      for (int away = 0; away <= DAYS; away++) {
        for (LocalDate at : List.of(day.minusDays(away), day.plusDays(away))) {
          Optional<String> found = at(model, item, each, at, tier);
          if (found.isPresent()) {
            return found;
          }
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> at(
      String model, String item, BigDecimal each, LocalDate day, String tier) {
    Instant noon = day.atTime(12, 0).toInstant(ZoneOffset.UTC);
    Leaf leaf = Leaf.named(item).orElse(null);
    var usage =
        new Usage(
            leaf == null ? Tokens.NONE : new Tokens(new TreeMap<>(Map.of(leaf, 1L))),
            leaf == null ? Map.of(item, BigDecimal.ONE) : Map.of(),
            Optional.empty(),
            Optional.empty(),
            false,
            List.of());
    Cost cost =
        prices.cost(
            new Use(
                vendor,
                kind,
                model,
                Optional.of(model),
                Optional.empty(),
                Optional.of(tier).filter(one -> !one.isEmpty()),
                noon,
                noon,
                usage));
    for (Cost.Line line : cost.lines()) {
      if (line.item().equals(item)
          && line.each().filter(one -> one.compareTo(each) == 0).isPresent()) {
        return Optional.of(cost.price());
      }
    }
    return Optional.empty();
  }
}
