package dev.understudy.protocol;

import java.util.Optional;

/** Tells where in a caller's request a piece of the conversation that was read from it stands. */
public interface Places {
  /** The conversation itself tells. */
  Places PLAIN = (_, _, _) -> Optional.empty();

  /**
   * The path of a piece.
   *
   * @param turn which message
   * @param part which of its parts; -1 for the message
   * @param inner which part of a tool's result; -1 for all of it
   */
  Optional<String> of(int turn, int part, int inner);
}
