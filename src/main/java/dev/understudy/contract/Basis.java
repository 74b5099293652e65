package dev.understudy.contract;

/**
 * The clause that something rests on.
 *
 * @param contract the contract's id
 * @param version which version of it
 * @param clause the clause's id
 * @param section where it stands in the document; empty if not said
 */
public record Basis(String contract, int version, String clause, String section) {
  /** As records and pages write it: {@code microsoft-openai v1 ex-1 (§4.2)}. */
  @Override
  public String toString() {
    return "%s v%d %s%s"
        .formatted(contract, version, clause, section.isEmpty() ? "" : " (" + section + ")");
  }
}
