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
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * The product, as it was asked for, until it is told to stop.
 *
 * @param config the settings; the usual file if none is named
 * @param port where callers connect; as the settings say if empty
 * @param adminPort where operators connect; as the settings say if empty
 * @param data where data is kept
 */
record Serving(
    Optional<Path> config, Optional<Integer> port, Optional<Integer> adminPort, Path data) {
  static final Path USUAL_DATA = Path.of("data");

  /** How long calls under way may go on once the process is told to stop. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Set<String> OPTIONS = Set.of("--config", "--port", "--admin-port", "--data");

  /**
   * What {@code serve} with plain options asks for: each at most once, and nothing to be explained.
   * The general reader of command lines understands these and all others; it is left out here since
   * reading it takes an eighth of a start.
   */
  static Optional<Serving> plain(String... arguments) {
    if (arguments.length == 0 || !arguments[0].equals("serve")) {
      return Optional.empty();
    }
    var said = new HashMap<String, String>();
    for (int i = 1; i < arguments.length; i++) {
      int equals = arguments[i].indexOf('=');
      String option = equals < 0 ? arguments[i] : arguments[i].substring(0, equals);
      if (equals < 0 && ++i == arguments.length) {
        return Optional.empty();
      }
      String value = equals < 0 ? arguments[i] : arguments[i].substring(equals + 1);
      boolean plain = !value.isEmpty() && "-@\"'".indexOf(value.charAt(0)) < 0;
      if (!OPTIONS.contains(option) || !plain || said.put(option, value) != null) {
        return Optional.empty();
      }
    }
    for (String option : Set.of("--port", "--admin-port")) {
      if (!said.getOrDefault(option, "0").matches("[0-9]{1,5}")) {
        return Optional.empty();
      }
    }
    return Optional.of(
        new Serving(
            Optional.ofNullable(said.get("--config")).map(Path::of),
            Optional.ofNullable(said.get("--port")).map(Integer::valueOf),
            Optional.ofNullable(said.get("--admin-port")).map(Integer::valueOf),
            Optional.ofNullable(said.get("--data")).map(Path::of).orElse(USUAL_DATA)));
  }

  /**
   * Serves.
   *
   * @return the exit code
   */
  int run(Map<String, String> environment, PrintWriter err) throws InterruptedException {
    try {
      checkPort("--port", port);
      checkPort("--admin-port", adminPort);
      Optional<Path> file = UsualSettings.file(config);
      Settings settings = withPorts(UsualSettings.read(file, environment));
      makeDataFolder();
      var stopped = new CountDownLatch(1);
      Running running =
          Running.start(
              settings,
              environment,
              new FileOutputStream(FileDescriptor.out),
              data,
              () -> withPorts(UsualSettings.again(file, environment)));
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
