package dev.understudy.app;

import dev.understudy.app.settings.BadSettings;
import dev.understudy.app.settings.Settings;
import dev.understudy.pricing.PriceBook;
import dev.understudy.pricing.PriceChange;
import dev.understudy.pricing.PriceTable;
import dev.understudy.pricing.Prices;
import dev.understudy.pricing.Shipped;
import dev.understudy.text.Days;
import dev.understudy.text.Nearness;
import dev.understudy.text.Problems;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows, checks and updates what tokens cost. */
@Command(
    name = "prices",
    description = "Show, check and update what tokens cost.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class PricesCommand implements Runnable {

  private final Map<String, String> environment;

  @Spec private CommandSpec spec = CommandSpec.create();

  PricesCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing required subcommand");
  }

  @Command(
      name = "show",
      description = "Print the prices in force of a vendor, or of one of its models.",
      mixinStandardHelpOptions = true)
  int show(
      @Parameters(
              arity = "0..1",
              paramLabel = "VENDOR[/MODEL]",
              description = "Such as openai or openai/gpt-5.1; everything if it is left out.")
          Optional<String> name,
      @Option(
              names = "--at",
              paramLabel = "DAY",
              description = "As they held on a day or at an instant; now.")
          Optional<String> at,
      @Option(names = "--config", paramLabel = "FILE", description = "Settings.")
          Optional<Path> config,
      @Option(names = "--data", paramLabel = "DIR", description = "Where data is kept; ./data.")
          Optional<Path> data) {
    try {
      Instant instant = at.map(PricesCommand::instant).orElseGet(Instant::now);
      var files = new PriceFiles(books(config), data.orElse(Path.of("data")));
      Prices prices = files.read();
      List<String> lines = PriceTable.lines(prices, name.orElse(""), instant);
      if (lines.isEmpty()) {
        String asked = name.orElse("anything");
        List<String> known = priced(prices);
        // A known model merely has no price at that time.
        String near = known.contains(asked) ? "" : Nearness.hint(asked, known);
        return fail(List.of("no price for %s at %s%s".formatted(asked, instant, near)));
      }
      lines.forEach(out()::println);
      out().flush();
      return 0;
    } catch (BadSettings e) {
      return fail(e.lines());
    } catch (IllegalArgumentException e) {
      return fail(List.of(String.valueOf(e.getMessage())));
    }
  }

  private static List<String> priced(Prices prices) {
    return prices.books().stream()
        .flatMap(book ->
            book.vendors().keySet().stream()
                .flatMap(vendor -> book.models(vendor).stream().map(m -> vendor + "/" + m)))
        .distinct()
        .toList();
  }

  @Command(
      name = "check",
      description = "Say what is wrong with a price book, with line and column.",
      mixinStandardHelpOptions = true)
  int check(@Parameters(paramLabel = "FILE", description = "The book.") Path file) {
    try {
      var problems = new Problems();
      Optional<PriceBook> book = PriceFiles.read(file, problems);
      if (book.isEmpty()) {
        return fail(problems.lines());
      }
      long models =
          book.get().vendors().keySet().stream().mapToLong(v -> book.get().models(v).size()).sum();
      out()
          .println(
              "%s: OK, book %s in %s, %d vendors, %d models"
                  .formatted(
                      file,
                      book.get().name(),
                      book.get().currency(),
                      book.get().vendors().size(),
                      models));
      out().flush();
      return 0;
    } catch (IllegalArgumentException e) {
      return fail(List.of(String.valueOf(e.getMessage())));
    }
  }

  @Command(
      name = "update",
      description =
          "Show how a book differs from the list in force, and with --yes put it in its place.",
      mixinStandardHelpOptions = true)
  int update(
      @Parameters(paramLabel = "FILE", description = "The new list.") Path file,
      @Option(names = "--yes", description = "Put it in place; the next start uses it.")
          boolean yes,
      @Option(names = "--data", paramLabel = "DIR", description = "Where data is kept; ./data.")
          Optional<Path> data) {
    Path folder = data.orElse(Path.of("data"));
    Path updated = folder.resolve(PriceFiles.UPDATED);
    try {
      var problems = new Problems();
      Optional<PriceBook> next = PriceFiles.read(file, problems);
      Optional<PriceBook> now =
          Files.exists(updated) ? PriceFiles.read(updated, problems) : Optional.of(Shipped.list());
      if (next.isEmpty() || now.isEmpty()) {
        return fail(problems.lines());
      }
      if (next.get().kind() != PriceBook.Kind.LIST || next.get().unpriced().isEmpty()) {
        return fail(
            List.of(
                file
                    + " is no list: its kind must be list, and it must say what counts for what"
                    + " has no price; name negotiated books under prices.books of the settings"));
      }
      List<PriceChange> changes = PriceChange.between(now.get(), next.get());
      changes.forEach(change -> out().println(change.line()));
      long doubtful = changes.stream().filter(PriceChange::isDoubtful).count();
      out()
          .println(
              "%d changes%s"
                  .formatted(
                      changes.size(),
                      doubtful == 0
                          ? ""
                          : ", %d of them by more than a factor of two: look twice"
                              .formatted(doubtful)));
      if (changes.isEmpty() || !yes) {
        out().println(changes.isEmpty() ? "nothing to do" : "nothing is changed without --yes");
        out().flush();
        return 0;
      }
      Files.createDirectories(folder);
      Path beside = folder.resolve(PriceFiles.UPDATED + ".new");
      Files.copy(file, beside, StandardCopyOption.REPLACE_EXISTING);
      Files.move(beside, updated, StandardCopyOption.ATOMIC_MOVE);
      out()
          .println(
              "in place: "
                  + updated
                  + "; it holds from the next start on, or from understudy reload");
      out().flush();
      return 0;
    } catch (IOException e) {
      return fail(List.of(updated + " cannot be written: " + e.getMessage()));
    } catch (IllegalArgumentException e) {
      return fail(List.of(String.valueOf(e.getMessage())));
    }
  }

  @Command(
      name = "list",
      description = "Print the list that is shipped, to begin a book from.",
      mixinStandardHelpOptions = true)
  int list() {
    out().print(new String(Shipped.text(), StandardCharsets.UTF_8));
    out().flush();
    return 0;
  }

  private List<Path> books(Optional<Path> config) throws BadSettings {
    Path file = config.orElse(UsualSettings.FILE);
    if (config.isEmpty() && !Files.exists(file)) {
      return List.of();
    }
    return Settings.read(file, environment).priceBooks();
  }

  private static Instant instant(String text) {
    try {
      return text.contains("T")
          ? Days.moment(text)
          : Days.day(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "--at must be a day or an instant, such as 2026-08-31 or 2026-08-31T16:00:00Z", e);
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private int fail(List<String> lines) {
    PrintWriter err = spec.commandLine().getErr();
    lines.forEach(err::println);
    err.flush();
    return CommandLine.ExitCode.SOFTWARE;
  }
}
