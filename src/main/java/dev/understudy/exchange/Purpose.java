package dev.understudy.exchange;

/** What a call was made for: who is to bear its cost follows from it. */
public enum Purpose {
  /** A caller asked. */
  CALL,
  /** A candidate was asked what a caller had asked the incumbent; never billed to the caller. */
  SHADOW,
  /** A model was asked to judge answers. */
  JUDGE,
  /** An incumbent or a fallback was asked so that it stays proven. */
  REHEARSAL,
  /** A caller put a suite of cases to a target, and says so; it is billed as any call. */
  QUALIFICATION;

  /** Whether a caller asked, who bears what it costs; the others the gateway makes by itself. */
  public boolean isCallers() {
    return this == CALL || this == QUALIFICATION;
  }

  /** As records, tables and settings spell it. */
  public String word() {
    return switch (this) {
      case CALL -> "call";
      case SHADOW -> "shadow";
      case JUDGE -> "judge";
      case REHEARSAL -> "rehearsal";
      case QUALIFICATION -> "qualification";
    };
  }

  /**
   * The purpose of that word.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Purpose of(String word) {
    for (Purpose purpose : values()) {
      if (purpose.word().equals(word)) {
        return purpose;
      }
    }
    throw new IllegalArgumentException("no purpose of a call: " + word);
  }
}
