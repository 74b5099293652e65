package dev.understudy.contract;

import dev.understudy.contract.Condition.Comparison;
import dev.understudy.contract.Trigger.Verification;
import java.util.List;
import java.util.Locale;

/** The words that may be written where a contract has a list of choices. */
public final class ContractChoices {
  private ContractChoices() {}

  /**
   * What may be written for a field with that list of choices; nothing if there is no such list.
   */
  public static List<String> of(String name) {
    return switch (name) {
      case "roles" -> words(Party.Role.class);
      case "renewals" -> List.of("auto", "none");
      case "witnesses" -> words(Origin.Witness.class);
      case "bases" -> words(RevenueShare.Base.class);
      case "schedules" -> words(RevenueShare.Schedule.class);
      case "spans" -> words(RevenueShare.Accumulation.class);
      case "commitments" -> words(Commitment.Kind.class);
      case "counts" -> words(Commitment.Counts.class);
      case "shortfalls" -> words(Commitment.Shortfall.class);
      case "exclusivities" -> words(Exclusivity.Kind.class);
      case "subjects" -> words(Exclusivity.Of.class);
      case "offers" -> words(FirstRefusal.Of.class);
      case "silences" -> words(FirstRefusal.Silence.class);
      case "comparisons" -> List.of(Comparison.values()).stream().map(Comparison::sign).toList();
      case "verifiers" -> words(Verification.By.class);
      case "licensed" -> words(License.Of.class);
      case "calendars" -> List.of("calendar", "business");
      default -> List.of();
    };
  }

  private static <E extends Enum<E>> List<String> words(Class<E> words) {
    return List.of(words.getEnumConstants()).stream()
        .map(word -> word.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .toList();
  }
}
