package dev.understudy.app;

import dev.understudy.app.settings.BadSettings;
import dev.understudy.app.settings.Settings;
import dev.understudy.contract.ContractBook;
import dev.understudy.contract.ContractDesk;
import dev.understudy.ledger.Ledger;
import dev.understudy.settlement.FxTable;
import dev.understudy.settlement.Given;
import dev.understudy.settlement.InvoiceDesk;
import dev.understudy.settlement.SalesStore;
import dev.understudy.settlement.SettlementDesk;
import dev.understudy.settlement.Unsettled;
import dev.understudy.store.Database;
import dev.understudy.store.SqlEvidenceStore;
import dev.understudy.store.SqlFacts;
import dev.understudy.store.SqlLedgerStore;
import dev.understudy.store.SqlSalesStore;
import dev.understudy.store.SqlStatementStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** Everything that settles, over one database. */
record SettlementDesks(
    SalesStore sales,
    Ledger ledger,
    SettlementDesk settlement,
    InvoiceDesk invoices,
    Optional<Settings> settings,
    Database database) {

  /**
   * The contracts of files, else of the settings, with the versions that triggers have made.
   *
   * @throws IOException if they cannot be read
   */
  ContractBook contracts(List<Path> files) throws IOException {
    if (files.isEmpty() && settings.map(s -> s.contracts().isEmpty()).orElse(true)) {
      throw new IOException(
          "there are no contracts: name their files in the settings (contracts) or by --contracts");
    }
    ContractBook agreed =
        files.isEmpty() ? settings.orElseThrow().contracts() : ContractFiles.read(files);
    var desk =
        new ContractDesk(
            agreed,
            settings.map(s -> Contracting.kinds(s.vendors())).orElse(Map.of()),
            new SqlEvidenceStore(database),
            InstantSource.system());
    desk.refresh();
    return desk.state().book();
  }

  /** What is done with them. */
  @FunctionalInterface
  interface Work {
    int with(SettlementDesks desks) throws IOException;
  }

  static SettlementDesks over(Database database, Given.ListPrices list, Optional<Settings> settings)
      throws IOException {
    var sales = new SqlSalesStore(database);
    var statements = new SqlStatementStore(database);
    var ledger = new Ledger(new SqlLedgerStore(database), InstantSource.system());
    var given = new Given(sales::each, new SqlFacts(database), new FxTable(sales.rates()), list);
    return new SettlementDesks(
        sales,
        ledger,
        new SettlementDesk(given, statements, ledger, InstantSource.system()),
        new InvoiceDesk(given, sales, statements, ledger, InstantSource.system()),
        settings,
        database);
  }

  /** Opens, works, and tells what went wrong; ends the command with 1 if anything did. */
  static int work(
      CommandSpec spec,
      StoreOptions where,
      Map<String, String> environment,
      boolean make,
      Work work) {
    PrintWriter err = spec.commandLine().getErr();
    try (Database database =
        make ? where.openOrMake(environment) : where.open(environment, LedgerCommand.MISSING)) {
      Optional<Settings> settings = where.readSettings(environment);
      List<Path> books = settings.map(Settings::priceBooks).orElse(List.of());
      int code =
          work.with(
              over(
                  database,
                  ListWitness.lists(new PriceFiles(books, where.data()).read()),
                  settings));
      spec.commandLine().getOut().flush();
      err.flush();
      return code;
    } catch (BadSettings e) {
      e.lines().forEach(err::println);
    } catch (IOException | Unsettled | IllegalArgumentException e) {
      spec.commandLine().getOut().flush();
      err.println(e.getMessage());
    }
    err.flush();
    return 1;
  }
}
