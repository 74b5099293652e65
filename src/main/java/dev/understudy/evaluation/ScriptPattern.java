package dev.understudy.evaluation;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Regular expressions as JavaScript reads them (ECMA-262, without flags), in which promptfoo's
 * files and JSON schemas are written: a brace that is no repetition is itself, within brackets a
 * bracket is, too, and a dollar is the very end, not the place before a last line feed.
 */
final class ScriptPattern {
  private static final Pattern REPETITION = Pattern.compile("\\{[0-9]+(?:,[0-9]*)?\\}");

  /** What stands by itself in a set here, and not there. */
  private static final String SPECIAL_IN_SET = "[&~";

  private ScriptPattern() {}

  static Pattern of(String expression) {
    var out = new StringBuilder();
    Matcher repetition = REPETITION.matcher(expression);
    boolean set = false;
    for (int i = 0; i < expression.length(); i++) {
      char c = expression.charAt(i);
      if (c == '\\' && i + 1 < expression.length()) {
        out.append(escaped(expression, i));
        i++;
      } else if (set) {
        out.append(SPECIAL_IN_SET.indexOf(c) >= 0 ? "\\" : "").append(c);
        set = c != ']';
      } else if (expression.startsWith("[^]", i)) {
        out.append("[\\s\\S]");
        i += 2;
      } else if (expression.startsWith("[]", i)) {
        out.append("(?!)");
        i++;
      } else if (c == '{' && !repetition.region(i, expression.length()).lookingAt()) {
        out.append("\\{");
      } else {
        out.append(c == '$' ? "\\z" : String.valueOf(c));
        set = c == '[';
      }
    }
    return Pattern.compile(out.toString());
  }

  /** An escape; where Java knows none of this letter, the letter is meant. */
  private static String escaped(String expression, int at) {
    char letter = expression.charAt(at + 1);
    boolean plain = Character.isLetter(letter) && "bBdDsSwWnrtfvxuckpP".indexOf(letter) < 0;
    return plain ? String.valueOf(letter) : expression.substring(at, at + 2);
  }
}
