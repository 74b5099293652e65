package dev.understudy.app;

import dev.understudy.json.Malformed;
import dev.understudy.sandbox.RecordedServer;
import dev.understudy.sandbox.Recordings;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A vendor in a box that says again what vendors once said, until it is stopped. */
@Command(
    name = "replay",
    description =
        "Answer as vendors once did, from recorded exchanges: a vendor on loopback to test against.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ReplayCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "RECORDINGS",
      description = "A file of JSON Lines, an exchange each, or a folder of .jsonl files.")
  private Path recordings = Path.of("");

  @Option(names = "--port", paramLabel = "N", description = "Where to listen; any free port.")
  private int port;

  @Option(
      names = "--pieces",
      paramLabel = "BYTES",
      description = "Send streams in pieces of so many bytes; in one.")
  private int pieceBytes = Integer.MAX_VALUE;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try {
      if (!Files.exists(recordings)) {
        throw new IllegalArgumentException(recordings + " is not there");
      }
      if (port < 0 || port > 65_535) {
        throw new IllegalArgumentException("--port must be from 0 to 65535");
      }
      if (pieceBytes < 1) {
        throw new IllegalArgumentException("--pieces must be at least 1");
      }
      Recordings read = Recordings.read(recordings);
      if (read.exchanges().isEmpty()) {
        throw new IllegalArgumentException(recordings + " holds no recorded exchange");
      }
      serve(read, out);
      return 0;
    } catch (Malformed | IllegalArgumentException | IllegalStateException e) {
      err.println(e.getMessage());
    } catch (UncheckedIOException e) {
      err.println("%s cannot be read: %s".formatted(recordings, e.getMessage()));
    }
    err.flush();
    return 1;
  }

  /** Until the process is told to stop, or the thread that waits is. */
  private void serve(Recordings read, PrintWriter out) {
    try (var server = RecordedServer.start(read, port, pieceBytes)) {
      long vendors =
          read.exchanges().stream().map(exchange -> exchange.vendor()).distinct().count();
      out.printf(
          "%d exchanges of %d vendors are answered again at http://127.0.0.1:%d/v1%n",
          read.exchanges().size(), vendors, server.port());
      out.flush();
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
