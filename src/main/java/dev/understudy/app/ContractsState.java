package dev.understudy.app;

import dev.understudy.admin.AdminClient;
import java.util.ArrayList;
import java.util.Map;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** Shows how contracts stand at a running gateway. */
@Command(
    name = "state",
    description = "Show how contracts stand at a running gateway.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ContractsState extends Asking {
  ContractsState(Map<String, String> environment) {
    super(environment);
  }

  @Override
  void ask(AdminClient gateway) throws AdminClient.NoAnswer {
    JsonNode page = gateway.get("/admin/contracts");
    if (json) {
      print(page);
      return;
    }
    for (JsonNode contract : page.path("contracts")) {
      out()
          .println(
              "%s: version %s is in force"
                  .formatted(
                      contract.path("contract").asString(),
                      contract.path("in_force").asString("none")));
      for (JsonNode trigger : contract.path("triggers")) {
        out()
            .println(
                "  trigger %s: %s%s"
                    .formatted(
                        trigger.path("trigger").asString(),
                        trigger.path("phase").asString(),
                        waiting(trigger)));
      }
      for (JsonNode offer : contract.path("offers")) {
        out()
            .println(
                "  offer %s of %s: %s, %s of %s units taken%s"
                    .formatted(
                        offer.path("offer").asString(),
                        offer.path("third").asString(),
                        offer.path("state").asString(),
                        offer.path("taken").asString(),
                        offer.path("units").asString(),
                        offer.has("expires")
                            ? ", expires " + offer.path("expires").asString()
                            : ""));
      }
    }
  }

  private static String waiting(JsonNode trigger) {
    var told = new ArrayList<String>();
    trigger.path("waiting_for_approval").forEach(one -> told.add(one.asString()));
    return told.isEmpty() ? "" : ", to be approved: " + String.join(", ", told);
  }
}
