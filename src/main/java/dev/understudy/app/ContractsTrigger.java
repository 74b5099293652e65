package dev.understudy.app;

import dev.understudy.admin.AdminClient;
import dev.understudy.contract.Happening;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Tells a running gateway each step of a trigger; tries on paper what it would change. */
@Command(
    name = "trigger",
    description =
        "Follow a trigger: dry-run, declare, metric, approve, verify, dispute, settle. What is"
            + " declared counts once another person approves it.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ContractsTrigger extends ContractsTelling {
  @Parameters(index = "0", paramLabel = "ACTION")
  private String action = "";

  @Parameters(index = "1", paramLabel = "CONTRACT")
  private String contract = "";

  @Parameters(index = "2", paramLabel = "TRIGGER")
  private String trigger = "";

  @Parameters(
      index = "3..*",
      paramLabel = "NAME=VALUE",
      description = "Such as body=openai.board, or member=p1 vote=yes.")
  private List<String> details = List.of();

  @Option(names = "--days", paramLabel = "N", description = "For dry-run: of so many days; 7.")
  private int days = 7;

  ContractsTrigger(Map<String, String> environment) {
    super(environment);
  }

  @Override
  void ask(AdminClient gateway) throws AdminClient.NoAnswer {
    if (action.equals("dry-run")) {
      dryRun(gateway);
      return;
    }
    List<String> known = List.of("declare", "metric", "approve", "verify", "dispute", "settle");
    if (!known.contains(action) || Happening.Kind.of(action).isEmpty()) {
      throw new ParameterException(
          line(),
          "unknown action %s; known: dry-run, %s".formatted(action, String.join(", ", known)));
    }
    tell(gateway, action, contract, trigger, details);
  }

  private void dryRun(AdminClient gateway) throws AdminClient.NoAnswer {
    JsonNode page =
        gateway.get(
            "/admin/contracts/%s/triggers/%s/dry-run?days=%d"
                .formatted(AdminClient.segment(contract), AdminClient.segment(trigger), days));
    if (json) {
      print(page);
      return;
    }
    out()
        .println(
            "%s attempts from %s to %s"
                .formatted(
                    page.path("attempts").asString(),
                    page.path("from").asString(),
                    page.path("until").asString()));
    var table =
        new Table("ROUTE", "LOSES", "A DAY", "GOES TO", "PAID", "INSTEAD", "GAP/MIN", "QUALITY");
    for (JsonNode one : page.path("lost")) {
      table.row(
          one.path("route").asString(),
          one.path("target").asString(),
          one.path("per_day").asString(),
          one.path("substitute").asString("nobody"),
          paid(one.path("paid")),
          one.path("instead").asString("no price"),
          one.path("capacity_gap").asString(""),
          one.path("quality").asString());
    }
    if (page.path("lost").isEmpty()) {
      out().println("no traffic loses its target");
    } else {
      table.print(out());
    }
    list("clauses that change", page.path("difference"));
    list("statements that change", page.path("statements_changed"));
    list("notices due", page.path("notices_due"));
  }

  private static String paid(JsonNode byCurrency) {
    var amounts = new ArrayList<String>();
    byCurrency
        .properties()
        .forEach(one -> amounts.add(one.getValue().asString() + " " + one.getKey()));
    return amounts.isEmpty() ? "nothing" : String.join(", ", amounts);
  }

  private void list(String title, JsonNode lines) {
    out().println(lines.isEmpty() ? title + ": none" : title + ":");
    lines.forEach(one -> out().println("  " + one.asString()));
  }
}
