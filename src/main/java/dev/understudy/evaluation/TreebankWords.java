package dev.understudy.evaluation;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Cuts English into words as the Penn Treebank does: marks and contractions stand alone, and so do
 * printers' quotes and dashes, of which the Treebank's typewriter had none.
 */
final class TreebankWords {
  private static final Pattern MARKS =
      Pattern.compile("([;@#$%&*?!()\\[\\]{}<>\"“”‘’„«»\\u2012-\\u2015]|\\.{2,}|--|`+|'')");
  private static final Pattern COLON_OR_COMMA = Pattern.compile("([:,])(?=[^0-9]|$)");
  private static final Pattern OPENING_QUOTE =
      Pattern.compile("(?<![\\p{L}\\p{N}_])'(?!(?i:re|ve|ll|m|t|s|d|n)\\b)(?=[\\p{L}\\p{N}_])");
  private static final Pattern CONTRACTION =
      Pattern.compile("(?<=[^' ])('[sS]|'[mM]|'[dD]|'ll|'LL|'re|'RE|'ve|'VE|n't|N'T|')(?=\\s|$)");
  private static final Pattern LAST_PERIOD =
      Pattern.compile("([^.\\s])(\\.)([\\])}>\"']*)(?=\\s|$)");

  private TreebankWords() {}

  static List<String> of(String text) {
    String spaced = OPENING_QUOTE.matcher(text).replaceAll("' ");
    spaced = MARKS.matcher(spaced).replaceAll(" $1 ");
    spaced = COLON_OR_COMMA.matcher(spaced).replaceAll(" $1 ");
    spaced = CONTRACTION.matcher(spaced).replaceAll(" $1");
    spaced = LAST_PERIOD.matcher(spaced).replaceAll("$1 $2 $3");
    return Stream.of(spaced.split("\\s+")).filter(word -> !word.isEmpty()).toList();
  }
}
