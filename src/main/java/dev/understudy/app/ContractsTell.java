package dev.understudy.app;

import dev.understudy.admin.AdminClient;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells a running gateway what happened, such as an outage or a takeover. */
@Command(
    name = "tell",
    description = "Tell what happened: an outage, a launch, a takeover and the like.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ContractsTell extends ContractsTelling {
  @Parameters(index = "0", paramLabel = "KIND", description = "Such as outage or takeover.")
  private String kind = "";

  @Parameters(index = "1..*", paramLabel = "NAME=VALUE", description = "Such as vendor=azure.")
  private List<String> details = List.of();

  @Option(names = "--contract", paramLabel = "ID", description = "The contract it is about.")
  private String contract = "";

  @Option(names = "--clause", paramLabel = "ID", description = "The clause it is about.")
  private String clause = "";

  ContractsTell(Map<String, String> environment) {
    super(environment);
  }

  @Override
  void ask(AdminClient gateway) throws AdminClient.NoAnswer {
    tell(gateway, kind, contract, clause, details);
  }
}
