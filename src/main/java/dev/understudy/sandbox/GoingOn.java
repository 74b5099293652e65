package dev.understudy.sandbox;

import java.util.Locale;

/** How the sandbox's model goes on with an answer that broke off: well, or as models also do. */
enum GoingOn {
  /** From the very next character, after the words it was told to say again. */
  WELL,
  /** Says the last words again, asked or not. */
  OVERLAP,
  /** Begins with white space. */
  SPACE,
  /** Says all of it again from the beginning. */
  RESTART,
  /** Begins again and then says something else. */
  ASTRAY,
  /** Says that it will not. */
  REFUSE,
  /** Announces what it is about to do. */
  PREAMBLE,
  /** Goes on at once, without the words it was told to say again. */
  DIRECT;

  private static final int OVERLAP_CHARACTERS = 48;

  static GoingOn of(String word) {
    for (GoingOn way : values()) {
      if (way.word().equals(word)) {
        return way;
      }
    }
    throw Refusal.bad(
        "unknown way to go on \"%s\"; known: well, overlap, space, restart, astray, refuse, preamble,"
                .formatted(word)
            + " direct");
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * What is said of {@code whole}, whose beginning was said before.
   *
   * @param interrupted what was said before
   */
  String say(String whole, Interrupted interrupted) {
    String begun = interrupted.begun();
    String rest = rest(whole, begun);
    return switch (this) {
      case WELL -> interrupted.anchor() + rest;
      case OVERLAP -> begun.substring(Math.max(0, begun.length() - OVERLAP_CHARACTERS)) + rest;
      case SPACE ->
          (interrupted.anchor().isEmpty() ? space(begun) : "\n ") + interrupted.anchor() + rest;
      case RESTART -> begun + rest;
      case ASTRAY -> begun.substring(0, begun.length() * 3 / 4) + " but no, it is quite different.";
      case REFUSE -> "I am sorry, the sandbox cannot go on with that.";
      case PREAMBLE -> "Sure! Here is how it goes on:\n\n" + interrupted.anchor() + rest;
      case DIRECT -> rest;
    };
  }

  /** White space once more, where some was said last: elsewhere it would be part of the text. */
  private static String space(String begun) {
    return begun.substring(begun.stripTrailing().length());
  }

  /** What is left of a text; of one that began otherwise, what comes from that place on. */
  private static String rest(String whole, String begun) {
    return whole.substring(Math.min(begun.length(), whole.length()));
  }
}
