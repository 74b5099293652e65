package dev.understudy.app;

import dev.understudy.admin.AdminClient;
import dev.understudy.evaluation.Comparer;
import dev.understudy.json.Json;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Puts one prompt to several targets of a running gateway, and shows them side by side. */
@Command(
    name = "compare",
    description = {
      "Put one prompt to several targets of a running gateway, side by side.",
      "Each is a call as a caller makes it, and is paid for. Where the gateway wants a caller's key,"
          + " UNDERSTUDY_API_KEY holds it.",
      "Exit code: 0 somebody answered, 1 nobody did or an error, 2 usage."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class CompareCommand extends Asking {
  private static final int WIDTH = 100;

  private final Map<String, String> environment;

  @Parameters(paramLabel = "PROMPT", description = "What a person would say.")
  private String prompt = "";

  @Option(
      names = "--targets",
      paramLabel = "A,B",
      split = ",",
      required = true,
      description = "vendor/model or routes, separated by commas, at most 16.")
  private List<String> targets = List.of();

  @Option(names = "--system", paramLabel = "TEXT", description = "Instructions before the prompt.")
  private Optional<String> system = Optional.empty();

  @Option(names = "--max-tokens", paramLabel = "N", description = "The longest answer.")
  private Optional<Integer> maxTokens = Optional.empty();

  @Option(names = "--timeout", paramLabel = "S", description = "Seconds for one answer; 120.")
  private int timeout = 120;

  @Option(
      names = "--stream",
      description = "Ask for streams, so that the time to the first text is shown too.")
  private boolean stream;

  private boolean answered;

  CompareCommand(Map<String, String> environment) {
    super(environment);
    this.environment = environment;
  }

  /** 1 as well where nobody answered. */
  @Override
  public Integer call() {
    int code = super.call();
    return code == 0 && !answered ? 1 : code;
  }

  @Override
  void ask(AdminClient gateway) throws AdminClient.NoAnswer {
    if (targets.isEmpty() || targets.size() > Comparer.TARGETS_MAX) {
      throw new ParameterException(
          line(), "--targets takes 1 to %d targets".formatted(Comparer.TARGETS_MAX));
    }
    if (prompt.isBlank()) {
      throw new ParameterException(line(), "PROMPT is empty: there is nothing to ask");
    }
    if (timeout < 1 || timeout > 600 || maxTokens.orElse(1) < 1) {
      throw new ParameterException(line(), "--timeout is 1 to 600, --max-tokens at least 1");
    }
    ObjectNode body = Json.object();
    targets.forEach(body.putArray("targets")::add);
    var messages = body.putArray("messages");
    system.ifPresent(text -> messages.addObject().put("role", "system").put("content", text));
    messages.addObject().put("role", "user").put("content", prompt);
    body.put("stream", stream).put("timeout_seconds", timeout);
    maxTokens.ifPresent(most -> body.put("max_tokens", most));
    String key = environment.getOrDefault("UNDERSTUDY_API_KEY", "");
    if (!key.isEmpty()) {
      body.put("key", key);
    }
    JsonNode answer =
        gateway.waiting(Duration.ofSeconds(timeout)).send("POST", "/admin/compare", body);
    for (JsonNode one : answer.path("answers")) {
      answered |= !one.has("error");
    }
    if (json) {
      print(answer);
    } else {
      show(answer);
    }
  }

  /** A table of what each took, then what each said, in the order in which they were named. */
  private void show(JsonNode report) {
    Map<String, JsonNode> answers = new TreeMap<>();
    report.path("answers").forEach(one -> answers.put(one.path("target").asString(""), one));
    var table = new Table("TARGET", "STATUS", "FIRST TEXT", "TIME", "TOKENS", "COST");
    var said = new ArrayList<String>();
    for (String target : targets) {
      JsonNode one = answers.getOrDefault(target, Json.object());
      table.row(
          target,
          one.path("error").isMissingNode() ? one.path("finish").asString("") : "failed",
          one.has("first_text_millis") ? one.path("first_text_millis").asLong(0) + " ms" : "-",
          one.path("millis").asLong(0) + " ms",
          one.path("input_tokens").asLong(0) + " + " + one.path("output_tokens").asLong(0),
          cost(one.path("costs")));
      said.add("");
      String by = one.path("served_by").asString("");
      said.add("--- " + target + (by.isEmpty() || by.equals(target) ? "" : ", served by " + by));
      if (one.has("error")) {
        said.add("failed: " + plain(one.path("error").asString("")));
      }
      if (one.has("text")) {
        plain(one.path("text").asString(""))
            .lines()
            .flatMap(CompareCommand::wrapped)
            .forEach(said::add);
      }
    }
    table.print(out());
    said.forEach(out()::println);
  }

  private static String cost(JsonNode costs) {
    Map<String, BigDecimal> totals = new TreeMap<>();
    boolean open = false;
    for (JsonNode cost : costs) {
      totals.merge(
          cost.path("currency").asString(""),
          new BigDecimal(cost.path("total").asString("0")),
          BigDecimal::add);
      open |= !cost.path("unpriced").isEmpty();
    }
    if (totals.isEmpty()) {
      return "-";
    }
    return totals.entrySet().stream()
            .map(total -> total.getValue().toPlainString() + " " + total.getKey())
            .collect(Collectors.joining(" + "))
        + (open ? ", and what has no price" : "");
  }

  /** A model's words must not steer the terminal. */
  private static String plain(String said) {
    return said.replaceAll("[\\p{Cntrl}&&[^\\n\\t]]", "?");
  }

  private static Stream<String> wrapped(String line) {
    var lines = new ArrayList<String>();
    String rest = line;
    while (rest.length() > WIDTH) {
      int at = rest.lastIndexOf(' ', WIDTH);
      int cut = at <= 0 ? WIDTH : at;
      lines.add(rest.substring(0, cut));
      rest = rest.substring(cut).stripLeading();
    }
    lines.add(rest);
    return lines.stream();
  }
}
