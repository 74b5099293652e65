package dev.understudy.app;

import java.util.List;
import java.util.Map;
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

  public static void main(String[] arguments) {
    System.exit(commandLine(System.getenv()).execute(arguments));
  }

  /** Every command there is, in the order in which the help lists them. */
  static CommandLine commandLine(Map<String, String> environment) {
    var line = new CommandLine(new Main());
    for (Object command :
        List.of(
            new Serve(environment),
            new CheckConfig(environment),
            new KeysCommand(environment).line(),
            GroupsCommand.teams(environment),
            GroupsCommand.organisations(environment),
            new AdminTokenCommand(environment),
            new CopyCommand.BackUp(),
            new CopyCommand.Restore(),
            new Train())) {
      line.addSubcommand(command);
    }
    return line;
  }
}
