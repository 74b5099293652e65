package dev.understudy.app;

import dev.understudy.admin.AdminClient;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Tells a running gateway each step of an offer under a right of first refusal. */
@Command(
    name = "rofr",
    description =
        "Follow an offer under a right of first refusal: offer, notice, answer, change, dispute,"
            + " settle.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ContractsRofr extends ContractsTelling {
  @Parameters(index = "0", paramLabel = "ACTION")
  private String action = "";

  @Parameters(index = "1", paramLabel = "CONTRACT")
  private String contract = "";

  @Parameters(index = "2", paramLabel = "CLAUSE")
  private String clause = "";

  @Parameters(
      index = "3..*",
      paramLabel = "NAME=VALUE",
      description = "Such as offer=o1 units=400 price=1.00 third=T targets=t/*.")
  private List<String> details = List.of();

  ContractsRofr(Map<String, String> environment) {
    super(environment);
  }

  @Override
  void ask(AdminClient gateway) throws AdminClient.NoAnswer {
    if (!List.of("offer", "notice", "answer", "change", "dispute", "settle").contains(action)) {
      throw new ParameterException(
          line(),
          "unknown action " + action + "; known: offer, notice, answer, change, dispute, settle");
    }
    tell(gateway, action, contract, clause, details);
  }
}
