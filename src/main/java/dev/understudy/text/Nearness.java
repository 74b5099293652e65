package dev.understudy.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Finds names that somebody may have meant. */
public final class Nearness {
  /** Longer names than this are not compared: the work grows with the square. */
  public static final int LENGTH_MAX = 100;

  private static final int NAMES_MAX = 2_000;

  private Nearness() {}

  /**
   * Up to {@code count} of {@code known} that are a few letters away from {@code name}, nearest
   * first, and among equals in the order given.
   */
  public static List<String> near(String name, Stream<String> known, int count) {
    if (name.isEmpty() || name.length() > LENGTH_MAX) {
      return List.of();
    }
    String folded = name.toLowerCase(Locale.ROOT);
    int far = Math.max(1, name.length() / 3);
    record Candidate(String name, int distance) {}
    return known
        .limit(NAMES_MAX)
        .filter(k -> k.length() <= LENGTH_MAX && Math.abs(k.length() - name.length()) <= far)
        .map(k -> new Candidate(k, distance(folded, k.toLowerCase(Locale.ROOT))))
        .filter(c -> c.distance <= far)
        .sorted(Comparator.comparingInt(Candidate::distance))
        .map(Candidate::name)
        .distinct()
        .limit(count)
        .toList();
  }

  /** Names for the end of a message, such as {@code ; near: openai}; empty if none is near. */
  public static String hint(String name, Collection<String> known) {
    List<String> near = near(name, known.stream(), 3);
    return near.isEmpty() ? "" : "; near: " + String.join(", ", near);
  }

  /** A name in a message: quoted, in one line, cut where it is long. */
  public static String quoted(String name) {
    return '"' + cut(name).replaceAll("[\\p{Cntrl}\\u2028\\u2029\"]", "?") + '"';
  }

  static String cut(String name) {
    return name.length() > LENGTH_MAX ? name.substring(0, LENGTH_MAX) + "…" : name;
  }

  /** How many letters must be added, dropped, changed or swapped with their neighbour. */
  static int distance(String a, String b) {
    int[] before = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + change);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
      }
      int[] spare = before;
      before = last;
      last = row;
      row = spare;
    }
    return last[b.length()];
  }
}
