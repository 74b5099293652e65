package dev.understudy.store;

import dev.understudy.vendor.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A PostgreSQL server of this test run's own: found among the distribution's, on a free port, in a
 * folder of its own, gone with the JVM. Where there is none, the test that asks is skipped.
 */
public final class PostgresServer {
  private static final String USER = "understudy";
  private static final String PASSWORD = "a password for tests";
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static Optional<PostgresServer> shared = Optional.empty();

  private final Path bin;
  private final Path folder;
  private final int port;
  private Process process;

  private PostgresServer(Path bin, Path folder, int port) {
    this.bin = bin;
    this.folder = folder;
    this.port = port;
  }

  /** The server that all tests of this JVM share. */
  public static synchronized PostgresServer shared() {
    if (shared.isEmpty()) {
      shared = Optional.of(start());
    }
    return shared.get();
  }

  /** A server that a test may stop and start as it likes. */
  public static PostgresServer start() {
    Optional<Path> bin = bin();
    Assumptions.assumeTrue(bin.isPresent(), "skipped: no PostgreSQL server in /usr/lib/postgresql");
    Assumptions.assumeTrue(
        !isRoot() || user().isPresent(),
        "skipped: root may not run PostgreSQL, and nobody else is");
    try {
      Path folder = Files.createTempDirectory("understudy-postgres");
      int port;
      try (var socket = new ServerSocket(0)) {
        port = socket.getLocalPort();
      }
      var server = new PostgresServer(bin.get(), folder, port);
      server.prepare();
      server.begin();
      Runtime.getRuntime().addShutdownHook(new Thread(server::remove));
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Path> bin() {
    try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .max(Comparator.comparing(Path::toString));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private static Optional<String> user() {
    try {
      List<String> lines = Files.readAllLines(Path.of("/etc/passwd"));
      return Stream.of("postgres", "nobody")
          .filter(user -> lines.stream().anyMatch(line -> line.startsWith(user + ":")))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void prepare() throws IOException {
    Path password = Files.writeString(folder.resolve("password"), PASSWORD);
    if (isRoot()) {
      run("chown", "-R", user().orElseThrow(), folder.toString());
    }
    run(
        asUser(
            bin.resolve("initdb").toString(),
            "--pgdata=" + folder.resolve("data"),
            "--username=" + USER,
            "--pwfile=" + password,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync"));
  }

  /** Starts, or starts again. */
  public void begin() throws IOException {
    // The shell ends the server when our end of its input is closed: also when this JVM is killed.
    String script =
        "\"$@\" & server=$!; cat >/dev/null; kill -INT $server 2>/dev/null; wait $server";
    var command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
    command.addAll(
        List.of(
            bin.resolve("postgres").toString(),
            "-D",
            folder.resolve("data").toString(),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "port=" + port,
            "-c",
            "unix_socket_directories=",
            "-c",
            "fsync=off",
            "-c",
            "shared_buffers=16MB"));
    process =
        new ProcessBuilder(asUser(command.toArray(String[]::new)))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      try {
        execute("postgres", "SELECT 1");
        return;
      } catch (SQLException e) {
        if (System.nanoTime() > deadline) {
          throw new IOException("PostgreSQL does not start", e);
        }
        pause();
      }
    }
  }

  /** Ends it; what it kept stays. */
  public void end() throws IOException {
    process.getOutputStream().close();
    try {
      process.waitFor(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The address of a new, empty database. */
  public PostgresAddress fresh() throws SQLException {
    return address(freshDatabase(), PASSWORD);
  }

  /** The name of a new, empty database. */
  public String freshDatabase() throws SQLException {
    String name = "test" + COUNT.incrementAndGet();
    execute("postgres", "CREATE DATABASE " + name);
    return name;
  }

  public PostgresAddress address(String database, String password) {
    return PostgresAddress.parse(
        url(database), Optional.of(USER), Optional.of(new Secret(password)), 4);
  }

  /** As the settings name it, without user and password. */
  public String url(String database) {
    return "postgres://127.0.0.1:%d/%s?sslmode=disable".formatted(port, database);
  }

  public String user(String database) {
    return USER;
  }

  public String password() {
    return PASSWORD;
  }

  /** Says something to a database in SQL. */
  public void execute(String database, String sql) throws SQLException {
    try (var connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database), USER, PASSWORD);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Runs one of the server's own tools, such as {@code pg_dump}, on this server. */
  void tool(String name, String... arguments) {
    var command =
        new ArrayList<>(
            List.of(
                bin.resolve(name).toString(),
                "--host=127.0.0.1",
                "--port=" + port,
                "--username=" + USER));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PGPASSWORD", PASSWORD);
    try {
      Process started = builder.start();
      String said = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (started.waitFor() != 0) {
        throw new IllegalStateException(name + " failed: " + said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String[] asUser(String... command) {
    if (!isRoot()) {
      return command;
    }
    String user = user().orElseThrow();
    var all =
        new ArrayList<>(
            List.of("setpriv", "--reuid=" + user, "--regid=" + group(user), "--clear-groups"));
    all.addAll(List.of(command));
    return all.toArray(String[]::new);
  }

  private static String group(String user) {
    return user.equals("nobody") ? "nogroup" : user;
  }

  private static void run(String... command) throws IOException {
    Process started = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(started.getInputStream().readAllBytes());
    try {
      if (started.waitFor() != 0) {
        throw new IOException(command[0] + " failed: " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void remove() {
    try {
      end();
      run("rm", "-rf", folder.toString());
    } catch (IOException e) {
      // A folder of the system's temporary ones is left.
    }
  }
}
