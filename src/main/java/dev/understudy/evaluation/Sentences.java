package dev.understudy.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts sentences of English as IFEval's checker does, which asks Punkt (Kiss and Strunk 2006): a
 * full stop, question or exclamation mark ends one where white space follows, or a bracket, quote
 * or star, unless the full stop belongs to an abbreviation, an initial, a number or a pause.
 * Closing quotes and brackets belong to the sentence before; stars do not, so that what ends in
 * bold has one more. Punkt weighs 20 000 words by how they are written in newspapers; here all but
 * the commonest are names.
 */
final class Sentences {
  private static final String MARKS = "[)\";}\\]*:@'({\\[!?]";

  private static final Pattern END =
      PythonText.plain("[.?!](?=(?<mark>" + MARKS + ")|\\s+(?<next>\\S+))");

  private static final Pattern TOKEN =
      PythonText.plain(
          "\\.{2,}|-{2,}"
              + "|[^(\"`{\\[:;&#*@)}\\]\\-,\\s]\\S*?(?=\\s|$|MARK|\\.{2,}|-{2,}|,(?:$|\\s|MARK|\\.{2,}|-{2,}))"
                  .replace("MARK", MARKS)
              + "|\\S");

  private static final Pattern CLOSING =
      Pattern.compile(
          "[\"')\\]}]+?(?:\\s+|(?=--)|$)", Pattern.MULTILINE | Pattern.UNICODE_CHARACTER_CLASS);

  private static final Pattern NUMBER = PythonText.plain("-?[.,]?\\d[\\d,.-]*");

  private static final Set<String> ABBREVIATIONS =
      Set.of(
          "mr", "mrs", "ms", "messrs", "dr", "prof", "st", "jr", "sr", "gen", "col", "maj", "lt",
          "adm", "sen", "rep", "reps", "inc", "ltd", "co", "cos", "corp", "bros", "cie", "jan",
          "feb", "aug", "sep", "sept", "oct", "nov", "dec", "tues", "wed", "fri", "yr", "vs", "ave",
          "ft", "mg", "ok", "ill", "sw", "chg", "ct", "calif", "colo", "conn", "fla", "ga", "kan",
          "ky", "mich", "minn", "nev", "okla", "ore", "pa", "tenn", "va", "vt", "wash", "wis",
          "ariz", "ala", "w.va", "a.d", "a.m", "p.m", "ph.d", "m.b.a", "d.c", "l.a", "n.c", "n.d",
          "n.h", "n.j", "n.m", "n.y", "r.i", "s.c", "u.k", "u.n", "u.s", "u.s.a", "u.s.s.r", "c.v",
          "s.a", "n.v", "b.v", "a.g", "c", "d", "e", "f", "g", "h", "k", "l", "m", "n", "p", "r",
          "s", "t", "v", "w");

  /** What so often begins a sentence that it does so even after an abbreviation. */
  private static final Set<String> STARTERS =
      Set.of(
          "according",
          "although",
          "among",
          "both",
          "but",
          "despite",
          "even",
          "he",
          "however",
          "i",
          "if",
          "in",
          "indeed",
          "instead",
          "it",
          "many",
          "meanwhile",
          "moreover",
          "most",
          "nevertheless",
          "nonetheless",
          "nor",
          "separately",
          "similarly",
          "since",
          "so",
          "some",
          "the",
          "there",
          "these",
          "they",
          "this",
          "though",
          "thus",
          "under",
          "when",
          "while",
          "yet");

  /** Commoner than names, after an initial. */
  private static final Set<String> COMMON =
      Set.of(
          "a", "an", "and", "as", "at", "we", "you", "she", "that", "to", "of", "on", "or", "for",
          "with", "what", "why", "how", "no", "not", "is", "are", "was", "yes", "then", "my",
          "our");

  private Sentences() {}

  static int count(String text) {
    var starts = new ArrayList<Integer>();
    var ends = new ArrayList<Integer>();
    starts.add(0);
    Matcher matcher = END.matcher(text);
    boolean found = matcher.find();
    while (found) {
      int end = matcher.end();
      boolean spaced = matcher.group("next") != null;
      int next = spaced ? matcher.start("next") : end;
      String following = spaced ? " " + matcher.group("next") : matcher.group("mark");
      int chunk = chunk(text, end - 1);
      found = matcher.find();
      // Only the last end of what stands without white space counts.
      if (!(found && chunk(text, matcher.end() - 1) == chunk)
          && isEnd(text.substring(chunk, end) + following)) {
        ends.add(end);
        starts.add(next);
      }
    }
    ends.add(trimmed(text));
    return filled(text, starts, ends);
  }

  private static int trimmed(String text) {
    int end = text.length();
    while (end > 0 && PythonText.isSpace(text.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  /** Where what stands around a place without white space begins. */
  private static int chunk(String text, int at) {
    int start = at;
    while (start > 0 && !PythonText.isSpace(text.charAt(start - 1))) {
      start--;
    }
    return start;
  }

  /** Sentences of which something is left when closing marks have gone to the one before. */
  private static int filled(String text, List<Integer> starts, List<Integer> ends) {
    int count = 0;
    int taken = 0;
    for (int i = 0; i < starts.size(); i++) {
      count += starts.get(i) + taken < ends.get(i) ? 1 : 0;
      taken = 0;
      if (i + 1 < starts.size()) {
        Matcher closing = CLOSING.matcher(text.substring(starts.get(i + 1), ends.get(i + 1)));
        taken = closing.lookingAt() ? closing.end() : 0;
      }
    }
    return count;
  }

  /** Whether a sentence ends in a piece before its last token. */
  private static boolean isEnd(String piece) {
    List<String> tokens = TOKEN.matcher(piece).results().map(r -> r.group()).toList();
    for (int i = 0; i + 1 < tokens.size(); i++) {
      if (isEnd(tokens.get(i), tokens.get(i + 1))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isEnd(String token, String next) {
    if (token.equals(".") || token.equals("?") || token.equals("!")) {
      return true;
    }
    if (!token.endsWith(".")) {
      return false;
    }
    boolean large = Character.isUpperCase(next.codePointAt(0));
    boolean small = Character.isLowerCase(next.codePointAt(0));
    if (token.endsWith("..")) {
      return large;
    }
    String word = PythonText.lower(token.substring(0, token.length() - 1));
    String after = PythonText.lower(next).replaceFirst("\\.$", "");
    if (word.length() == 1 && Character.isLetter(word.charAt(0))) {
      boolean name =
          large && !STARTERS.contains(after) && !COMMON.contains(after) && after.length() > 1;
      return !ABBREVIATIONS.contains(word) && !small && !name && ";:,.!?".indexOf(next) < 0;
    }
    if (ABBREVIATIONS.contains(word)
        || ABBREVIATIONS.contains(word.substring(word.lastIndexOf('-') + 1))) {
      return large && STARTERS.contains(after);
    }
    return !NUMBER.matcher(word).matches() || (!small && ";:,.!?".indexOf(next) < 0);
  }
}
