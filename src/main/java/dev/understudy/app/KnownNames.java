package dev.understudy.app;

import dev.understudy.app.settings.DeclaredRollout;
import dev.understudy.app.settings.Settings;
import dev.understudy.contract.ContractBook;
import dev.understudy.contract.UnknownNames;
import dev.understudy.contract.UnknownNames.Known;
import dev.understudy.pricing.PriceBook;
import dev.understudy.pricing.Prices;
import dev.understudy.pricing.Shipped;
import dev.understudy.routing.Route;
import dev.understudy.text.Problems;
import dev.understudy.vendor.Catalogue;
import dev.understudy.vendor.Kind;
import dev.understudy.vendor.Vendor;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What contracts may name: the models of routes and price books, vendors and their kinds. */
final class KnownNames {
  private final Optional<Settings> settings;
  private final Collection<Route> routes;
  private final Supplier<List<PriceBook>> books;

  private KnownNames(
      Optional<Settings> settings, Collection<Route> routes, Supplier<List<PriceBook>> books) {
    this.settings = settings;
    this.routes = routes;
    this.books = books;
  }

  /** Where no settings are given: what the program brings along. */
  static KnownNames shipped() {
    return new KnownNames(Optional.empty(), List.of(), () -> List.of(Shipped.list()));
  }

  /**
   * Where settings are given.
   *
   * @param routes those in force, beside those of the settings
   * @param prices asked for only if routes do not name everything: reading a list takes its time
   */
  static KnownNames of(Settings settings, Collection<Route> routes, Supplier<Prices> prices) {
    return new KnownNames(Optional.of(settings), routes, () -> prices.get().books());
  }

  /**
   * What is wrong and what is strange about the names in contracts.
   *
   * @param errors a line for each with its place
   * @param warnings likewise
   */
  record Unknown(List<String> errors, List<String> warnings) {}

  /**
   * Looks at contracts.
   *
   * @throws IllegalArgumentException if a price book is needed and cannot be used
   */
  Unknown in(ContractBook contracts, Instant now) {
    Set<String> models = targets();
    Set<String> vendors = vendors();
    Unknown found = found(contracts, models, vendors, now);
    if (found.errors().isEmpty() && found.warnings().isEmpty()) {
      return found;
    }
    for (PriceBook book : books.get()) {
      book.modelNames().forEach(models::add);
      vendors.addAll(book.vendors().keySet());
    }
    return found(contracts, models, vendors, now);
  }

  private Unknown found(
      ContractBook contracts, Set<String> models, Set<String> vendors, Instant now) {
    var errors = new Problems();
    var warnings = new Problems();
    UnknownNames.of(
        contracts, new Known(models, vendors, settings.isPresent()), now, errors, warnings);
    return new Unknown(errors.lines(), warnings.lines());
  }

  private Set<String> targets() {
    var models = new HashSet<String>();
    add(routes, models);
    settings.ifPresent(said -> {
      add(said.routes(), models);
      for (DeclaredRollout rollout : said.rollouts()) {
        models.add(rollout.candidate().substring(rollout.candidate().indexOf('/') + 1));
      }
    });
    return models;
  }

  private static void add(Collection<Route> routes, Set<String> models) {
    for (Route route : routes) {
      route.targets().forEach(target -> models.add(target.model()));
    }
  }

  private Set<String> vendors() {
    var names = new HashSet<String>();
    Catalogue.load().kinds().stream().map(Kind::name).forEach(names::add);
    settings.ifPresent(said -> {
      for (Vendor vendor : said.vendors().all()) {
        names.add(vendor.name());
        names.add(vendor.kind());
      }
    });
    return names;
  }
}
