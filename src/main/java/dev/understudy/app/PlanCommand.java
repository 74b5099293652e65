package dev.understudy.app;

import dev.understudy.admin.AdminClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Shows and changes the routes of a running gateway. */
@Command(
    name = "plan",
    description = "Show the routes in force; apply others, roll back, or reset to the settings.",
    mixinStandardHelpOptions = true)
final class PlanCommand extends Asking {
  private static final int PLAN_MAX = 1 << 20;

  PlanCommand(Map<String, String> environment) {
    super(environment);
  }

  /** The command with all that is below it. */
  static CommandLine of(Map<String, String> environment) {
    return new CommandLine(new PlanCommand(environment))
        .addSubcommand(new Apply(environment))
        .addSubcommand(new RollBack(environment))
        .addSubcommand(new Reset(environment));
  }

  @Override
  void ask(AdminClient gateway) throws AdminClient.NoAnswer {
    show(this, gateway.get("/admin/plan"));
  }

  @Command(
      name = "apply",
      description = "Put the routes of a file in force; what is wrong changes nothing.",
      mixinStandardHelpOptions = true)
  static final class Apply extends Asking {
    @Parameters(paramLabel = "FILE", description = "YAML or JSON with routes.")
    private Path file = Path.of("");

    Apply(Map<String, String> environment) {
      super(environment);
    }

    @Override
    void ask(AdminClient gateway) throws AdminClient.NoAnswer {
      byte[] text;
      try (var in = Files.newInputStream(file)) {
        text = in.readNBytes(PLAN_MAX + 1);
      } catch (IOException e) {
        throw new ParameterException(line(), file + " cannot be read", e);
      }
      try {
        show(this, gateway.send("PUT", "/admin/plan", "application/yaml", text));
      } catch (AdminClient.NoAnswer e) {
        throw e.about(file, PlanDesk.NAME);
      }
    }
  }

  @Command(
      name = "rollback",
      description = "Put the plan before this one in force again.",
      mixinStandardHelpOptions = true)
  static final class RollBack extends Asking {
    RollBack(Map<String, String> environment) {
      super(environment);
    }

    @Override
    void ask(AdminClient gateway) throws AdminClient.NoAnswer {
      show(this, gateway.send("POST", "/admin/plan/rollback"));
    }
  }

  @Command(
      name = "reset",
      description = "Put the settings file's own routes in force again.",
      mixinStandardHelpOptions = true)
  static final class Reset extends Asking {
    Reset(Map<String, String> environment) {
      super(environment);
    }

    @Override
    void ask(AdminClient gateway) throws AdminClient.NoAnswer {
      show(this, gateway.send("DELETE", "/admin/plan"));
    }
  }

  private static void show(Asking asking, JsonNode plan) {
    if (asking.json) {
      asking.print(plan);
      return;
    }
    asking
        .out()
        .println(
            "plan %d, from %s, since %s"
                .formatted(
                    plan.path("version").asLong(),
                    plan.path("source").asString("").equals("api")
                        ? "the operators' door"
                        : "the settings file",
                    plan.path("since").asString("")));
    for (JsonNode route : plan.path("routes")) {
      var tiers = new ArrayList<String>();
      for (JsonNode tier : route.path("tiers")) {
        var names = new ArrayList<String>();
        tier.path("targets").forEach(target -> names.add(target.path("target").asString("")));
        tiers.add(
            names.size() == 1
                ? names.getFirst()
                : String.join(" or ", names) + " (" + tier.path("balance").asString("") + ")");
      }
      asking
          .out()
          .println("  " + route.path("name").asString("") + ": " + String.join(", then ", tiers));
    }
  }
}
