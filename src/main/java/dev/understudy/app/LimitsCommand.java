package dev.understudy.app;

import dev.understudy.admin.AdminClient;
import dev.understudy.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Shows what callers use of their limits and budgets at a running gateway. */
@Command(
    name = "limits",
    description = "Show what keys, teams and organisations use of their limits and budgets.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class LimitsCommand extends Asking {
  private final Map<String, String> environment;

  @Option(names = "--scope", paramLabel = "SCOPE", description = "One alone, such as team:search.")
  private Optional<String> scope = Optional.empty();

  LimitsCommand(Map<String, String> environment) {
    super(environment);
    this.environment = environment;
  }

  /** The command with what is below it. */
  CommandLine withAll() {
    return new CommandLine(this).addSubcommand(new Reset(environment));
  }

  @Override
  void ask(AdminClient gateway) throws AdminClient.NoAnswer {
    String query = scope.map(one -> "?scope=" + AdminClient.segment(one)).orElse("");
    JsonNode page = gateway.get("/admin/limits" + query);
    if (json) {
      print(page);
      return;
    }
    show(page);
  }

  private void show(JsonNode page) {
    if (page.has("trouble")) {
      out().println("not shared or kept at the moment: " + page.path("trouble").asString());
    }
    if (page.path("scopes").isEmpty()) {
      out().println("nobody has limits; set them with understudy keys, teams or organisations");
      return;
    }
    var table = new Table("SCOPE", "LIMIT", "USED", "LEFT", "RESETS");
    for (JsonNode one : page.path("scopes")) {
      String name = one.path("scope").asString();
      for (String limit : List.of("requests_per_minute", "tokens_per_minute", "concurrent_calls")) {
        JsonNode level = one.path(limit);
        if (!level.isMissingNode()) {
          table.row(
              name,
              level.path("limit").asString() + " " + limit.replace('_', ' '),
              level.path("used").asString(),
              level.path("left").asString(),
              "");
        }
      }
      for (JsonNode budget : one.path("budgets")) {
        table.row(
            name,
            budget.path("budget").asString(),
            budget.path("spent").asString(),
            budget.path("left").asString(),
            budget.path("resets_at").asString());
      }
    }
    table.print(out());
  }

  @Command(
      name = "reset",
      description = "Start the budgets of a scope anew before their time.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  private static final class Reset extends Asking {
    @Parameters(paramLabel = "SCOPE", description = "Such as team:search.")
    private String scope = "";

    @Option(
        names = "--reason",
        paramLabel = "TEXT",
        required = true,
        description = "Why; it goes to the log.")
    private String reason = "";

    @Option(
        names = "--period",
        paramLabel = "PERIOD",
        description = "day or month; else all budgets of the scope.")
    private Optional<String> period = Optional.empty();

    Reset(Map<String, String> environment) {
      super(environment);
    }

    @Override
    void ask(AdminClient gateway) throws AdminClient.NoAnswer {
      ObjectNode said = Json.object().put("reason", reason);
      period.ifPresent(it -> said.put("period", it));
      JsonNode page =
          gateway.send("POST", "/admin/limits/" + AdminClient.segment(scope) + "/reset", said);
      if (json) {
        print(page);
      } else {
        out().println("the budgets of " + scope + " start anew");
      }
    }
  }
}
