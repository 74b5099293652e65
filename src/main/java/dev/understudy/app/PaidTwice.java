package dev.understudy.app;

import dev.understudy.access.Glob;
import dev.understudy.app.settings.Settings;
import dev.understudy.contract.Contract;
import dev.understudy.contract.ContractBook;
import dev.understudy.contract.ContractVersion;
import dev.understudy.contract.MoneyTerms.CapacityClause;
import dev.understudy.contract.Span;
import dev.understudy.money.Cost;
import dev.understudy.pricing.Ask;
import dev.understudy.pricing.PriceBook;
import dev.understudy.pricing.Prices;
import dev.understudy.settlement.Inside;
import dev.understudy.settlement.Unsettled;
import dev.understudy.settlement.We;
import dev.understudy.text.Place;
import dev.understudy.text.Problems;
import dev.understudy.vendor.Vendor;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Finds targets that are paid by the hour under a contract and have prices by the token as well:
 * what they serve would be in the ledger twice.
 */
final class PaidTwice {
  private static final System.Logger LOG = System.getLogger(PaidTwice.class.getName());

  /** A clause is told with so many of its targets. */
  private static final int TOLD_MAX = 5;

  private static final long SOME_TOKENS = 1_000;

  private final Settings settings;
  private final Prices prices;
  private final Regions regions;
  private final Instant now;
  private final Problems found = new Problems();

  private PaidTwice(Settings settings, Prices prices, Instant now) {
    this.settings = settings;
    this.prices = prices;
    this.regions = new Regions(settings.vendors());
    this.now = now;
  }

  /** A line for each clause and vendor, with the clause's file, line and column. */
  static List<String> lines(ContractBook book, Settings settings, Prices prices, Instant now) {
    var looking = new PaidTwice(settings, prices, now);
    book.contracts().forEach(looking::look);
    return looking.found.lines();
  }

  /**
   * Logs the same, as warnings. Returns at once: prices may still be on their way.
   *
   * @param prices in force, for which may be waited
   */
  static void warn(Settings settings, Supplier<Prices> prices) {
    boolean bought =
        settings.contracts().contracts().stream()
            .flatMap(contract -> contract.versions().stream())
            .anyMatch(version -> !version.money().capacity().isEmpty());
    if (bought) {
      Thread.ofVirtual()
          .name("paid twice")
          .start(() ->
              lines(settings.contracts(), settings, prices.get(), Instant.now())
                  .forEach(line -> LOG.log(Level.WARNING, line)));
    }
  }

  private void look(Contract contract) {
    String we = we(contract);
    for (ContractVersion version : contract.versions()) {
      Span force = contract.inForce(version);
      for (CapacityClause clause : version.money().capacity()) {
        Optional<Span> span = clause.window().within(force);
        if (span.isPresent()
            && span.get().to().map(now::isBefore).orElse(true)
            && !clause.host().id().equals(we)) {
          Instant from = span.get().from();
          look(version, clause, from.isAfter(now) ? from : now);
        }
      }
    }
  }

  private String we(Contract contract) {
    try {
      return We.of(contract, settings.settlement().flatMap(Settings.Settlement::party));
    } catch (Unsettled e) {
      return "";
    }
  }

  private void look(ContractVersion version, CapacityClause clause, Instant at) {
    for (Vendor vendor : settings.vendors().all()) {
      if (!clause.host().serves(vendor.name(), vendor.kind())) {
        continue;
      }
      var priced = new TreeMap<String, String>();
      for (String model : models(vendor, clause)) {
        price(vendor, model, at).ifPresent(price -> priced.put(model, price));
      }
      if (!priced.isEmpty()) {
        found.add(
            Optional.ofNullable(version.origins().get(clause.id()))
                .map(origin -> origin.place())
                .orElseGet(() -> new Place(version.name(), 1, 1)),
            text(version, clause, vendor, priced));
      }
    }
  }

  private static String text(
      ContractVersion version,
      CapacityClause clause,
      Vendor vendor,
      SortedMap<String, String> priced) {
    var told = new ArrayList<String>();
    priced.forEach((model, price) -> {
      if (told.size() < TOLD_MAX) {
        told.add("%s/%s (%s)".formatted(vendor.name(), model, price));
      }
    });
    int more = priced.size() - told.size();
    String tier = Inside.tier(vendor.kind()).map(word -> ", for the tier " + word + ",").orElse("");
    return ("capacity %s of %s is paid by the hour, and what it serves has prices by the token too:"
            + " %s%s; each call inside would be booked twice: give %s prices of 0%s under vendor %s"
            + " in a price book of your own (prices.books), and leave the hours to the contract")
        .formatted(
            clause.id(),
            version.name(),
            String.join(", ", told),
            more > 0 ? " and %d more".formatted(more) : "",
            priced.size() == 1 ? "it" : "them",
            tier,
            vendor.name());
  }

  /**
   * What a clause serves at a vendor, as far as anybody names it: targets of routes, and models the
   * clause itself names; without any, what price books have.
   */
  private SortedSet<String> models(Vendor vendor, CapacityClause clause) {
    var models = new TreeSet<String>();
    settings.routes().stream()
        .flatMap(route -> route.targets().stream())
        .filter(target -> target.vendor().equals(vendor.name()))
        .forEach(target -> models.add(target.model()));
    clause.models().stream().map(Glob::text).filter(m -> !m.contains("*")).forEach(models::add);
    models.removeIf(model -> !clause.serves(vendor.name(), vendor.kind(), model));
    if (models.isEmpty() && !clause.models().isEmpty()) {
      for (PriceBook book : prices.books()) {
        models.addAll(book.models(vendor.name()));
        models.addAll(book.models(vendor.kind()));
      }
      models.removeIf(model -> !clause.serves(vendor.name(), vendor.kind(), model));
    }
    return models;
  }

  /** The price above 0 of what is served inside, if there is one. */
  private Optional<String> price(Vendor vendor, String model, Instant at) {
    Cost cost =
        prices.worstCase(
            new Ask(
                vendor.name(),
                vendor.kind(),
                model,
                regions.of(vendor.name()),
                Inside.tier(vendor.kind()),
                at,
                SOME_TOKENS,
                SOME_TOKENS));
    return cost.total().sign() > 0 ? Optional.of(cost.price()) : Optional.empty();
  }
}
