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
  private final AsItStands<Parties> parties;
  private final Supplier<ListPrices> lists;
  private final AsItStands<Sold> sold;
  private final BillingNow billing;
  private final Supplier<ContractBook> contracts;
  private final InstantSource clock;

  /** Where revenue comes from. */
  sealed interface Sold {
    /** From what customers are charged by their tariffs. */
    record ByTariffs(Revenue revenue) implements Sold {}

    /** From what was invoiced, settled and booked. */
    record ByLedger(Booked booked) implements Sold {}
  }

  /** Something as files stand. */
  @FunctionalInterface
  interface AsItStands<T> {
    T read() throws IOException;
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
      AsItStands<Parties> parties,
      Supplier<ListPrices> lists,
      AsItStands<Sold> sold,
      BillingNow billing,
      Supplier<ContractBook> contracts,
      InstantSource clock) {
    this.facts = facts;
    this.parties = parties;
    this.lists = lists;
    this.sold = sold;
    this.billing = billing;
    this.contracts = contracts;
    this.clock = clock;
  }

  /** The figures of a running gateway, at their addresses. */
  static List<Resource> resources(
      Supplier<Settings> settings, Path data, Database kept, Supplier<ContractBook> contracts) {
    var facts = new SqlFacts(kept);
    var desk =
        new FiguresDesk(
            () -> facts,
            () ->
                Parties.of(
                    Books.usual(data),
                    Catalogue.load(),
                    Developers.load(),
                    Books.kinds(settings.get().vendors().all())),
            () -> ListPrices.of(new PriceFiles(settings.get().priceBooks(), data).read()),
            () ->
                new Sold.ByLedger(
                    Books.sold(new SqlLedgerStore(kept), Optional.of(settings.get()))),
            (of, horizon) ->
                ContractBilling.of(
                        Books.usual(data),
                        of,
                        settings.get().settlement().flatMap(Settings.Settlement::party),
                        Books.kinds(settings.get().vendors().all()),
                        horizon)
                    .billing(),
            contracts,
            InstantSource.system());
    return new FiguresResources(desk, InstantSource.system()).resources();
  }

  @Override
  public List<Figure> figures(Instant from, Instant until, String by) throws IOException {
    var listed = new ListedByBooks(lists.get());
    List<Billing.Capacity> bought = bought(until);
    Figures figures =
        switch (sold.read()) {
          case Sold.ByTariffs(Revenue revenue) ->
              new Figures(facts.get(), parties.read(), listed, revenue, bought);
          case Sold.ByLedger(Booked booked) ->
              new Figures(facts.get(), parties.read(), listed, booked, bought);
        };
    return figures.of(from, until, by);
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
    List<Billing.Capacity> bought = billing.read(contracts.get(), now).capacity();
    var all = new ArrayList<BurnDown>();
    for (Promise promise : promises) {
      all.add(BurnDown.of(facts.get(), promise, bought, now));
    }
    return all;
  }

  @Override
  public List<CapacityUse> capacity(Instant from, Instant until) throws IOException {
    List<Billing.Capacity> bought = bought(until);
    return CapacityUse.of(facts.get(), bought, new ListedByBooks(lists.get()), from, until);
  }

  /** What was bought, as far as its hours have begun: what is to come is not spent. */
  private List<Billing.Capacity> bought(Instant until) throws IOException {
    Instant now = clock.instant();
    var bought = new ArrayList<Billing.Capacity>();
    for (Billing.Capacity one : billing.read(contracts.get(), until).capacity()) {
      one.begunBy(now).ifPresent(bought::add);
    }
    return bought;
  }
}
