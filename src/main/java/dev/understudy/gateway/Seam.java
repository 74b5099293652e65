package dev.understudy.gateway;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Joins what a model says when it goes on with another's text to what was said of it before, so
 * that nothing is said twice and nothing is left out.
 *
 * <p>The beginning of the continuation is held back until it is known what it is: the next words,
 * the last words once more, or all of it from the start. What repeats is swallowed. What begins
 * again and then says something else, or lacks the words it was told to repeat, is no continuation.
 */
final class Seam {
  /** So far back an overlap is looked for. */
  static final int OVERLAP_MAX = 400;

  /**
   * A shorter repetition may be the text's own, as in a table or in "very, very good", where a
   * model was given the text as the beginning of its own answer.
   */
  private static final int OVERLAP_MIN = 20;

  private static final int OVERLAP_LETTERS_MIN = 8;

  /** So much of the beginning said again is no accident. */
  private static final int RESTART_MIN = 24;

  /** So much may stand before the words a model was told to repeat, such as a greeting. */
  private static final int PREAMBLE_MAX = 240;

  /** Words to repeat that are shorter than this count only at the very beginning. */
  private static final int ANCHOR_ALONE_MIN = 16;

  private static final int ANCHOR_MAX = 48;

  private enum State {
    DECIDING,
    RESTARTED,
    JOINING,
    PASSING,
    DISHONEST
  }

  /** What was said, without the white space at its end, which is {@link #gap}. */
  private final String body;

  private final String gap;

  /** How much white space it begins with. */
  private final int indent;

  private final String anchor;
  private final StringBuilder head = new StringBuilder();
  private State state = State.DECIDING;
  private int repeated;
  private @Nullable String complaint;

  private Seam(String told, String anchor) {
    this.body = told.stripTrailing();
    this.gap = told.substring(body.length());
    this.indent = body.length() - body.stripLeading().length();
    this.anchor = anchor;
    if (body.isEmpty()) {
      state = State.JOINING;
    }
  }

  /**
   * For a model that was given the text as the beginning of its own answer, but for the white space
   * at its end: Claude refuses that, and other models go on worse behind it.
   */
  static Seam afterPrefix(String told) {
    return new Seam(told, "");
  }

  /** For a model that was told to begin by repeating {@link #anchor} of the text. */
  static Seam afterInstruction(String told) {
    return new Seam(told, anchor(told));
  }

  /** The last words of a text, by which its continuation is known. */
  static String anchor(String told) {
    String body = told.stripTrailing();
    int from = Math.max(0, body.length() - ANCHOR_MAX);
    if (from > 0) {
      int word = from;
      while (word < body.length() - ANCHOR_ALONE_MIN
          && !Character.isWhitespace(body.charAt(word - 1))) {
        word++;
      }
      from = word < body.length() - ANCHOR_ALONE_MIN ? word : from;
      if (Character.isLowSurrogate(body.charAt(from))) {
        from++;
      }
    }
    return body.substring(from).stripLeading();
  }

  /** Takes more of the continuation; returns what may be said now, which may be nothing yet. */
  String accept(String more) {
    return take(more, false);
  }

  /** The continuation is over; returns what was still held back. */
  String end() {
    return take("", true);
  }

  /** Whether everything that comes is passed on from here. */
  boolean isDecided() {
    return state == State.PASSING || state == State.DISHONEST;
  }

  /** Why this is no continuation; empty as long as it may be one. */
  Optional<String> complaint() {
    return Optional.ofNullable(complaint);
  }

  private String take(String more, boolean ended) {
    if (state == State.PASSING) {
      return more;
    }
    head.append(more);
    if (state == State.DECIDING) {
      decide(ended);
    }
    if (state == State.RESTARTED) {
      repeat(ended);
    }
    return state == State.JOINING ? join(ended) : "";
  }

  private void decide(boolean ended) {
    int lead = 0;
    while (lead < head.length() && Character.isWhitespace(head.charAt(lead))) {
      lead++;
    }
    if (lead == head.length()) {
      if (ended && !anchor.isEmpty()) {
        dishonest("it said nothing");
      } else if (ended || head.length() > PREAMBLE_MAX) {
        state = State.JOINING;
      }
      return;
    }
    if (anchor.isEmpty()) {
      afterPrefix(lead, ended);
    } else {
      afterInstruction(lead, ended);
    }
  }

  private void afterPrefix(int lead, boolean ended) {
    int same = sameAsBeginning(lead);
    if (same == body.length() - indent) {
      drop(lead + same);
      return;
    }
    boolean restarting = lead + same == head.length();
    if (restarting && same >= RESTART_MIN) {
      restart(lead, same);
      return;
    }
    int overlap = 0;
    boolean open = restarting;
    for (int size = Math.min(OVERLAP_MAX, body.length()); size >= OVERLAP_MIN; size--) {
      int there = Math.min(size, head.length() - lead);
      if (!matches(head, lead, body.length() - size, there)) {
        continue;
      }
      if (there < size) {
        open = true;
      } else if (isTelling(lead, size)) {
        overlap = size;
        break;
      }
    }
    if (open && !ended) {
      return;
    }
    if (overlap > 0) {
      drop(lead + overlap);
    } else if (same >= Math.min(RESTART_MIN, Math.max(8, body.length() / 2))) {
      dishonest("it began again and said something else");
    } else {
      state = State.JOINING;
    }
  }

  private void afterInstruction(int lead, boolean ended) {
    int last =
        anchor.length() < ANCHOR_ALONE_MIN ? lead : Math.min(PREAMBLE_MAX, head.length() - 1);
    for (int at = lead; at <= last; at++) {
      int stop = endOfAnchor(at);
      if (stop > 0) {
        drop(stop);
        return;
      }
      if (stop == 0 && !ended && at == lead) {
        return;
      }
    }
    int same = sameAsBeginning(lead);
    if (same == body.length() - indent) {
      drop(lead + same);
    } else if (lead + same == head.length() && same >= RESTART_MIN) {
      restart(lead, same);
    } else if (ended || head.length() > PREAMBLE_MAX + anchor.length() * 2) {
      dishonest("it did not repeat the last words, as it was told");
    }
  }

  /** How much of what came is the beginning of what was said, white space in front left aside. */
  private int sameAsBeginning(int lead) {
    int start = indent;
    int same = start;
    while (same < body.length()
        && lead + same - start < head.length()
        && head.charAt(lead + same - start) == body.charAt(same)) {
      same++;
    }
    return same - start;
  }

  private boolean matches(StringBuilder text, int from, int bodyFrom, int length) {
    for (int i = 0; i < length; i++) {
      if (text.charAt(from + i) != body.charAt(bodyFrom + i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a repetition is more than a row of dashes. */
  private boolean isTelling(int from, int size) {
    return head.substring(from, from + size).chars().distinct().count() >= OVERLAP_LETTERS_MIN;
  }

  /**
   * Where the anchor ends that begins here: 0 if it may but has not come whole, -1 if it does not.
   * Any white space is as good as any other.
   */
  private int endOfAnchor(int from) {
    int at = from;
    int in = 0;
    while (in < anchor.length()) {
      if (at == head.length()) {
        return 0;
      }
      if (Character.isWhitespace(anchor.charAt(in))) {
        if (!Character.isWhitespace(head.charAt(at))) {
          return -1;
        }
        while (in < anchor.length() && Character.isWhitespace(anchor.charAt(in))) {
          in++;
        }
        while (at < head.length() && Character.isWhitespace(head.charAt(at))) {
          at++;
        }
      } else if (head.charAt(at) == anchor.charAt(in)) {
        at++;
        in++;
      } else {
        return -1;
      }
    }
    return at;
  }

  private void restart(int lead, int same) {
    state = State.RESTARTED;
    repeated = indent + same;
    head.delete(0, lead + same);
  }

  private void repeat(boolean ended) {
    int at = 0;
    while (at < head.length() && repeated < body.length()) {
      if (head.charAt(at) != body.charAt(repeated)) {
        dishonest("it began again and said something else");
        return;
      }
      at++;
      repeated++;
    }
    head.delete(0, at);
    if (repeated == body.length()) {
      state = State.JOINING;
    } else if (ended) {
      dishonest("it began again and stopped before it had come as far");
    }
  }

  private void drop(int length) {
    head.delete(0, length);
    state = State.JOINING;
  }

  /** What follows what was said; white space that is there already is not said again. */
  private String join(boolean ended) {
    int space = 0;
    while (space < head.length() && Character.isWhitespace(head.charAt(space))) {
      space++;
    }
    if (space == head.length() && space < gap.length() && !ended) {
      return "";
    }
    String rest = head.toString();
    head.setLength(0);
    state = State.PASSING;
    return rest.startsWith(gap)
        ? rest.substring(gap.length())
        : rest.substring(Math.min(space, gap.length()));
  }

  private void dishonest(String why) {
    complaint = why;
    state = State.DISHONEST;
    head.setLength(0);
  }
}
