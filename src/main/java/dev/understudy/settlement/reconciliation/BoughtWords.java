package dev.understudy.settlement.reconciliation;

import dev.understudy.settlement.focus.Billing;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Tells lines of a bill that charge for capacity by the hour from those that charge for use.
 *
 * <p>Vendors write no common word: "Provisioned Managed Unit" and PTU at Azure, GSU at Vertex AI,
 * "ProvisionedThroughput-ModelUnits" at Bedrock, scale units at OpenAI.
 */
final class BoughtWords {
  private static final Pattern USUAL =
      Pattern.compile(
          "\\b(?:provisioned|ptus?\\b|gsus?\\b|reserved capacity|(?:model|scale|throughput)[ -]?units?\\b)",
          Pattern.CASE_INSENSITIVE);

  private BoughtWords() {}

  /** Whether a line reads so; what counts tokens does not. */
  static boolean areIn(String name, Meter meter) {
    return !meter.isUnderstood() && USUAL.matcher(name).find();
  }

  /** Whether a line names the unit of what was bought, as one or as many. */
  static boolean name(Billing.Capacity bought, String line) {
    String unit = bought.terms().unit().strip().toLowerCase(Locale.ROOT);
    return !unit.isEmpty()
        && Pattern.compile("(?<![a-z0-9])" + Pattern.quote(unit) + "s?(?![a-z0-9])")
            .matcher(line.toLowerCase(Locale.ROOT))
            .find();
  }
}
