package dev.understudy.app;

import dev.understudy.contract.ContractBook;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Does once what the schedule does. */
@Command(
    name = "due",
    description =
        "Settle every contract for the months that are over, and issue invoices: what the"
            + " schedule of a running gateway does, once.",
    mixinStandardHelpOptions = true)
final class SettleDue implements Callable<Integer> {
  private final Map<String, String> environment;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private StoreOptions where = new StoreOptions();

  @Option(
      names = "--contracts",
      paramLabel = "PATH",
      description = "Files of contracts, or folders of them; those of the settings.")
  private List<Path> contracts = new ArrayList<>();

  @Option(names = "--as", paramLabel = "PARTY", description = "The party that we are.")
  private Optional<String> we = Optional.empty();

  @Option(names = "--tariffs", paramLabel = "FILE", description = "Who is invoiced, and how.")
  private Optional<Path> tariffs = Optional.empty();

  @Option(
      names = "--months",
      paramLabel = "COUNT",
      description = "How many months that are over are looked at again; 12.")
  private int months = 12;

  @Option(names = "--out", paramLabel = "DIR", description = "Where files go; DATA/settlement.")
  private Optional<Path> out = Optional.empty();

  SettleDue(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    return SettlementDesks.work(
        spec,
        where,
        environment,
        false,
        desks -> {
          ContractBook book = desks.contracts(contracts);
          var terms =
              new SettlementJob.Terms(
                  1,
                  Math.clamp(months, 1, SettlementJob.MONTHS_MAX),
                  we,
                  out.orElse(where.data().resolve("settlement")),
                  tariffs);
          SettlementJob.Done done =
              SettlementJob.run(terms, book, desks, InstantSource.system().instant());
          done.made().forEach(spec.commandLine().getOut()::println);
          done.failed().forEach(spec.commandLine().getErr()::println);
          if (done.made().isEmpty() && done.failed().isEmpty()) {
            spec.commandLine().getOut().println("nothing new");
          }
          return done.failed().isEmpty() ? 0 : 1;
        });
  }
}
