package dev.understudy.routing;

import java.util.ArrayList;
import java.util.List;

/**
 * A name that callers ask for, and who answers.
 *
 * @param serve the target that answers
 * @param fallback who is tried next, in this order
 */
public record Route(String name, Target serve, List<Target> fallback) {
  public Route {
    fallback = List.copyOf(fallback);
  }

  /** All its targets in the order they are tried. */
  public List<Target> targets() {
    var all = new ArrayList<Target>();
    all.add(serve);
    all.addAll(fallback);
    return all;
  }
}
