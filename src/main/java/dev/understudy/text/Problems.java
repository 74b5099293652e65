package dev.understudy.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/** What is wrong with a file: everything found, so that it can be mended in one go. */
public final class Problems {
  /** More problems than this are counted, not kept. */
  public static final int KEPT_MAX = 100;

  /** One thing that is wrong, as a fact with its remedy, without any secret. */
  public record Problem(Place place, String message) {
    @Override
    public String toString() {
      return place + ": " + message;
    }
  }

  private final List<Problem> kept = new ArrayList<>();
  private int total;

  public void add(Place place, String message) {
    var problem = new Problem(place, message);
    if (kept.contains(problem)) {
      return;
    }
    total++;
    if (kept.size() < KEPT_MAX) {
      kept.add(problem);
    }
  }

  /** Every one that was kept, in the order of their places. */
  public void each(Consumer<Problem> use) {
    kept.stream().sorted(Comparator.comparing(Problem::place)).forEach(use);
  }

  /** How many there are, kept or not. */
  public int total() {
    return total;
  }

  public boolean isEmpty() {
    return total == 0;
  }

  /** One line for each, in the order of their places. */
  public List<String> lines() {
    var lines = new ArrayList<String>();
    kept.stream().sorted(Comparator.comparing(Problem::place)).forEach(p -> lines.add("" + p));
    if (total > kept.size()) {
      lines.add("and " + (total - kept.size()) + " more");
    }
    return lines;
  }
}
