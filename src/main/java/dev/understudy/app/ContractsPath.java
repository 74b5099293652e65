package dev.understudy.app;

import dev.understudy.admin.AdminClient;
import dev.understudy.contract.SharePath;
import java.math.BigDecimal;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Shows where a share that moves by and by should be, and where it is. */
@Command(
    name = "path",
    description = "Show where a share that moves by and by should be, and where it is.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ContractsPath extends Asking {
  @Parameters(index = "0", paramLabel = "CONTRACT")
  private String contract = "";

  @Parameters(index = "1", paramLabel = "PATH")
  private String path = "";

  @Option(names = "--days", paramLabel = "N", description = "Traffic of so many days; 30.")
  private int days = 30;

  ContractsPath(Map<String, String> environment) {
    super(environment);
  }

  @Override
  void ask(AdminClient gateway) throws AdminClient.NoAnswer {
    JsonNode page =
        gateway.get(
            "/admin/contracts/%s/paths/%s?days=%d"
                .formatted(AdminClient.segment(contract), AdminClient.segment(path), days));
    if (json) {
      print(page);
      return;
    }
    out()
        .println(
            "away from %s, %s: %s should be, over the last %d days %s; %s"
                .formatted(
                    page.path("away_from").asString(),
                    page.path("binding").asBoolean() ? "a term" : "a goal",
                    percent(page),
                    days,
                    page.path("words").asString(),
                    state(page)));
    var table = new Table("UNTIL", "TARGET", "IS", "STATE");
    for (JsonNode point : page.path("course")) {
      table.row(
          point.path("until").asString().substring(0, 10),
          percent(point),
          point.path("words").asString(""),
          point.has("words") ? state(point) : "ahead");
    }
    table.print(out());
  }

  private static String percent(JsonNode point) {
    return SharePath.percent(new BigDecimal(point.path("target").asString()));
  }

  private static String state(JsonNode point) {
    return !point.has("behind")
        ? "not known"
        : point.path("behind").asBoolean() ? "behind" : "in time";
  }
}
