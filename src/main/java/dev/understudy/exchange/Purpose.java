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
  /** A suite of cases was put to a target. */
  QUALIFICATION;

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
