package dev.understudy.app;

import dev.understudy.app.settings.BadSettings;
import dev.understudy.app.settings.Settings;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the product until it is told to stop. */
@Command(
    name = "serve",
    description = "Run the gateway.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class Serve implements Callable<Integer> {
  /** How long calls under way may go on once the process is told to stop. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

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
  private Path data = Path.of("data");

  @Spec private CommandSpec spec = CommandSpec.create();

  Serve(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    try {
      checkPort("--port", port);
      checkPort("--admin-port", adminPort);
      Settings settings = withPorts(UsualSettings.read(config, environment));
      makeDataFolder();
      var stopped = new CountDownLatch(1);
      Running running =
          Running.start(
              settings,
              environment,
              new FileOutputStream(FileDescriptor.out),
              data,
              () -> withPorts(UsualSettings.read(config, environment)));
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    running.close(PATIENCE);
                    stopped.countDown();
                  },
                  "stop"));
      Greeting.lines(running).forEach(err::println);
      err.flush();
      stopped.await();
      return 0;
    } catch (BadSettings e) {
      e.lines().forEach(err::println);
    } catch (IOException | IllegalArgumentException e) {
      err.println(e.getMessage());
    }
    err.flush();
    return 1;
  }

  private static void checkPort(String option, Optional<Integer> wanted) {
    wanted
        .filter(port -> port < 0 || port > 65_535)
        .ifPresent(port -> {
          throw new IllegalArgumentException(
              "%s must be a whole number from 0 to 65535, not %d; 0 takes any free port"
                  .formatted(option, port));
        });
  }

  /** A folder that cannot be written is better known now than when there is something to keep. */
  private void makeDataFolder() throws IOException {
    try {
      if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
        // Digests, spend and records of calls: nobody else's business.
        Files.createDirectories(
            data,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } else {
        Files.createDirectories(data);
      }
    } catch (IOException e) {
      throw new IOException("the data folder " + data + " cannot be made", e);
    }
    if (!Files.isWritable(data)) {
      throw new IOException("the data folder " + data + " cannot be written");
    }
  }

  private Settings withPorts(Settings settings) {
    return settings.withPorts(
        port.orElse(settings.server().port()), adminPort.orElse(settings.server().adminPort()));
  }
}
