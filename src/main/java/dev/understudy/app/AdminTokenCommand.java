package dev.understudy.app;

import dev.understudy.access.Digest;
import dev.understudy.app.settings.OperatorName;
import dev.understudy.vendor.Secret;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes another admin token, for who has lost the one before. */
@Command(
    name = "admin-token",
    description =
        "Make another admin token for the data folder of this machine; it counts at once, also for"
            + " a gateway that is running.",
    mixinStandardHelpOptions = true)
final class AdminTokenCommand implements Callable<Integer> {
  private final Map<String, String> environment;

  @Option(names = "--reset", description = "Make another; the one before is worth nothing then.")
  private boolean reset;

  @Option(
      names = "--for",
      paramLabel = "NAME",
      description =
          "Make a token of a person's own, and print beside it what goes into the settings under"
              + " server.operators.")
  private Optional<String> person = Optional.empty();

  @Option(names = "--data", paramLabel = "DIR", description = "Where data is kept; ./data.")
  private Path data = Path.of("data");

  @Spec private CommandSpec spec = CommandSpec.create();

  AdminTokenCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    if (person.isPresent()) {
      if (!OperatorName.fits(person.get())) {
        throw new ParameterException(spec.commandLine(), OperatorName.RULE);
      }
      Secret token = AdminToken.make();
      out.println(token.reveal());
      out.flush();
      err.println(
          "put into the settings, and give the token to %s alone; it is shown this once:%nserver:%n  operators:%n    %s: %s"
              .formatted(person.get(), person.get(), Digest.of(token.reveal()).hex()));
      err.flush();
      return 0;
    }
    if (!reset) {
      throw new ParameterException(
          spec.commandLine(), "a token is shown when it is made, and never again; say --reset");
    }
    try {
      if (!Files.isDirectory(data)) {
        throw new IOException("there is no data folder " + data + "; name it with --data");
      }
      AdminToken token = AdminToken.reset(data);
      out.println(token.fresh().orElseThrow().reveal());
      out.flush();
      if (environment.containsKey(AdminToken.VARIABLE)) {
        err.println(
            "note: a gateway that is started with %s goes by that and not by this one"
                .formatted(AdminToken.VARIABLE));
        err.flush();
      }
      return 0;
    } catch (IOException e) {
      err.println(e.getMessage());
      err.flush();
      return 1;
    }
  }
}
