package dev.understudy.app;

import dev.understudy.app.settings.BadSettings;
import dev.understudy.ledger.Account;
import dev.understudy.ledger.Balance;
import dev.understudy.ledger.Draft;
import dev.understudy.ledger.EventId;
import dev.understudy.ledger.ExchangeRate;
import dev.understudy.ledger.Ledger;
import dev.understudy.ledger.Verification;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.money.Rounding;
import dev.understudy.settlement.FxTable;
import dev.understudy.settlement.Unsettled;
import dev.understudy.store.Database;
import dev.understudy.store.SqlAttemptBook;
import dev.understudy.store.SqlLedgerStore;
import dev.understudy.store.SqlSalesStore;
import dev.understudy.text.Days;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Books costs, closes periods, and looks after the ledger. */
@Command(
    name = "ledger",
    description = "Book costs, close periods, show balances, and verify the ledger.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class LedgerCommand implements Runnable {
  /** What to say where there is none. */
  static final String MISSING = "there is no ledger";

  private static final Pattern HEAD = Pattern.compile("[0-9a-f]{64}");

  private final Map<String, String> environment;

  @Spec private CommandSpec spec = CommandSpec.create();

  LedgerCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  /** What is done with the database. */
  @FunctionalInterface
  private interface DatabaseWork {
    int with(Database database) throws IOException;
  }

  /** What is done with the ledger. */
  @FunctionalInterface
  private interface Work {
    int with(Ledger ledger) throws IOException;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing required subcommand");
  }

  @Command(
      name = "verify",
      description = "Recompute the chain and the balances, and say what does not fit.",
      mixinStandardHelpOptions = true)
  int verify(
      @Mixin StoreOptions where,
      @Option(
              names = "--head",
              paramLabel = "HASH",
              description = "A head that was printed before: it must still be in the chain.")
          List<String> heads) {
    Set<String> kept = heads == null ? Set.of() : Set.copyOf(heads);
    for (String head : kept) {
      if (!HEAD.matcher(head).matches()) {
        throw new ParameterException(
            spec.commandLine(), "--head must be 64 hexadecimal digits, as verify prints them");
      }
    }
    return work(
        where,
        false,
        ledger -> {
          int code = 0;
          var missing = new TreeSet<>(kept);
          for (Verification currency : ledger.verify(kept)) {
            missing.removeAll(currency.kept());
            boolean sound = currency.problems().isEmpty();
            out()
                .println(
                    "%s: %d entries, head %s, %s"
                        .formatted(
                            currency.currency(),
                            currency.entries(),
                            currency.head(),
                            sound
                                ? "sound"
                                : "NOT sound, %d problems".formatted(currency.problems().size())));
            currency.problems().forEach(problem -> out().println("  " + problem));
            code = sound ? code : 1;
          }
          for (String head : missing) {
            out()
                .println(
                    "head %s is in no chain: what it ended was cut off or changed".formatted(head));
            code = 1;
          }
          return code;
        });
  }

  @Command(
      name = "balances",
      description = "Print what stands on each account: debits less credits.",
      mixinStandardHelpOptions = true)
  int balances(@Mixin StoreOptions where) {
    return work(
        where,
        false,
        ledger -> {
          for (Currency currency : ledger.currencies()) {
            for (Map.Entry<?, Balance> one : ledger.balances(currency).entrySet()) {
              Balance balance = one.getValue();
              out()
                  .println(
                      "%-48s %s%s"
                          .formatted(
                              one.getKey(),
                              balance.posted(),
                              balance.pending().isZero()
                                  ? ""
                                  : " (%s held)".formatted(balance.pending())));
            }
          }
          return 0;
        });
  }

  @Command(
      name = "close",
      description = "Close all periods before a day: what is heard of later becomes a correction.",
      mixinStandardHelpOptions = true)
  int close(
      @Mixin StoreOptions where,
      @Option(
              names = "--currency",
              paramLabel = "CODE",
              required = true,
              description = "Such as USD.")
          String currency,
      @Option(
              names = "--until",
              paramLabel = "DAY",
              required = true,
              description = "The first day that stays open, in UTC.")
          String until) {
    return work(
        where,
        false,
        ledger -> {
          Instant instant;
          try {
            instant = Days.day(until).atStartOfDay(ZoneOffset.UTC).toInstant();
          } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("--until must be a day, such as 2026-12-01", e);
          }
          ledger.close(Currencies.ofMoney(currency), instant);
          out().println("%s is closed until %s".formatted(currency, instant));
          return 0;
        });
  }

  @Command(
      name = "import",
      description =
          "Keep the attempts in files of log lines, and book what they cost; a line that was read"
              + " before does not count again.",
      mixinStandardHelpOptions = true)
  int importLog(
      @Mixin StoreOptions where,
      @Parameters(arity = "1..*", paramLabel = "FILE", description = "The log's lines.")
          List<Path> files) {
    return database(
        where,
        true,
        database -> {
          var book = new SqlAttemptBook(database, InstantSource.system());
          var bookings = new Bookings(err());
          for (Path file : files) {
            bookings.read(file, book);
          }
          out().println(bookings);
          return bookings.isAmiss() ? 1 : 0;
        });
  }

  @Command(
      name = "exchange",
      description =
          "Move an amount on an account into another currency, at the rate of a day that was"
              + " imported with `understudy settle import`.",
      mixinStandardHelpOptions = true)
  int exchange(
      @Mixin StoreOptions where,
      @Option(
              names = "--id",
              paramLabel = "ID",
              required = true,
              description = "Its name for good: told again, it is known.")
          String id,
      @Option(
              names = "--account",
              paramLabel = "ACCOUNT",
              required = true,
              description = "Such as payable:openai.")
          String account,
      @Option(
              names = "--amount",
              paramLabel = "AMOUNT",
              required = true,
              description =
                  "What is moved, as it stands there: a debit above zero, a credit below, such as"
                      + " --amount=\"-100 EUR\".")
          String amount,
      @Option(
              names = "--to",
              paramLabel = "CODE",
              required = true,
              description = "The other currency.")
          String to,
      @Option(
              names = "--day",
              paramLabel = "DAY",
              required = true,
              description =
                  "The day it occurred, in UTC, whose rate holds; without one, the last of the"
                      + " seven days before.")
          String day) {
    try (Database database = where.open(environment, MISSING)) {
      Money moved = Money.parse(amount);
      LocalDate date = day(day);
      ExchangeRate rate =
          new FxTable(new SqlSalesStore(database).rates())
              .rate(moved.currency(), Currencies.ofMoney(to), date);
      List<Draft> sides =
          rate.exchange(
              new EventId("exchange-of-currency", id),
              Account.parse(account),
              moved,
              Rounding.of(rate.to()),
              date.atStartOfDay(ZoneOffset.UTC).toInstant());
      var bookings = new Bookings(err());
      bookings.take(
          new Ledger(new SqlLedgerStore(database), InstantSource.system()).bookTogether(sides));
      if (!bookings.isRefused()) {
        out()
            .println(
                "%s: %s is %s, at 1 %s = %s %s of %s (%s)%s"
                    .formatted(
                        account,
                        moved,
                        Rounding.of(rate.to())
                            .round(Money.of(moved.amount().multiply(rate.rate()), rate.to()))
                            .money(),
                        rate.from(),
                        rate.rate().toPlainString(),
                        rate.to(),
                        rate.day(),
                        rate.source(),
                        bookings.isKnown() ? ", known already" : ""));
      }
      out().flush();
      err().flush();
      return bookings.isRefused() ? 1 : 0;
    } catch (BadSettings e) {
      e.lines().forEach(err()::println);
    } catch (IOException | IllegalArgumentException | Unsettled e) {
      err().println(e.getMessage());
    }
    err().flush();
    return 1;
  }

  private static LocalDate day(String text) {
    try {
      return Days.day(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("--day must be a day, such as 2026-12-01", e);
    }
  }

  private int work(StoreOptions where, boolean make, Work work) {
    return database(
        where,
        make,
        database -> work.with(new Ledger(new SqlLedgerStore(database), InstantSource.system())));
  }

  private int database(StoreOptions where, boolean make, DatabaseWork work) {
    try (Database database =
        make ? where.openOrMake(environment) : where.open(environment, MISSING)) {
      int code = work.with(database);
      out().flush();
      err().flush();
      return code;
    } catch (BadSettings e) {
      e.lines().forEach(err()::println);
    } catch (IOException | IllegalArgumentException e) {
      out().flush();
      err().println(e.getMessage());
    }
    err().flush();
    return 1;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
