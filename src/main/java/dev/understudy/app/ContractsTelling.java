package dev.understudy.app;

import dev.understudy.admin.AdminClient;
import dev.understudy.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tells a running gateway what happened; the details are {@code name=value}. */
abstract class ContractsTelling extends Asking {
  @Option(names = "--at", paramLabel = "DAY", description = "When it happened; now.")
  private Optional<String> at = Optional.empty();

  ContractsTelling(Map<String, String> environment) {
    super(environment);
  }

  void tell(AdminClient gateway, String kind, String contract, String clause, List<String> details)
      throws AdminClient.NoAnswer {
    ObjectNode said = Json.object();
    said.put("kind", kind);
    said.put("contract", contract);
    said.put("clause", clause);
    at.ifPresent(day -> said.put("at", day));
    ObjectNode all = said.putObject("details");
    for (String detail : details) {
      int mark = detail.indexOf('=');
      if (mark < 1) {
        throw new ParameterException(line(), "say details as name=value, not " + detail);
      }
      all.put(detail.substring(0, mark), detail.substring(mark + 1));
    }
    JsonNode taken = gateway.send("POST", "/admin/contracts/evidence", said);
    if (json) {
      print(taken);
    } else {
      out()
          .println(
              "taken down as %s: %s"
                  .formatted(taken.path("number").asString(), taken.path("hash").asString()));
    }
  }
}
