package dev.understudy.app;

import dev.understudy.app.settings.Settings;
import dev.understudy.contract.Contract;
import dev.understudy.contract.ContractBook;
import dev.understudy.settlement.SalesFile;
import dev.understudy.settlement.SalesStore;
import dev.understudy.settlement.SettlementDesk;
import dev.understudy.text.Nearness;
import dev.understudy.text.Problems;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Keeps sales and rates of exchange from files. */
@Command(
    name = "import",
    description =
        "Keep sales, credit notes, taxes, profits and rates of exchange from files, each once;"
            + " of a file with a mistake nothing is kept.",
    mixinStandardHelpOptions = true)
final class SettleImport implements Callable<Integer> {
  private final Map<String, String> environment;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private StoreOptions where = new StoreOptions();

  @Option(
      names = "--source",
      paramLabel = "NAME",
      description = "Who tells facts that do not say so themselves; import.")
  private String source = "import";

  @Option(
      names = "--book",
      description = "Book the sales on our accounts too: receivables, revenue, tax.")
  private boolean book;

  @Option(
      names = "--contracts",
      paramLabel = "PATH",
      description =
          "Files of contracts, or folders of them, that facts may name; those of the settings.")
  private List<Path> contracts = new ArrayList<>();

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "CSV, or lines of JSON.")
  private List<Path> files = new ArrayList<>();

  SettleImport(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    return SettlementDesks.work(
        spec,
        where,
        environment,
        true,
        desks -> {
          List<String> known = known(desks);
          int code = 0;
          for (Path file : files) {
            code = Math.max(code, keep(file, desks, known));
          }
          return code;
        });
  }

  private int keep(Path file, SettlementDesks desks, List<String> known) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    byte[] bytes;
    try (var in = Files.newInputStream(file)) {
      bytes = in.readNBytes(SalesFile.BYTES_MAX + 1);
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": no such file", e);
    }
    var now = InstantSource.system().instant();
    var problems = new Problems();
    SalesFile.Content content = SalesFile.read(file.toString(), bytes, source, now, problems);
    if (!problems.isEmpty()) {
      problems.lines().forEach(err::println);
      err.println(file + ": nothing of it is kept");
      return 1;
    }
    SalesStore.Kept kept = desks.sales().keep(content.facts(), content.rates(), now);
    if (!kept.conflicts().isEmpty()) {
      kept.conflicts().forEach(conflict -> err.println(file + ": " + conflict));
      err.println(file + ": nothing of it is kept");
      return 1;
    }
    tellStrangers(content, known, err);
    int booked = book ? SettlementDesk.book(content.facts(), desks.ledger()) : 0;
    spec.commandLine()
        .getOut()
        .println(
            "%s: %d kept, %d known already%s"
                .formatted(
                    file, kept.kept(), kept.known(), book ? ", %d booked".formatted(booked) : ""));
    return 0;
  }

  /** The ids of contracts; none where none are named, neither here nor in the settings. */
  private List<String> known(SettlementDesks desks) throws IOException {
    ContractBook known =
        contracts.isEmpty()
            ? desks.settings().map(Settings::contracts).orElse(new ContractBook(List.of()))
            : ContractFiles.read(contracts);
    return known.contracts().stream().map(Contract::id).toList();
  }

  /** A fact for a contract that is not there is kept, since the contract may come. */
  private static void tellStrangers(
      SalesFile.Content content, List<String> known, PrintWriter err) {
    if (known.isEmpty()) {
      return;
    }
    content
        .contracts()
        .forEach((contract, place) -> {
          if (!known.contains(contract)) {
            err.println(
                "warning: %s: there is no contract %s; known: %s; what is told for it counts nowhere until there is"
                    .formatted(place, Nearness.quoted(contract), String.join(", ", known)));
          }
        });
  }
}
