package dev.understudy.app;

import dev.understudy.app.settings.BadSettings;
import dev.understudy.app.settings.Settings;
import dev.understudy.app.settings.SettingsSchema;
import dev.understudy.app.settings.SettingsSummary;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
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

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      defaultValue = "data",
      description = "Folder in which an updated price list may be; ${DEFAULT-VALUE}.")
  private Path data = Serving.USUAL_DATA;

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
      var names =
          KnownNames.of(settings, List.of(), new PriceFiles(settings.priceBooks(), data)::read);
      KnownNames.Unknown unknown = names.in(settings.contracts(), Instant.now());
      if (!unknown.errors().isEmpty()) {
        return fail(unknown.errors());
      }
      out.println(given + ": OK");
      SettingsSummary.lines(settings).forEach(out::println);
      unknown.warnings().forEach(warning -> out.println("warning: " + warning));
      out.flush();
      return 0;
    } catch (BadSettings e) {
      return fail(e.lines());
    } catch (IllegalArgumentException e) {
      return fail(List.of(String.valueOf(e.getMessage())));
    }
  }

  private int fail(List<String> lines) {
    PrintWriter err = spec.commandLine().getErr();
    lines.forEach(err::println);
    err.flush();
    return 1;
  }
}
