package dev.understudy.app;

import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Lists the cases that a candidate passes in one run and not in another. */
@Command(
    name = "diff",
    description = "List the cases whose outcome for the candidate differs between two runs.",
    mixinStandardHelpOptions = true)
final class QualifyDiff implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "RUN1", description = "A run's name, or its folder.")
  private String first = "";

  @Parameters(index = "1", paramLabel = "RUN2", description = "Another one.")
  private String second = "";

  @Option(names = "--data", paramLabel = "DIR", description = "Where runs are kept; ./data.")
  private Path data = Path.of("data");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try {
      Map<String, JsonNode> before = items(first);
      Map<String, JsonNode> after = items(second);
      different().forEach(out::println);
      int gained = 0;
      int lost = 0;
      int missing = 0;
      int unjudged = 0;
      for (var entry : before.entrySet()) {
        JsonNode now = after.get(entry.getKey());
        if (now == null) {
          missing++;
          continue;
        }
        double was = passRate(entry.getValue());
        double is = passRate(now);
        if ((was < 0) != (is < 0)) {
          // A vendor's failing, or a judge's, is no answer that got worse, or better.
          unjudged++;
          out.println(
              "unknown %s (not judged in the %s run)"
                  .formatted(entry.getKey(), was < 0 ? "first" : "second"));
        } else if (is > was) {
          gained++;
          out.println("gained  " + entry.getKey());
        } else if (is < was) {
          lost++;
          out.println(
              "lost    %s (failed %s)"
                  .formatted(entry.getKey(), now.path("candidate").path("failed").toString()));
        }
      }
      long added = after.keySet().stream().filter(id -> !before.containsKey(id)).count();
      out.println(
          "%d gained, %d lost, %d the same%s; %d cases only in the first run, %d only in the second"
              .formatted(
                  gained,
                  lost,
                  before.size() - missing - gained - lost - unjudged,
                  unjudged > 0 ? ", %d judged in one of them only".formatted(unjudged) : "",
                  missing,
                  added));
      out.flush();
      return 0;
    } catch (IOException | Malformed e) {
      spec.commandLine().getErr().println(e.getMessage());
      spec.commandLine().getErr().flush();
      return 1;
    }
  }

  /** In what the runs differ beside their answers: a case may have flipped for that alone. */
  private List<String> different() throws IOException {
    JsonNode was = report(first);
    JsonNode is = report(second);
    var notes = new ArrayList<String>();
    for (String what : List.of("candidate", "incumbent", "suite")) {
      String before = was.path(what).asString("");
      String after = is.path(what).asString("");
      if (!before.equals(after)) {
        notes.add("note: the %s was %s, and is %s".formatted(what, before, after));
      }
    }
    if (notes.isEmpty()
        && !was.path("suite_sha256").asString("").equals(is.path("suite_sha256").asString(""))) {
      notes.add("note: the suite's files were changed between the runs");
    }
    return notes;
  }

  private JsonNode report(String run) throws IOException {
    Path file = folder(run).resolve("report.json");
    return Files.exists(file) ? Json.parse(Files.readString(file)) : Json.object();
  }

  /** Below none for a case that could not be judged. */
  private static double passRate(JsonNode item) {
    return item.path("preference")
        .asDouble(item.has("duels") ? -1 : item.path("candidate").path("pass_rate").asDouble(-1));
  }

  private Path folder(String run) {
    return Files.isDirectory(Path.of(run)) ? Path.of(run) : data.resolve("qualify").resolve(run);
  }

  private Map<String, JsonNode> items(String run) throws IOException {
    Path file = folder(run).resolve("items.jsonl");
    if (!Files.exists(file)) {
      throw new IOException("there is no run %s: %s is missing".formatted(run, file));
    }
    var items = new LinkedHashMap<String, JsonNode>();
    for (String line : Files.readAllLines(file)) {
      JsonNode item = Json.parse(line);
      items.put(item.path("id").asString(), item);
    }
    return items;
  }
}
