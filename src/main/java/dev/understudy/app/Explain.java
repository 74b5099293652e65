package dev.understudy.app;

import dev.understudy.admin.AdminClient;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Tells why a call went where it went. */
@Command(
    name = "explain",
    description = "Tell why a call went where it went, and what became of it.",
    mixinStandardHelpOptions = true)
final class Explain extends Asking {
  @Parameters(
      paramLabel = "EXCHANGE",
      description = "The name of the call's record, as in the header x-understudy-exchange.")
  private String exchange = "";

  Explain(Map<String, String> environment) {
    super(environment);
  }

  @Override
  void ask(AdminClient gateway) throws AdminClient.NoAnswer {
    JsonNode told = gateway.get("/admin/exchanges/" + AdminClient.segment(exchange));
    if (json) {
      print(told);
    } else {
      Explanation.lines(told).forEach(out()::println);
    }
  }
}
