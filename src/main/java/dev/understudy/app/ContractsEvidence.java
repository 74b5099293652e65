package dev.understudy.app;

import dev.understudy.admin.AdminClient;
import dev.understudy.json.Json;
import java.util.Map;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** Shows what happened under contracts, and whether its chain is whole. */
@Command(
    name = "evidence",
    description = "Show what happened under contracts, and whether its chain is whole.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ContractsEvidence extends Asking {
  ContractsEvidence(Map<String, String> environment) {
    super(environment);
  }

  @Override
  void ask(AdminClient gateway) throws AdminClient.NoAnswer {
    JsonNode page = gateway.get("/admin/contracts/evidence");
    if (json) {
      print(page);
      return;
    }
    var table = new Table("NUMBER", "AT", "KIND", "CONTRACT", "CLAUSE", "TOLD BY", "DETAILS");
    for (JsonNode one : page.path("evidence")) {
      table.row(
          one.path("number").asString(),
          one.path("at").asString(),
          one.path("kind").asString(),
          one.path("contract").asString(),
          one.path("clause").asString(),
          one.path("told_by").asString(),
          Json.text(one.path("details")));
    }
    table.print(out());
    out()
        .println(
            page.path("whole").asBoolean()
                ? "the chain is whole; head " + page.path("head").asString()
                : "the chain is broken: " + page.path("fault").asString());
  }
}
