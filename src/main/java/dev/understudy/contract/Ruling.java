package dev.understudy.contract;

import java.util.Optional;

/**
 * What contracts say of one target for one call.
 *
 * @param allowed whether it may be asked
 * @param basis the clause that decides; as text, ready for records
 * @param why in a clause, for records
 * @param clause the clause that decides; empty where none says anything, or none could
 */
public record Ruling(boolean allowed, String basis, String why, Optional<Basis> clause) {
  /** No clause says anything. */
  public static final Ruling FREE = new Ruling(true, "", "", Optional.empty());

  /** What a clause denies. */
  public static Ruling denied(Basis basis, String why) {
    return new Ruling(false, basis.toString(), why, Optional.of(basis));
  }

  static Ruling allowed(Basis basis, String why) {
    return new Ruling(true, basis.toString(), why, Optional.of(basis));
  }

  /** As the record of a decision has it: the clause, and why. */
  public String text() {
    return why.isEmpty() ? basis : basis + ": " + why;
  }
}
