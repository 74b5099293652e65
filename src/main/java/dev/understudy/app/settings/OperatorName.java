package dev.understudy.app.settings;

import dev.understudy.contract.ContractDesk;
import java.util.regex.Pattern;

/** Which names persons at the operators' door may have. */
public final class OperatorName {
  /** The rule, for who broke it. */
  public static final String RULE =
      "an operator's name is up to 64 letters, digits, dots, dashes and @, and neither admin nor gateway";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9@._-]{0,63}");

  private OperatorName() {}

  /** Whether a name keeps to the rule. */
  public static boolean fits(String name) {
    return NAME.matcher(name).matches()
        && !name.equals(ContractDesk.GATEWAY)
        && !name.equals("admin");
  }
}
