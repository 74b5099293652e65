package dev.understudy.contract;

import java.util.List;
import java.util.Optional;

/**
 * What changes a contract when it happens.
 *
 * @param id the clause's id
 * @param name what people call it
 * @param disputeHolds whether a dispute holds its effects up
 * @param effectiveAfterDays days from the moment it is met, or verified, to its effects
 * @param reversible whether it is over once its condition no longer holds
 */
public record Trigger(
    String id,
    String name,
    Condition condition,
    Verification verification,
    boolean disputeHolds,
    int effectiveAfterDays,
    List<Effect> effects,
    boolean reversible) {
  public Trigger {
    effects = List.copyOf(effects);
  }

  /**
   * Who must agree that it is met.
   *
   * @param party for {@link By#COUNTERPARTY}
   * @param members of the panel
   * @param quorum votes that decide
   * @param days within which they decide
   */
  public record Verification(By by, Optional<String> party, int members, int quorum, int days) {
    /** Who verifies. */
    public enum By {
      NONE,
      COUNTERPARTY,
      EXPERT_PANEL
    }
  }
}
