package dev.understudy.rollout;

/** What is to become of a candidate now. */
public sealed interface Verdict {
  /** Why, in a clause. */
  String clause();

  /** It gets the next stage's share. */
  record Advance(String clause) implements Verdict {}

  /** It stays where it is. */
  record Hold(String clause) implements Verdict {}

  /** It gets nothing any more. */
  record RollBack(String clause) implements Verdict {}
}
