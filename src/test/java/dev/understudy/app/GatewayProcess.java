package dev.understudy.app;

import dev.understudy.ShippedClassPath;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A gateway in a process of its own, so that it can be killed. */
final class GatewayProcess {
  /** In the folder that it is started in; its data is in {@code data} there. */
  static final String SETTINGS = "u.yaml";

  private static final long UP_SECONDS_MAX = 60;
  private static final long BOOKED_SECONDS_MAX = 1_800;

  private final Path folder;
  private final int port;
  private final int adminPort;
  private final Process process;

  private GatewayProcess(Path folder, int port, int adminPort, Process process) {
    this.folder = folder;
    this.port = port;
    this.adminPort = adminPort;
    this.process = process;
  }

  /** A port below those that the system gives to anybody: it is to be free again after a kill. */
  static int freePort() throws IOException {
    var some = new Random();
    while (true) {
      int port = 20_000 + some.nextInt(12_000);
      try (var _ = new ServerSocket(port)) {
        return port;
      } catch (BindException e) {
        // Another one, then.
      }
    }
  }

  /** The settings of its doors. */
  static String server(int port, int adminPort) {
    return """
    server:
      port: %d
      admin-port: %d
      admin-token: a-token-for-operators
    """
        .formatted(port, adminPort);
  }

  static GatewayProcess start(Path folder, int port, int adminPort) throws IOException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Xmx192m",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    ShippedClassPath.text(),
                    "dev.understudy.app.Main",
                    "serve",
                    "--config",
                    folder.resolve(SETTINGS).toString(),
                    "--data",
                    folder.resolve("data").toString()))
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve("gateway.log").toFile()))
            .start();
    return new GatewayProcess(folder, port, adminPort, process);
  }

  /** Waits for something that it is to do. */
  void until(BooleanSupplier condition) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(UP_SECONDS_MAX);
    while (!condition.getAsBoolean()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw failed("the gateway does not do what it is to do");
      }
      Thread.sleep(2);
    }
  }

  void awaitUp() throws IOException, InterruptedException {
    until(() -> {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress("127.0.0.1", port), 200);
        return true;
      } catch (IOException e) {
        return false;
      }
    });
  }

  /** Waits until nothing waits on disk any more. */
  void awaitBooked() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(BOOKED_SECONDS_MAX);
    while (!journal().contains("\"waiting_bytes\":0,")) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw failed("what is on disk is not booked");
      }
      Thread.sleep(50);
    }
  }

  private IOException failed(String what) {
    return new IOException(what + "; see " + folder.resolve("gateway.log"));
  }

  /** What the operators' door says of the journal; empty before it is open. */
  String journal() {
    try (var socket = new Socket("127.0.0.1", adminPort)) {
      socket
          .getOutputStream()
          .write(
              "GET /admin/journal HTTP/1.1\r\nhost: x\r\nauthorization: Bearer a-token-for-operators\r\nconnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  void stop() throws InterruptedException {
    process.destroy();
    process.waitFor();
  }
}
