package dev.understudy.app;

import dev.understudy.admin.AdminClient;
import dev.understudy.evaluation.LiveCases;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Makes cases of what callers asked, from a log or from a running gateway. */
@Command(
    name = "capture",
    description = {
      "Make cases of what callers of a route asked, from log lines or from a running gateway.",
      "The gateway must record what is said: log: {prompts: true}."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class QualifyCapture implements Callable<Integer> {
  @Mixin private final AdminOptions gateway;

  @Option(names = "--route", paramLabel = "R", required = true, description = "The route's name.")
  private String route = "";

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "The file to make, for case-files of a suite; only its owner may read it.")
  private Path out = Path.of("");

  @Option(
      names = "--consent",
      description = {"That you may keep what these callers said: without it nothing is captured."})
  private boolean consent;

  @Option(
      names = "--consent-tag",
      paramLabel = "NAME=VALUE",
      description = "Only calls whose key carries this tag.")
  private Optional<String> tag = Optional.empty();

  @Option(
      names = "--log",
      paramLabel = "FILE",
      description = "Log lines to read, several times; else the last exchanges of the gateway.")
  private List<Path> logs = List.of();

  @Option(
      names = "--sample",
      paramLabel = "SHARE",
      description = "The share of the exchanges that is taken, above 0 and at most 1; 1.")
  private double sample = 1;

  @Option(names = "--max", paramLabel = "N", description = "At most so many cases; 1000.")
  private int most = 1_000;

  @Option(names = "--answers", description = "Keep what was answered as the ideal of each case.")
  private boolean answers;

  @Spec private CommandSpec spec = CommandSpec.create();

  QualifyCapture(Map<String, String> environment) {
    this.gateway = new AdminOptions(environment);
  }

  @Override
  public Integer call() {
    if (!consent) {
      throw new ParameterException(
          spec.commandLine(),
          "captured cases hold what callers said: say --consent if you may keep that");
    }
    if (!(sample > 0 && sample <= 1) || most < 1) {
      throw new ParameterException(
          spec.commandLine(), "--sample lies above 0 and at most at 1, --max is at least 1");
    }
    var cases = new LiveCases(new LiveCases.Wish(route, sample, most, tag, answers));
    var made = new ArrayList<String>();
    if (!logs.isEmpty()) {
      try {
        for (Path log : logs) {
          read(log, cases, made);
        }
      } catch (NoSuchFileException e) {
        return failed("there is no file " + e.getFile());
      } catch (IOException e) {
        return failed(e.getMessage());
      }
      return write(cases, made);
    }
    int code =
        gateway.run(
            spec.commandLine(),
            client -> {
              for (JsonNode one : exchanges(client)) {
                cases.of(one).ifPresent(c -> made.add(Json.text(c)));
              }
            });
    return code == 0 ? write(cases, made) : code;
  }

  private static JsonNode exchanges(AdminClient client) throws AdminClient.NoAnswer {
    return client.get("/admin/exchanges?limit=1000").path("exchanges");
  }

  private static void read(Path log, LiveCases cases, List<String> made) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(log)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("{")) {
          continue;
        }
        try {
          cases.of(Json.parse(line)).ifPresent(c -> made.add(Json.text(c)));
        } catch (Malformed e) {
          // A line that was cut, or somebody else's: the log is not ours alone.
        }
      }
    }
  }

  private int write(LiveCases cases, List<String> made) {
    PrintWriter to = spec.commandLine().getOut();
    cases.left().forEach((why, count) -> to.println("%d left out: %s".formatted(count, why)));
    if (made.isEmpty()) {
      to.flush();
      return failed("no exchange of route %s became a case".formatted(route));
    }
    try {
      if (out.toAbsolutePath().getParent() != null) {
        Files.createDirectories(out.toAbsolutePath().getParent());
      }
      Files.writeString(out, "", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      if (out.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.setPosixFilePermissions(
            out, Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
      }
      Files.write(out, made);
    } catch (FileAlreadyExistsException e) {
      return failed(out + " is there already; name another file");
    } catch (IOException e) {
      return failed("%s cannot be written".formatted(out));
    }
    to.println("%d cases in %s".formatted(made.size(), out));
    to.flush();
    return 0;
  }

  private int failed(@Nullable String why) {
    spec.commandLine().getErr().println(why);
    spec.commandLine().getErr().flush();
    return 1;
  }
}
