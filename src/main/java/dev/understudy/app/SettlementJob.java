package dev.understudy.app;

import dev.understudy.app.settings.Settings;
import dev.understudy.contract.Contract;
import dev.understudy.contract.ContractBook;
import dev.understudy.settlement.Given;
import dev.understudy.settlement.InvoiceDesk.Issued;
import dev.understudy.settlement.InvoicePaper;
import dev.understudy.settlement.SettlementDesk;
import dev.understudy.settlement.StatementFiles;
import dev.understudy.settlement.Tariff;
import dev.understudy.settlement.TariffReader;
import dev.understudy.settlement.Unsettled;
import dev.understudy.settlement.We;
import dev.understudy.store.Database;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Settles contracts and issues invoices once a month is over, and looks again at the months before,
 * since what is heard of late changes them. Whatever was made before is not made again, so it does
 * not matter how often it looks, or how many replicas do.
 */
final class SettlementJob implements AutoCloseable {
  static final int MONTHS_MAX = 120;

  private static final Duration EVERY = Duration.ofHours(1);

  /** A start is not the moment for it. */
  private static final Duration FIRST = Duration.ofMinutes(1);

  private static final System.Logger LOG = System.getLogger(SettlementJob.class.getName());

  private final Supplier<ContractBook> contracts;
  private final Database database;
  private final Supplier<Given.ListPrices> list;
  private final InstantSource clock;
  private final Semaphore again = new Semaphore(0);
  private final Set<String> told = new HashSet<>();
  private volatile Optional<Terms> terms;
  private volatile boolean over;

  /**
   * A schedule.
   *
   * @param terms empty while the settings do not say when it is settled
   */
  SettlementJob(
      Optional<Terms> terms,
      Supplier<ContractBook> contracts,
      Database database,
      Supplier<Given.ListPrices> list,
      InstantSource clock) {
    this.terms = terms;
    this.contracts = contracts;
    this.database = database;
    this.list = list;
    this.clock = clock;
  }

  /**
   * What is settled, and when.
   *
   * @param day of the month from which the month before is settled, in UTC
   * @param months how many months that are over are looked at
   * @param we the party that we are, where that is not clear by itself
   * @param out where files go
   * @param tariffs who is invoiced; empty for nobody
   */
  record Terms(int day, int months, Optional<String> we, Path out, Optional<Path> tariffs) {

    static Terms of(Settings.Settlement said, Path data) {
      return new Terms(
          said.day(),
          said.months(),
          said.party(),
          said.out().orElse(data.resolve("settlement")),
          said.tariffs());
    }
  }

  /** What was made, and what could not be, in lines for people. */
  record Done(List<String> made, List<String> failed) {}

  /** Begins to look, on a thread of its own. */
  void start() {
    Thread.ofVirtual().name("settlement").start(this::loop);
  }

  private void loop() {
    try {
      Duration wait = FIRST;
      while (!over) {
        if (again.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
          again.drainPermits();
        }
        if (!over) {
          tick();
        }
        wait = EVERY;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Goes by other terms from now on, and looks at once. */
  void replace(Optional<Terms> other) {
    if (!terms.equals(other)) {
      terms = other;
      again.release();
    }
  }

  /** Looks once; what goes wrong is told once, and tried again the next time. */
  void tick() {
    Optional<Terms> now = terms;
    if (now.isEmpty()) {
      return;
    }
    try {
      Done done =
          run(
              now.get(),
              contracts.get(),
              SettlementDesks.over(database, list.get(), Optional.empty()),
              clock.instant());
      done.made().forEach(line -> LOG.log(Level.INFO, line));
      for (String line : done.failed()) {
        tell(line);
      }
    } catch (IOException | RuntimeException e) {
      tell("nothing is settled: " + e.getMessage());
    }
  }

  private void tell(String line) {
    if (told.size() < 1_000 && told.add(line)) {
      LOG.log(Level.WARNING, line);
    }
  }

  /** Settles and invoices what is due at an instant. */
  static Done run(Terms terms, ContractBook book, SettlementDesks desks, Instant now) {
    var made = new ArrayList<String>();
    var failed = new ArrayList<String>();
    LocalDate today = now.atZone(ZoneOffset.UTC).toLocalDate();
    YearMonth last = YearMonth.from(today).minusMonths(today.getDayOfMonth() < terms.day() ? 2 : 1);
    for (YearMonth month = last.minusMonths(terms.months() - 1L);
        !month.isAfter(last);
        month = month.plusMonths(1)) {
      YearMonth period = month;
      for (Contract contract : book.contracts()) {
        Instant begins = contract.versions().getFirst().term().from();
        if (YearMonth.from(begins.atZone(ZoneOffset.UTC)).isAfter(period)) {
          continue;
        }
        attempt(
            "statement of %s for %s".formatted(contract.id(), period),
            failed,
            () -> settle(terms, contract, period, desks, made));
      }
      attempt("invoices for " + period, failed, () -> invoice(terms, period, desks, made));
    }
    return new Done(made, failed);
  }

  /** Something that may not come about. */
  private interface Deed {
    void happen() throws IOException;
  }

  private static void attempt(String what, List<String> failed, Deed deed) {
    try {
      deed.happen();
    } catch (IOException | Unsettled | IllegalArgumentException e) {
      failed.add("no %s: %s".formatted(what, e.getMessage()));
    }
  }

  private static void settle(
      Terms terms, Contract contract, YearMonth period, SettlementDesks desks, List<String> made)
      throws IOException {
    // Who we are in one contract need not be a party of every other.
    Optional<String> we =
        terms
            .we()
            .filter(
                named -> contract.versions().stream().anyMatch(v -> v.party(named).isPresent()));
    SettlementDesk.Made one = desks.settlement().settle(contract, period, We.of(contract, we));
    if (one.isNew()) {
      List<Path> files = StatementFiles.write(one, terms.out());
      made.add(
          "statement of %s for %s, revision %d: %s, in %s"
              .formatted(
                  contract.id(),
                  period,
                  one.revision(),
                  one.statement().due().isEmpty() ? "nothing due" : one.statement().due().values(),
                  files.getFirst()));
    }
  }

  private static void invoice(
      Terms terms, YearMonth period, SettlementDesks desks, List<String> made) throws IOException {
    if (terms.tariffs().isEmpty()) {
      return;
    }
    Path file = terms.tariffs().get();
    TariffReader.Tariffs tariffs = InvoicesCommand.read(file);
    for (Tariff tariff : tariffs.all()) {
      for (Issued one :
          desks
              .invoices()
              .issue(tariff, tariffs.issuer(), period, InvoicesCommand.tag(tariff, file))) {
        if (one.isNew()) {
          List<Path> files =
              InvoicePaper.write(
                  one, tariffs.issuer(), tariff.name(), tariff.address(), terms.out());
          made.add(
              "%s for %s, %s: %s, in %s"
                  .formatted(
                      one.number(),
                      tariff.customer(),
                      period,
                      one.invoice().total(),
                      files.getFirst()));
        }
      }
    }
  }

  @Override
  public void close() {
    over = true;
    again.release();
  }
}
