package dev.understudy.app;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the product until it is told to stop: what {@link Serving} does, with help and all. */
@Command(
    name = "serve",
    description = "Run the gateway.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class Serve implements Callable<Integer> {
  private final Map<String, String> environment;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings; understudy.yaml if it is there.")
  private Optional<Path> config = Optional.empty();

  @Option(names = "--port", paramLabel = "N", description = "Where callers connect; 8080.")
  private Optional<Integer> port = Optional.empty();

  @Option(names = "--admin-port", paramLabel = "N", description = "Where operators connect; 8081.")
  private Optional<Integer> adminPort = Optional.empty();

  @Option(names = "--data", paramLabel = "DIR", description = "Where data is kept; ./data.")
  private Path data = Serving.USUAL_DATA;

  @Spec private CommandSpec spec = CommandSpec.create();

  Serve(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    return new Serving(config, port, adminPort, data).run(environment, spec.commandLine().getErr());
  }
}
