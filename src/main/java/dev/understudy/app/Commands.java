package dev.understudy.app;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Every command there is: {@code understudy <command>}. */
@Command(
    name = "understudy",
    description = "An AI model gateway that keeps every model vendor replaceable.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    synopsisSubcommandLabel = "COMMAND")
final class Commands {

  /** A command by its name, made when it is needed: a start need not load what others need. */
  private record Entry(String name, Supplier<Object> command) {}

  /** Every command there is, in the order in which the help lists them. */
  private static List<Entry> entries(Map<String, String> environment) {
    return List.of(
        new Entry("serve", () -> new Serve(environment)),
        new Entry("check-config", () -> new CheckConfig(environment)),
        new Entry("prices", () -> new PricesCommand(environment)),
        new Entry("contracts", () -> new ContractsCommand(environment).withAll()),
        new Entry("ledger", () -> new LedgerCommand(environment)),
        new Entry("focus", () -> new FocusCommand(environment)),
        new Entry("settle", () -> SettleCommand.line(environment)),
        new Entry("reconcile", () -> new ReconcileCommand(environment)),
        new Entry("figures", () -> new FiguresCommand(environment)),
        new Entry("qualify", () -> Qualify.line(environment)),
        new Entry("router", RouterCommand::new),
        new Entry("compare", () -> new CompareCommand(environment)),
        new Entry("keys", () -> new KeysCommand(environment).line()),
        new Entry("teams", () -> GroupsCommand.teams(environment)),
        new Entry("orgs", () -> GroupsCommand.organisations(environment)),
        new Entry("limits", () -> new LimitsCommand(environment).withAll()),
        new Entry("admin-token", () -> new AdminTokenCommand(environment)),
        new Entry("plan", () -> PlanCommand.of(environment)),
        new Entry("reload", () -> new Reload(environment)),
        new Entry("explain", () -> new Explain(environment)),
        new Entry("exchanges", () -> new ExchangesCommand(environment)),
        new Entry("capacity", () -> new CapacityCommand(environment)),
        new Entry("rollout", () -> RolloutCommand.line(environment)),
        new Entry("replay", ReplayCommand::new),
        new Entry("backup", CopyCommand.BackUp::new),
        new Entry("restore", CopyCommand.Restore::new),
        new Entry("train", Train::new));
  }

  /**
   * Runs a command.
   *
   * @return the exit code
   */
  static int run(Map<String, String> environment, String... arguments) {
    return line(environment, arguments).execute(arguments);
  }

  /** What understands these arguments: all commands, unless they name one or ask for none. */
  static CommandLine line(Map<String, String> environment, String... arguments) {
    String first = arguments.length == 0 ? "" : arguments[0];
    List<Entry> entries = entries(environment);
    boolean known = entries.stream().anyMatch(entry -> entry.name().equals(first));
    boolean none = first.equals("--version") || first.equals("-V");
    var line = new CommandLine(new Commands());
    for (Entry entry : entries) {
      if (!none && (!known || entry.name().equals(first))) {
        line.addSubcommand(entry.name(), entry.command().get());
      }
    }
    return line;
  }
}
