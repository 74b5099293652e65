package dev.understudy.app;

import dev.understudy.admin.AdminClient;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Shows how much the vendors of a running gateway still take, and who waits. */
@Command(
    name = "capacity",
    description = "Show what vendors still take, what is bought, and who waits.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class CapacityCommand implements Callable<Integer> {
  @Mixin private final AdminOptions gateway;

  @Option(names = "--json", description = "As the operators' door answers it.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  CapacityCommand(Map<String, String> environment) {
    this.gateway = new AdminOptions(environment);
  }

  @Override
  public Integer call() {
    return gateway.run(spec.commandLine(), this::show);
  }

  private void show(AdminClient client) throws AdminClient.NoAnswer {
    JsonNode report = client.get("/admin/capacity");
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(report.toPrettyString());
      return;
    }
    lines(report).forEach(out::println);
  }

  /** The report as a table, and a sentence on the queue. */
  static List<String> lines(JsonNode report) {
    var rows = new ArrayList<List<String>>();
    rows.add(List.of("TARGET", "KEY", "HEADROOM", "LIMITS", "STATE"));
    for (JsonNode one : report.path("allowances")) {
      rows.add(
          List.of(
              one.path("vendor").asString("") + "/" + one.path("model").asString(""),
              one.path("credential").asString(""),
              percent(one.path("headroom").asDouble(1)),
              limits(one),
              state(one)));
    }
    var lines = new ArrayList<String>();
    if (rows.size() == 1) {
      lines.add("no vendor was asked yet");
    } else {
      lines.addAll(table(rows));
    }
    JsonNode queue = report.path("queue");
    lines.add(
        "queue: %d wait; %d were served, %d waited in vain, %d left, %d found no place"
            .formatted(
                queue.path("waiting").asLong(),
                queue.path("served").asLong(),
                queue.path("expired").asLong(),
                queue.path("left").asLong(),
                queue.path("full").asLong()));
    return lines;
  }

  private static String limits(JsonNode one) {
    var limits = new ArrayList<String>();
    for (JsonNode limit : one.path("limits")) {
      long allowed = limit.path("limit").asLong();
      boolean learned = limit.path("known").asLong(Long.MAX_VALUE) > allowed;
      limits.add(
          "%s %d of %d%s"
              .formatted(
                  limit.path("dimension").asString(""),
                  limit.path("left").asLong(),
                  allowed,
                  learned ? " learned" : ""));
    }
    if (one.path("concurrent_limit").isNumber()) {
      limits.add(
          "calls %d of %d"
              .formatted(one.path("in_flight").asLong(), one.path("concurrent_limit").asLong()));
    }
    return limits.isEmpty() ? "not known" : String.join(", ", limits);
  }

  private static String state(JsonNode one) {
    var words = new ArrayList<String>();
    JsonNode blocked = one.path("blocked");
    if (blocked.isObject()) {
      words.add(
          "blocked for %.0f s (%s)"
              .formatted(
                  Math.ceil(blocked.path("seconds").asDouble(0)),
                  blocked.path("cause").asString("")));
    }
    JsonNode bought = one.path("provisioned");
    if (bought.isObject()) {
      words.add(
          "provisioned %s in use%s"
              .formatted(
                  percent(bought.path("in_use").asDouble(0)),
                  bought.path("spilling").asBoolean(false) ? ", spilling" : ""));
    }
    return words.isEmpty() ? "ok" : String.join(", ", words);
  }

  private static String percent(double share) {
    return Math.round(share * 100) + " %";
  }

  private static List<String> table(List<List<String>> rows) {
    var widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    var lines = new ArrayList<String>();
    for (List<String> row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
