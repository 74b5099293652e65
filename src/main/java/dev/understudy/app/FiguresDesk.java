package dev.understudy.app;

import dev.understudy.admin.FiguresResources;
import dev.understudy.admin.Resource;
import dev.understudy.app.settings.Settings;
import dev.understudy.contract.Contract;
import dev.understudy.contract.ContractBook;
import dev.understudy.exchange.Facts;
import dev.understudy.settlement.figures.Booked;
import dev.understudy.settlement.figures.BurnDown;
import dev.understudy.settlement.figures.CapacityUse;
import dev.understudy.settlement.figures.Figure;
import dev.understudy.settlement.figures.Figures;
import dev.understudy.settlement.figures.ListedByBooks;
import dev.understudy.settlement.figures.Promise;
import dev.understudy.settlement.figures.Revenue;
import dev.understudy.settlement.focus.Billing;
import dev.understudy.settlement.focus.ContractBilling;
import dev.understudy.settlement.focus.ListPrices;
import dev.understudy.settlement.focus.Parties;
import dev.understudy.store.Database;
import dev.understudy.store.SqlFacts;
import dev.understudy.store.SqlLedgerStore;
import dev.understudy.vendor.Catalogue;
import dev.understudy.vendor.Developers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Makes figures of records, prices, contracts and the billing file. */
final class FiguresDesk implements FiguresResources.Source {
  private final Supplier<Facts> facts;
  private final Supplier<Parties> parties;
  private final Supplier<ListPrices> lists;
  private final SoldNow sold;
  private final BillingNow billing;
  private final Supplier<ContractBook> contracts;

  /** Where revenue comes from. */
  sealed interface Sold {
    /** From what customers are charged by their tariffs. */
    record ByTariffs(Revenue revenue) implements Sold {}

    /** From what was invoiced, settled and booked. */
    record ByLedger(Booked booked) implements Sold {}
  }

  /** Where revenue comes from as files stand. */
  @FunctionalInterface
  interface SoldNow {
    Sold read() throws IOException;
  }

  /** The billing file as it stands, with what contracts say. */
  @FunctionalInterface
  interface BillingNow {
    /**
     * Reads it.
     *
     * @param contracts none, where only what the file says is wanted
     * @param horizon where capacity without an end ends
     */
    Billing read(ContractBook contracts, Instant horizon) throws IOException;
  }

  FiguresDesk(
      Supplier<Facts> facts,
      Supplier<Parties> parties,
      Supplier<ListPrices> lists,
      SoldNow sold,
      BillingNow billing,
      Supplier<ContractBook> contracts) {
    this.facts = facts;
    this.parties = parties;
    this.lists = lists;
    this.sold = sold;
    this.billing = billing;
    this.contracts = contracts;
  }

  /** The figures of a running gateway, at their addresses. */
  static List<Resource> resources(
      Settings settings, Path data, Database kept, Supplier<ContractBook> contracts) {
    var facts = new SqlFacts(kept);
    var desk =
        new FiguresDesk(
            () -> facts,
            () ->
                Parties.of(
                    Billing.PLAIN,
                    Catalogue.load(),
                    Developers.load(),
                    Books.kinds(settings.vendors().all())),
            () -> ListPrices.of(new PriceFiles(settings.priceBooks(), data).read()),
            () -> new Sold.ByLedger(Books.sold(new SqlLedgerStore(kept), Optional.of(settings))),
            (of, horizon) ->
                ContractBilling.of(
                        Books.usual(data),
                        of,
                        settings.settlement().flatMap(Settings.Settlement::party),
                        Books.kinds(settings.vendors().all()),
                        horizon)
                    .billing(),
            contracts);
    return new FiguresResources(desk, InstantSource.system()).resources();
  }

  @Override
  public List<Figure> figures(Instant from, Instant until, String by) throws IOException {
    var listed = new ListedByBooks(lists.get());
    return switch (sold.read()) {
      case Sold.ByTariffs(Revenue revenue) ->
          new Figures(facts.get(), parties.get(), listed, revenue).of(from, until, by);
      case Sold.ByLedger(Booked booked) ->
          new Figures(facts.get(), parties.get(), listed, booked).of(from, until, by);
    };
  }

  @Override
  public List<BurnDown> commitments(Instant now) throws IOException {
    var promises = new ArrayList<Promise>();
    billing
        .read(ContractBook.EMPTY, now)
        .commitments()
        .forEach(spend -> promises.add(Promise.of(spend)));
    for (Contract contract : contracts.get().contracts()) {
      contract
          .at(now)
          .ifPresent(version ->
              version
                  .money()
                  .commitments()
                  .forEach(clause -> promises.add(Promise.of(contract, version, clause))));
    }
    var all = new ArrayList<BurnDown>();
    for (Promise promise : promises) {
      all.add(BurnDown.of(facts.get(), promise, now));
    }
    return all;
  }

  @Override
  public List<CapacityUse> capacity(Instant from, Instant until) throws IOException {
    var all = new ArrayList<CapacityUse>();
    var listed = new ListedByBooks(lists.get());
    for (Billing.Capacity capacity : billing.read(contracts.get(), until).capacity()) {
      all.add(CapacityUse.of(facts.get(), capacity, listed, from, until));
    }
    return all;
  }
}
