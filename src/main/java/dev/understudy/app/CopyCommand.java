package dev.understudy.app;

import dev.understudy.store.EmbeddedCopy;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Copies the embedded database to a file, or puts a copy in its place. */
abstract class CopyCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "The copy.")
  private Path copy = Path.of("");

  @Option(names = "--data", paramLabel = "DIR", description = "Where data is kept; ./data.")
  private Path data = Path.of("data");

  @Spec private CommandSpec spec = CommandSpec.create();

  /** {@code understudy backup}. */
  @Command(
      name = "backup",
      description =
          "Copy the database of a data folder to a file, also while a gateway runs. A PostgreSQL is"
              + " copied by its own tools.",
      mixinStandardHelpOptions = true)
  static final class BackUp extends CopyCommand {
    @Override
    String done(Path copy, Path data) throws IOException {
      EmbeddedCopy.backUp(database(data), copy);
      return "copied to %s, %d bytes".formatted(copy, Files.size(copy));
    }
  }

  /** {@code understudy restore}. */
  @Command(
      name = "restore",
      description =
          "Put a copy in the place of the database of a data folder, while no gateway runs. What was"
              + " there is kept beside it.",
      mixinStandardHelpOptions = true)
  static final class Restore extends CopyCommand {
    @Override
    String done(Path copy, Path data) throws IOException {
      Files.createDirectories(data);
      EmbeddedCopy.restore(copy, database(data));
      // What was known of the other database.
      Files.deleteIfExists(data.resolve(Keyring.FILE));
      return "restored from " + copy;
    }
  }

  abstract String done(Path copy, Path data) throws IOException;

  private static Path database(Path data) {
    return data.resolve(Running.DATABASE);
  }

  @Override
  public Integer call() {
    try {
      PrintWriter out = spec.commandLine().getOut();
      out.println(done(copy, data));
      out.flush();
      return 0;
    } catch (IOException e) {
      PrintWriter err = spec.commandLine().getErr();
      err.println(e.getMessage());
      err.flush();
      return 1;
    }
  }
}
