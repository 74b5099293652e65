package dev.understudy.app;

import dev.understudy.admin.ExchangeExport;
import dev.understudy.app.settings.BadSettings;
import dev.understudy.json.Json;
import dev.understudy.store.Database;
import dev.understudy.store.SqlRecords;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows and exports the records of calls that are kept, with or without a running gateway. */
@Command(
    name = "exchanges",
    description = "Show and export the records of calls that are kept.",
    mixinStandardHelpOptions = true)
final class ExchangesCommand implements Runnable {
  private final Map<String, String> environment;

  @Spec private CommandSpec spec = CommandSpec.create();

  ExchangesCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  /** What is done with the records. */
  @FunctionalInterface
  private interface Work {
    int with(SqlRecords records) throws IOException;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing required subcommand");
  }

  @Command(
      name = "show",
      description = "Print the record of one call as JSON.",
      mixinStandardHelpOptions = true)
  int show(
      @Mixin StoreOptions where,
      @Parameters(
              paramLabel = "EXCHANGE",
              description = "The name of the call's record, as in x-understudy-exchange.")
          String exchange) {
    return work(
        where,
        records -> {
          Optional<byte[]> found = records.find(exchange);
          if (found.isEmpty()) {
            throw new IOException("no call " + exchange + " is kept");
          }
          out().println(Json.parse(found.get()).toPrettyString());
          return 0;
        });
  }

  @Command(
      name = "export",
      description = "Write the records of the calls of a span to a file, or to standard output.",
      mixinStandardHelpOptions = true)
  int export(
      @Mixin StoreOptions where,
      @Option(
              names = "--from",
              paramLabel = "DAY",
              required = true,
              description = "The first day or month, in UTC.")
          String from,
      @Option(
              names = "--to",
              paramLabel = "DAY",
              required = true,
              description =
                  "The last day or month, in UTC; of a moment like 2026-11-30T12:00:00Z, what is"
                      + " before it.")
          String to,
      @Option(
              names = "--format",
              paramLabel = "FORMAT",
              defaultValue = "jsonl",
              description = "jsonl for all that is known, csv for a table; ${DEFAULT-VALUE}.")
          String format,
      @Option(names = "--out", paramLabel = "FILE", description = "A file that is not there yet.")
          Optional<Path> file) {
    return work(
        where,
        records -> {
          var span = ExchangeExport.Span.of(from, to);
          ExchangeExport.Format as = ExchangeExport.Format.of(format);
          long count = file.isPresent() ? write(records, span, as, file.get()) : 0;
          if (file.isPresent()) {
            out().println("%d calls written to %s".formatted(count, file.get()));
          } else {
            try (var out = buffered(new FileOutputStream(FileDescriptor.out))) {
              ExchangeExport.write(records, span, as, out);
            }
          }
          return 0;
        });
  }

  /** Writes all of it, or no file. */
  private static long write(
      SqlRecords records, ExchangeExport.Span span, ExchangeExport.Format as, Path file)
      throws IOException {
    boolean done = false;
    boolean made = false;
    try (var out =
        buffered(
            Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
      made = true;
      long count = ExchangeExport.write(records, span, as, out);
      out.flush();
      done = true;
      return count;
    } catch (FileAlreadyExistsException e) {
      throw new IOException(file + " is there already; name another file", e);
    } catch (NoSuchFileException e) {
      throw new IOException("there is no folder for " + file, e);
    } finally {
      if (made && !done) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static OutputStream buffered(OutputStream out) {
    return new BufferedOutputStream(out, 64 << 10);
  }

  private int work(StoreOptions where, Work work) {
    PrintWriter err = spec.commandLine().getErr();
    try (Database database = where.open(environment, "no calls are kept")) {
      int code = work.with(new SqlRecords(database));
      out().flush();
      return code;
    } catch (BadSettings e) {
      e.lines().forEach(err::println);
    } catch (IOException | IllegalArgumentException e) {
      out().flush();
      err.println(e.getMessage());
    }
    err.flush();
    return 1;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
