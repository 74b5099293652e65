package dev.understudy.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How much of a model's answers to different questions is one and the same text, told by shared
 * runs of words, so that a name or number put into it hides nothing.
 */
final class Sameness {
  /** Shorter answers have too few runs of words to be near to one another. */
  private static final int WORDS_MIN = 3;

  private static final int SHINGLE = 3;

  /** Marks kept of each answer; the share that two have in common estimates what they share. */
  private static final int MARKS = 48;

  /** Answers with so much in common are near-identical. */
  private static final double NEAR = 0.6;

  /** Answers that stand for all: each is compared with every other. */
  private static final int COMPARED_MAX = 1_000;

  private Sameness() {}

  /** The share of the answers that are the commonest one, word for word, be it one word or none. */
  static double exact(List<String> answers) {
    var counts = new HashMap<List<String>, Integer>();
    int most = 0;
    for (String answer : answers) {
      most = Math.max(most, counts.merge(Similarity.words(answer), 1, Integer::sum));
    }
    return answers.isEmpty() ? 0 : (double) most / answers.size();
  }

  /** The share of the answers that belong to the largest crowd of near-identical ones. */
  static double of(List<String> answers) {
    var marks = new ArrayList<int[]>();
    int step = Math.max(1, answers.size() / COMPARED_MAX);
    int seen = 0;
    for (int i = 0; i < answers.size(); i += step) {
      seen++;
      List<String> words = Similarity.words(answers.get(i));
      if (words.size() >= WORDS_MIN) {
        marks.add(marks(words));
      }
    }
    if (marks.isEmpty()) {
      return 0;
    }
    // One answer of the crowd finds the others; which one it is does not matter.
    int most = 0;
    Set<Integer> placed = new HashSet<>();
    for (int i = 0; i < marks.size(); i++) {
      if (placed.contains(i)) {
        continue;
      }
      int crowd = 0;
      for (int j = 0; j < marks.size(); j++) {
        if (common(marks.get(i), marks.get(j)) >= NEAR) {
          crowd++;
          placed.add(j);
        }
      }
      most = Math.max(most, crowd);
    }
    return (double) most / seen;
  }

  /** The least of each of many hashes over all runs of words (Broder 1997). */
  private static int[] marks(List<String> words) {
    int[] marks = new int[MARKS];
    Arrays.fill(marks, Integer.MAX_VALUE);
    for (int i = 0; i + SHINGLE <= words.size(); i++) {
      int hash = words.subList(i, i + SHINGLE).hashCode();
      for (int m = 0; m < MARKS; m++) {
        marks[m] = Math.min(marks[m], mixed(hash, m));
      }
    }
    return marks;
  }

  private static int mixed(int hash, int salt) {
    long x = hash * 0x9E3779B97F4A7C15L + salt * 0xC2B2AE3D27D4EB4FL;
    x = (x ^ (x >>> 30)) * 0xBF58476D1CE4E5B9L;
    x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
    return (int) (x ^ (x >>> 31));
  }

  private static double common(int[] a, int[] b) {
    int same = 0;
    for (int i = 0; i < MARKS; i++) {
      same += a[i] == b[i] ? 1 : 0;
    }
    return (double) same / MARKS;
  }
}
