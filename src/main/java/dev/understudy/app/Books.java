package dev.understudy.app;

import dev.understudy.app.settings.BadSettings;
import dev.understudy.app.settings.Settings;
import dev.understudy.contract.ContractBook;
import dev.understudy.contract.ContractDesk;
import dev.understudy.exchange.Facts;
import dev.understudy.ledger.AttemptCosts;
import dev.understudy.ledger.LedgerStore;
import dev.understudy.pricing.Prices;
import dev.understudy.settlement.TariffReader;
import dev.understudy.settlement.figures.Booked;
import dev.understudy.settlement.figures.BookedRevenue;
import dev.understudy.settlement.focus.Billing;
import dev.understudy.settlement.focus.ContractBilling;
import dev.understudy.settlement.focus.Corrections;
import dev.understudy.settlement.focus.ListPrices;
import dev.understudy.settlement.focus.Parties;
import dev.understudy.store.Database;
import dev.understudy.store.SqlEvidenceStore;
import dev.understudy.store.SqlFacts;
import dev.understudy.store.SqlLedgerStore;
import dev.understudy.text.Days;
import dev.understudy.text.Nearness;
import dev.understudy.text.Problems;
import dev.understudy.vendor.Catalogue;
import dev.understudy.vendor.Developers;
import dev.understudy.vendor.Vendor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import picocli.CommandLine.Option;

/** What commands about money read: calls, ledger, prices, and the billing file. */
final class Books implements AutoCloseable {
  /** More late calls than a ledger has that closes its months with some care. */
  private static final int CORRECTIONS_MAX = 1_000_000;

  private final Database database;
  private final Optional<Settings> settings;
  private final Path data;
  private final Billing billing;

  private Books(Database database, Optional<Settings> settings, Path data, Billing billing) {
    this.database = database;
    this.settings = settings;
    this.data = data;
    this.billing = billing;
  }

  /**
   * The billing file in a data folder, or nothing.
   *
   * @throws IOException if it is there and cannot be used
   */
  static Billing usual(Path data) throws IOException {
    Path file = data.resolve("billing.yaml");
    return Files.exists(file) ? BillingFile.read(file) : Billing.PLAIN;
  }

  /** Where they are. */
  static final class Where extends StoreOptions {
    @Option(
        names = "--billing",
        paramLabel = "FILE",
        description =
            "Who is billed, and what was bought, charged and invoiced; billing.yaml in the data"
                + " folder if it is there.")
    private Optional<Path> billing = Optional.empty();

    /**
     * Opens them.
     *
     * @throws IOException if there is no database, or it cannot be read
     */
    Books open(Map<String, String> environment) throws IOException, BadSettings {
      Billing said = billing.isEmpty() ? usual(data()) : BillingFile.read(billing.get());
      Optional<Settings> settings = readSettings(environment);
      return new Books(open(settings, "there are no records"), settings, data(), said);
    }
  }

  Facts facts() {
    return new SqlFacts(database);
  }

  LedgerStore ledger() {
    return new SqlLedgerStore(database);
  }

  Billing billing() {
    return billing;
  }

  /**
   * The contracts of files, else of the settings, with the versions that triggers have made.
   *
   * @throws IOException if they cannot be read
   */
  ContractBook contracts(List<Path> files) throws IOException {
    ContractBook agreed =
        files.isEmpty()
            ? settings.map(Settings::contracts).orElse(ContractBook.EMPTY)
            : ContractFiles.read(files);
    if (agreed.isEmpty()) {
      return agreed;
    }
    var desk =
        new ContractDesk(agreed, kinds(), new SqlEvidenceStore(database), InstantSource.system());
    desk.refresh();
    return desk.state().book();
  }

  /**
   * The billing file, with what was bought and promised under contracts.
   *
   * @param as which party of contracts we are; else as the settings say
   * @param horizon where capacity without an end ends
   */
  ContractBilling.Taken billing(ContractBook contracts, Optional<String> as, Instant horizon) {
    return ContractBilling.of(
        billing,
        contracts,
        as.or(() -> settings.flatMap(Settings::settlement).flatMap(Settings.Settlement::party)),
        kinds(),
        horizon);
  }

  /** What was sold, as the ledger has it. */
  Booked sold() throws IOException {
    return sold(ledger(), settings);
  }

  /** What was sold, as a ledger has it, with the customers of the settings. */
  static Booked sold(LedgerStore ledger, Optional<Settings> settings) throws IOException {
    Optional<Path> tariffs =
        settings.flatMap(Settings::settlement).flatMap(Settings.Settlement::tariffs);
    return new BookedRevenue(ledger, tariffs.isEmpty() ? List.of() : tariffs(tariffs.get()).all());
  }

  /**
   * What customers are charged.
   *
   * @throws IOException if the file cannot be read, or with everything that is wrong with it
   */
  static TariffReader.Tariffs tariffs(Path file) throws IOException {
    var problems = new Problems();
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": no such file", e);
    }
    Optional<TariffReader.Tariffs> read = TariffReader.read(file.toString(), bytes, problems);
    if (!problems.isEmpty() || read.isEmpty()) {
      throw new IOException(String.join("\n", problems.lines()));
    }
    return read.get();
  }

  Prices prices() {
    return new PriceFiles(settings.map(Settings::priceBooks).orElse(List.of()), data).read();
  }

  ListPrices listPrices() {
    return ListPrices.of(prices());
  }

  Parties parties() {
    return Parties.of(billing, Catalogue.load(), Developers.load(), kinds());
  }

  /** The kind of a vendor in the settings; of another its name, which may be one. */
  String kind(String vendor) {
    return kinds().getOrDefault(vendor, vendor);
  }

  /**
   * The kind of a vendor that is in the settings, in the catalogue, or in the records of a span.
   *
   * @param to the last day
   * @throws IllegalArgumentException if nobody has heard of it: its name is mistyped
   */
  String vendorKind(String vendor, Facts facts, LocalDate from, LocalDate to) throws IOException {
    var known = new TreeSet<>(kinds().keySet());
    if (!known.contains(vendor) && Catalogue.load().kind(vendor).isEmpty()) {
      facts.sums(
          from.atStartOfDay().toInstant(ZoneOffset.UTC),
          to.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC),
          Facts.Grain.WHOLE,
          sum -> known.add(sum.group().vendor()));
      if (!known.contains(vendor)) {
        throw new IllegalArgumentException(
            "no vendor %s in the settings, or in the records of these days%s"
                .formatted(Nearness.quoted(vendor), Nearness.hint(vendor, known)));
      }
    }
    return kind(vendor);
  }

  private Map<String, String> kinds() {
    return kinds(settings.map(s -> s.vendors().all()).orElse(List.of()));
  }

  /** By the vendors' names in the settings. */
  static Map<String, String> kinds(List<Vendor> vendors) {
    Map<String, String> kinds = new HashMap<>();
    vendors.forEach(vendor -> kinds.put(vendor.name(), vendor.kind()));
    return kinds;
  }

  /** Which calls the ledger heard of after their month was closed. */
  Corrections corrections() throws IOException {
    Map<String, Instant> booked = new HashMap<>();
    ledger()
        .read(pages -> {
          booked.clear();
          for (var currency : pages.currencies()) {
            if (pages.closedUntil(currency).isEmpty()) {
              continue;
            }
            pages.each(
                currency,
                entry -> {
                  if (entry.correction()
                      && entry.draft().event().source().equals(AttemptCosts.SOURCE)) {
                    if (booked.size() == CORRECTIONS_MAX) {
                      throw new IllegalArgumentException(
                          "more than %d calls were heard of after their month was closed"
                              .formatted(CORRECTIONS_MAX));
                    }
                    booked.put(entry.draft().event().id(), entry.bookedAt());
                  }
                },
                (_, _) -> {});
          }
          return booked.size();
        });
    return fact -> Optional.ofNullable(booked.get(fact.id()));
  }

  /**
   * The instant behind a last day or month as people write it, in UTC.
   *
   * @throws IllegalArgumentException if it is neither
   */
  static Instant after(String option, String text) {
    return Days.end(option, text);
  }

  /**
   * An instant as people write it: a day or a month, which begin at midnight in UTC, or an instant.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  static Instant instant(String option, String text) {
    try {
      return switch (text.length()) {
        case 7 -> Days.month(text).atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
        case 10 -> Days.day(text).atStartOfDay().toInstant(ZoneOffset.UTC);
        default -> Days.moment(text);
      };
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "%s must be like 2026-10, 2026-10-31 or 2026-10-31T12:00:00Z, not %s"
              .formatted(option, text.length() > 40 ? text.substring(0, 40) + "…" : text),
          e);
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
