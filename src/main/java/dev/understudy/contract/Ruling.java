package dev.understudy.contract;

/**
 * What contracts say of one target for one call.
 *
 * @param allowed whether it may be asked
 * @param basis the clause that decides; as text, ready for records
 * @param why in a clause, for records
 */
public record Ruling(boolean allowed, String basis, String why) {
  /** No clause says anything. */
  public static final Ruling FREE = new Ruling(true, "", "");

  static Ruling denied(Basis basis, String why) {
    return new Ruling(false, basis.toString(), why);
  }

  static Ruling allowed(Basis basis, String why) {
    return new Ruling(true, basis.toString(), why);
  }

  /** As the record of a decision has it: the clause, and why. */
  public String text() {
    return why.isEmpty() ? basis : basis + ": " + why;
  }
}
