package dev.understudy.routing;

import java.util.Locale;
import java.util.Optional;

/** How a route looks at an answer before the caller gets it. */
public sealed interface Review {

  /**
   * The first targets are asked, their answer is scored, and below a threshold the others are asked
   * (FrugalGPT, arXiv 2305.05176).
   *
   * @param threshold an answer that scores less is asked for again, 0 to 1
   * @param judge who scores; empty where the form of an answer is enough
   */
  record Cascade(double threshold, Optional<RouteTarget> judge) implements Review {}

  /**
   * A second model checks the answer.
   *
   * @param checker who checks
   * @param share of the answers that are checked, 0 to 1
   * @param action what follows an objection
   */
  record Council(RouteTarget checker, double share, Action action) implements Review {}

  /** What follows an objection. */
  enum Action {
    /** The caller is told, in a header. */
    ANNOTATE,
    /** Another target of the route is asked. */
    RETRY,
    /** The checker answers itself. */
    REPLACE;

    /** As settings write it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
