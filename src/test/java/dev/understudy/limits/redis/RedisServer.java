package dev.understudy.limits.redis;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A Redis or Valkey of the machine, started for a test on a free port, forgotten behind it. */
public final class RedisServer implements AutoCloseable {
  private final Path folder;
  private final int port;
  private Process process;

  /** Starts one; a test is skipped where none is installed. */
  public static RedisServer startOrSkip() throws IOException {
    return startOrSkip(List.of());
  }

  private static RedisServer startOrSkip(List<String> options) throws IOException {
    Optional<Path> program = program();
    Assumptions.assumeTrue(
        program.isPresent(),
        "neither redis-server nor valkey-server is installed: limits of replicas are not tested");
    return new RedisServer(program.orElseThrow(), freePort(), options);
  }

  private static Optional<Path> program() {
    return Stream.of("valkey-server", "redis-server")
        .flatMap(name ->
            Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private final Path program;
  private final List<String> options;

  private RedisServer(Path program, int port, List<String> options) throws IOException {
    this.program = program;
    this.port = port;
    this.options = options;
    this.folder = Files.createTempDirectory("redis");
    this.process = launch();
  }

  /**
   * Starts one that lets in nobody but a user with a password.
   *
   * @param prefix of the keys that the user may touch
   */
  public static RedisServer startOrSkipWithUser(String name, String password, String prefix)
      throws IOException {
    return startOrSkip(
        List.of(
            "--user",
            "default",
            "off",
            "--user",
            name,
            "on",
            ">" + password,
            "~" + prefix + "*",
            "+@all"));
  }

  /** Starts one that speaks TLS alone. */
  public static RedisServer startOrSkipWithTls(Path certificate, Path key) throws IOException {
    RedisServer plain = startOrSkip();
    plain.kill();
    plain.close();
    return new RedisServer(
        plain.program,
        freePort(),
        List.of(
            "--tls-cert-file",
            certificate.toString(),
            "--tls-key-file",
            key.toString(),
            "--tls-auth-clients",
            "no",
            "--tls-port"));
  }

  /** Starts a node of a cluster that serves no key yet. */
  public static RedisServer startOrSkipAsNode() throws IOException {
    return startOrSkip(
        List.of("--cluster-enabled", "yes", "--cluster-port", Integer.toString(freePort())));
  }

  /** Starts a sentinel that watches another one under a name. */
  public static RedisServer startSentinel(RedisServer watched, String name) throws IOException {
    return new RedisServer(
        watched.program,
        freePort(),
        List.of(SENTINEL, "sentinel monitor %s 127.0.0.1 %d 1".formatted(name, watched.port)));
  }

  private static final String SENTINEL = "--sentinel";

  private boolean isTls() {
    return options.contains("--tls-port");
  }

  private Process launch() throws IOException {
    var command = new ArrayList<>(List.of(program.toString()));
    if (options.contains(SENTINEL)) {
      // It writes to its settings what it finds.
      Path said = folder.resolve("sentinel.conf");
      Files.writeString(said, "port %d\nbind 127.0.0.1\n%s\n".formatted(port, options.getLast()));
      return start(List.of(program.toString(), said.toString(), SENTINEL));
    }
    command.addAll(options);
    if (isTls()) {
      command.addAll(List.of(Integer.toString(port), "--port", "0"));
    } else {
      command.addAll(List.of("--port", Integer.toString(port)));
    }
    command.addAll(List.of("--bind", "127.0.0.1", "--save", "", "--appendonly", "no"));
    command.addAll(List.of("--dir", folder.toString()));
    return start(command);
  }

  private Process start(List<String> command) throws IOException {
    Process started =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    for (int i = 0; i < 200; i++) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return started;
      } catch (IOException e) {
        pause();
      }
      if (!started.isAlive()) {
        throw new IOException("redis ended: " + Files.readString(folder.resolve("log")));
      }
    }
    throw new IOException("redis did not start");
  }

  private static void pause() {
    try {
      Thread.sleep(25);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public String url() {
    return (isTls() ? "rediss" : "redis") + "://127.0.0.1:" + port;
  }

  int port() {
    return port;
  }

  /** As when the machine under it fails: all it knew is gone. */
  public void kill() {
    process.destroyForcibly();
    try {
      process.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets it stand still, its connections open. */
  void stop() throws IOException {
    new ProcessBuilder("kill", "-STOP", Long.toString(process.pid())).start().onExit().join();
  }

  public void restart() throws IOException {
    process = launch();
  }

  @Override
  public void close() throws IOException {
    kill();
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
