package dev.understudy.contract;

import java.util.List;
import java.util.Optional;

/**
 * What else the parties owe each other.
 *
 * @param priceBook the price book of the settings that holds its prices
 * @param assignmentNeedsConsent whether the other party must agree that it is handed on
 */
public record Duties(
    Notice notice,
    Optional<ChangeOfControl> changeOfControl,
    Optional<Boolean> assignmentNeedsConsent,
    Optional<Exit> exit,
    Optional<Audit> audit,
    Optional<String> priceBook,
    List<SharePath> paths) {
  public Duties {
    paths = List.copyOf(paths);
  }

  /**
   * What happens when somebody takes a party over.
   *
   * @param competitors who must not
   */
  public record ChangeOfControl(
      Party of,
      List<String> competitors,
      int terminateRightDays,
      int priceLockMonths,
      boolean escrowRelease) {
    public ChangeOfControl {
      competitors = List.copyOf(competitors);
    }
  }

  /**
   * How it ends.
   *
   * @param dataReturnFormat empty if nothing is given back
   * @param continuedAccessPrice what access costs meanwhile; empty if not said
   */
  public record Exit(
      int transitionMonths,
      boolean assistance,
      String dataReturnFormat,
      int dataReturnDays,
      boolean deletionCertificate,
      String continuedAccessPrice) {}

  /** Who may look into the books. */
  public record Audit(List<String> by, String frequency, boolean pooled) {
    public Audit {
      by = List.copyOf(by);
    }
  }
}
