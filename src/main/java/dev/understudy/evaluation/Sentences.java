package dev.understudy.evaluation;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts sentences of English: they end with a full stop, question or exclamation mark before white
 * space, unless the full stop belongs to an abbreviation, an initial or a number in a list.
 */
final class Sentences {
  private static final Pattern END =
      Pattern.compile("([^\\s]*)([.?!]+)([\"')\\]}*]*)(?=\\s+(\\S+))");

  private static final Set<String> ABBREVIATIONS =
      Set.of(
          "mr", "mrs", "ms", "dr", "prof", "st", "jr", "sr", "vs", "e.g", "i.e", "u.s", "u.k",
          "inc", "ltd", "co", "corp", "gen", "col", "sen", "rep", "gov", "lt", "sgt", "capt", "a.m",
          "p.m", "ph.d", "jan", "feb", "aug", "sept", "oct", "nov", "dec", "fig", "vol", "p.s",
          "d.c", "u.n");

  private Sentences() {}

  static int count(String text) {
    String body = text.strip();
    if (body.isEmpty()) {
      return 0;
    }
    int count = 1;
    Matcher matcher = END.matcher(body);
    while (matcher.find()) {
      if (ends(matcher.group(1), matcher.group(2), matcher.group(4))) {
        count++;
      }
    }
    return count;
  }

  private static boolean ends(String before, String mark, String next) {
    boolean small = Character.isLowerCase(next.codePointAt(0));
    if (mark.length() > 1 && mark.chars().allMatch(c -> c == '.')) {
      return !small;
    }
    if (!mark.equals(".")) {
      return true;
    }
    String word = before.replaceFirst("^[\"'“‘(\\[*_]+", "").toLowerCase(Locale.ROOT);
    if (word.matches("[0-9]+")) {
      return !small;
    }
    return !ABBREVIATIONS.contains(word) && !word.matches("[a-z]");
  }
}
