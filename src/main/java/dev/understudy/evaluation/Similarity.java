package dev.understudy.evaluation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How near two texts are, from 0 to 1, without anybody's opinion. */
final class Similarity {
  /** Longer texts are compared by their beginnings: the work grows with the product. */
  static final int LENGTH_MAX = 20_000;

  private Similarity() {}

  /** One less the letters changed, as a part of the longer text. */
  static double levenshtein(String a, String b) {
    String first = a.substring(0, Math.min(LENGTH_MAX, a.length()));
    String second = b.substring(0, Math.min(LENGTH_MAX, b.length()));
    int longer = Math.max(first.length(), second.length());
    return longer == 0 ? 1 : 1 - (double) changes(first, second) / longer;
  }

  /** Letters to add, take or change until the one text is the other. */
  static int changes(String a, String b) {
    String first = a.substring(0, Math.min(LENGTH_MAX, a.length()));
    String second = b.substring(0, Math.min(LENGTH_MAX, b.length()));
    int[] last = new int[second.length() + 1];
    int[] row = new int[second.length() + 1];
    for (int j = 0; j <= second.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= first.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= second.length(); j++) {
        int change = first.charAt(i - 1) == second.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + change);
      }
      int[] spare = last;
      last = row;
      row = spare;
    }
    return last[second.length()];
  }

  /** The harmonic mean of how many pieces of {@code n} words each has of the other's. */
  static double rougeN(String text, String wanted, int n) {
    Map<String, Integer> given = pieces(words(text), n);
    Map<String, Integer> sought = pieces(words(wanted), n);
    return harmonic(shared(given, sought), total(given), total(sought));
  }

  /** The same for the longest sequence of words that both have in this order. */
  static double rougeL(String text, String wanted) {
    List<String> given = words(text);
    List<String> sought = words(wanted);
    int[] last = new int[sought.size() + 1];
    for (String word : given) {
      int[] row = new int[sought.size() + 1];
      for (int j = 1; j <= sought.size(); j++) {
        row[j] = word.equals(sought.get(j - 1)) ? last[j - 1] + 1 : Math.max(last[j], row[j - 1]);
      }
      last = row;
    }
    return harmonic(last[sought.size()], given.size(), sought.size());
  }

  /**
   * Four lengths of pieces; from the second on one is added to both counts, as short texts need.
   */
  static double bleu(String text, String wanted) {
    List<String> given = words(text);
    List<String> sought = words(wanted);
    if (given.isEmpty() || sought.isEmpty()) {
      return 0;
    }
    double logs = 0;
    for (int n = 1; n <= 4; n++) {
      Map<String, Integer> pieces = pieces(given, n);
      double smooth = n == 1 ? 0 : 1;
      double precision =
          (shared(pieces, pieces(sought, n)) + smooth) / Math.max(1, total(pieces) + smooth);
      if (precision == 0) {
        return 0;
      }
      logs += Math.log(precision) / 4;
    }
    double brevity =
        given.size() >= sought.size() ? 1 : Math.exp(1 - (double) sought.size() / given.size());
    return brevity * Math.exp(logs);
  }

  /** The harmonic mean of how many words each has of the other's, words being the Treebank's. */
  static double rougeOfTreebank(String text, String wanted) {
    Map<String, Integer> given = pieces(TreebankWords.of(beginning(text)), 1);
    Map<String, Integer> sought = pieces(TreebankWords.of(beginning(wanted)), 1);
    return harmonic(shared(given, sought), total(given), total(sought));
  }

  /**
   * Up to four lengths of pieces, those that the text is long enough for; one that shares nothing
   * counts next to nothing.
   */
  static double bleuOfSpaced(String text, String wanted) {
    List<String> given = spaced(text);
    List<String> sought = spaced(wanted);
    if (given.getFirst().isEmpty()) {
      return 0;
    }
    int lengths = Math.min(4, given.size());
    double logs = 0;
    for (int n = 1; n <= lengths; n++) {
      Map<String, Integer> pieces = pieces(given, n);
      double precision = (double) shared(pieces, pieces(sought, n)) / total(pieces);
      logs += Math.log(precision == 0 ? 1e-7 : precision) / lengths;
    }
    double brevity =
        given.size() > sought.size() ? 1 : Math.exp(1 - (double) sought.size() / given.size());
    return brevity * Math.exp(logs);
  }

  private static List<String> spaced(String text) {
    return List.of(beginning(text).strip().split("\\s+"));
  }

  private static String beginning(String text) {
    return text.substring(0, Math.min(LENGTH_MAX, text.length())).toLowerCase(Locale.ROOT);
  }

  static List<String> words(String text) {
    var words = new ArrayList<String>();
    String cut = text.substring(0, Math.min(LENGTH_MAX, text.length()));
    for (String word : cut.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+")) {
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    return words;
  }

  private static Map<String, Integer> pieces(List<String> words, int n) {
    var pieces = new HashMap<String, Integer>();
    for (int i = 0; i + n <= words.size(); i++) {
      pieces.merge(String.join(" ", words.subList(i, i + n)), 1, Integer::sum);
    }
    return pieces;
  }

  private static int shared(Map<String, Integer> a, Map<String, Integer> b) {
    return a.entrySet().stream()
        .mapToInt(e -> Math.min(e.getValue(), b.getOrDefault(e.getKey(), 0)))
        .sum();
  }

  private static int total(Map<String, Integer> pieces) {
    return pieces.values().stream().mapToInt(Integer::intValue).sum();
  }

  private static double harmonic(double shared, double given, double sought) {
    return shared == 0 ? 0 : 2 * shared / (given + sought);
  }
}
