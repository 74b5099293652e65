package dev.understudy.app;

import dev.understudy.app.settings.BadSettings;
import dev.understudy.app.settings.Settings;
import dev.understudy.app.settings.SettingsSchema;
import dev.understudy.app.settings.SettingsSummary;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what a settings file comes to, or all that is wrong with it. */
@Command(
    name = "check-config",
    description = "Read a settings file and say what it comes to, or all that is wrong with it.",
    mixinStandardHelpOptions = true)
final class CheckConfig implements Callable<Integer> {
  private final Map<String, String> environment;

  @Parameters(arity = "0..1", paramLabel = "FILE", description = "The settings file.")
  private Optional<Path> file = Optional.empty();

  @Option(names = "--schema", description = "Print the JSON Schema of settings, for editors.")
  private boolean schema;

  @Spec private CommandSpec spec = CommandSpec.create();

  CheckConfig(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (schema) {
      out.print(SettingsSchema.text());
      out.flush();
      return 0;
    }
    Path given =
        file.orElseThrow(
            () -> new ParameterException(spec.commandLine(), "Missing required parameter: FILE"));
    try {
      Settings settings = Settings.read(given, environment);
      out.println(given + ": OK");
      SettingsSummary.lines(settings).forEach(out::println);
      out.flush();
      return 0;
    } catch (BadSettings e) {
      PrintWriter err = spec.commandLine().getErr();
      e.lines().forEach(err::println);
      err.flush();
      return 1;
    }
  }
}
