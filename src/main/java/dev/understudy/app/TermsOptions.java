package dev.understudy.app;

import dev.understudy.json.Json;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What may be used, as options of a command; {@code none} takes a limit or a list away. */
final class TermsOptions {
  private static final String NONE = "none";

  @Option(names = "--rpm", paramLabel = "N", description = "Requests per minute.")
  private Optional<String> rpm = Optional.empty();

  @Option(
      names = "--tpm",
      paramLabel = "N",
      description = "Tokens per minute, in and out, cached ones included.")
  private Optional<String> tpm = Optional.empty();

  @Option(names = "--concurrent", paramLabel = "N", description = "Calls at the same time.")
  private Optional<String> concurrent = Optional.empty();

  @Option(
      names = "--budget",
      paramLabel = "BUDGET",
      split = ",",
      description = "Money, such as 100USD/month or 5EUR/day; one for each period.")
  private List<String> budgets = List.of();

  @Option(
      names = "--route",
      paramLabel = "PATTERN",
      split = ",",
      description = "What may be asked for: routes, or vendor/model; * stands for anything.")
  private List<String> routes = List.of();

  @Option(
      names = "--vendor",
      paramLabel = "PATTERN",
      split = ",",
      description = "Which vendors may answer; * stands for anything.")
  private List<String> vendors = List.of();

  /** Puts what was said into a request. */
  void into(ObjectNode request, CommandLine line) {
    ObjectNode limits = Json.object();
    number(limits, "requests_per_minute", "--rpm", rpm, line);
    number(limits, "tokens_per_minute", "--tpm", tpm, line);
    number(limits, "concurrent_calls", "--concurrent", concurrent, line);
    texts(limits, "budgets", budgets);
    if (!limits.isEmpty()) {
      request.set("limits", limits);
    }
    texts(request, "routes", routes);
    texts(request, "vendors", vendors);
  }

  private static void number(
      ObjectNode into, String member, String option, Optional<String> said, CommandLine line) {
    if (said.isEmpty()) {
      return;
    }
    String text = said.get();
    if (text.equals(NONE)) {
      into.putNull(member);
    } else if (text.matches("-?[0-9]{1,18}")) {
      into.put(member, Long.parseLong(text)); // the gateway says what is out of bounds
    } else {
      throw new ParameterException(line, "%s must be a whole number, or none".formatted(option));
    }
  }

  private static void texts(ObjectNode into, String member, List<String> said) {
    if (said.equals(List.of(NONE))) {
      into.putNull(member);
    } else if (!said.isEmpty()) {
      ArrayNode texts = into.putArray(member);
      said.forEach(texts::add);
    }
  }
}
