package dev.understudy.evaluation;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts as Python takes them, in which the published checkers of instructions are written. */
final class PythonText {
  /** Letters of all scripts, and only the line feed ends a line. */
  private static final int FLAGS =
      Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNICODE_CASE | Pattern.UNIX_LINES;

  private PythonText() {}

  static Pattern plain(String expression) {
    return Pattern.compile(expression, FLAGS);
  }

  static Pattern lines(String expression) {
    return Pattern.compile(expression, FLAGS | Pattern.MULTILINE);
  }

  static Pattern anyCase(String expression) {
    return Pattern.compile(expression, FLAGS | Pattern.CASE_INSENSITIVE);
  }

  static long count(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    long count = 0;
    while (matcher.find()) {
      count++;
    }
    return count;
  }

  /** White space, which counts spaces that do not break. */
  static boolean isSpace(int letter) {
    return Character.isWhitespace(letter) || Character.isSpaceChar(letter);
  }

  static boolean isBlank(String text) {
    return text.codePoints().allMatch(PythonText::isSpace);
  }

  static String strip(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isSpace(text.charAt(from))) {
      from++;
    }
    while (to > from && isSpace(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** A letter with a case, and none that is small. */
  static boolean isUpper(String text) {
    return text.codePoints().anyMatch(Character::isUpperCase)
        && text.codePoints().noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c));
  }

  /** A letter with a case, and none that is large. */
  static boolean isLower(String text) {
    return text.codePoints().anyMatch(Character::isLowerCase)
        && text.codePoints().noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c));
  }
}
