package dev.understudy.app;

import dev.understudy.admin.AdminClient;
import java.util.Map;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** Lets a running gateway read its settings again. */
@Command(
    name = "reload",
    description = "Let a running gateway read its settings again; what is wrong changes nothing.",
    mixinStandardHelpOptions = true)
final class Reload extends Asking {
  Reload(Map<String, String> environment) {
    super(environment);
  }

  @Override
  void ask(AdminClient gateway) throws AdminClient.NoAnswer {
    JsonNode plan = gateway.send("POST", "/admin/reload");
    if (json) {
      print(plan);
      return;
    }
    out()
        .println(
            "plan %d is in force, %d routes, from %s"
                .formatted(
                    plan.path("version").asLong(),
                    plan.path("routes").size(),
                    plan.path("source").asString("").equals("api")
                        ? "the operators' door; DELETE /admin/plan goes back to the file"
                        : "the settings file"));
    for (JsonNode later : plan.path("needs_restart")) {
      out().println("changed, but only in force after a restart: " + later.asString(""));
    }
  }
}
