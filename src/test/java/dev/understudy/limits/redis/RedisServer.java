package dev.understudy.limits.redis;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
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
    Optional<Path> program = program();
    Assumptions.assumeTrue(
        program.isPresent(),
        "neither redis-server nor valkey-server is installed: limits of replicas are not tested");
    return new RedisServer(program.orElseThrow(), freePort());
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

  private RedisServer(Path program, int port) throws IOException {
    this.program = program;
    this.port = port;
    this.folder = Files.createTempDirectory("redis");
    this.process = launch();
  }

  private Process launch() throws IOException {
    Process started =
        new ProcessBuilder(
                List.of(
                    program.toString(),
                    "--port",
                    Integer.toString(port),
                    "--bind",
                    "127.0.0.1",
                    "--save",
                    "",
                    "--appendonly",
                    "no",
                    "--dir",
                    folder.toString()))
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
    return "redis://127.0.0.1:" + port;
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
