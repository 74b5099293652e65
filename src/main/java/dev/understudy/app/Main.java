package dev.understudy.app;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line: {@code understudy <command>}. */
@Command(
    name = "understudy",
    description = "An AI model gateway that keeps every model vendor replaceable.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND")
public final class Main {

  /** Every command there is, in the order in which the help lists them. */
  private static final List<Object> COMMANDS =
      List.of(new Serve(System.getenv()), new CheckConfig(System.getenv()), new Train());

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    var line = new CommandLine(new Main());
    COMMANDS.forEach(line::addSubcommand);
    return line;
  }
}
