package dev.understudy.rollout;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;

/** The candidate's last calls, where a hard limit is set on them. */
final class Window {
  private final Guardrail guardrail;
  private final ArrayDeque<Double> values = new ArrayDeque<>();
  private double sum;

  Window(Guardrail guardrail, Collection<Double> before) {
    this.guardrail = guardrail;
    before.forEach(this::push);
  }

  void add(double incumbent, double candidate) {
    OptionalDouble limit = guardrail.limit();
    if (limit.isEmpty()) {
      return;
    }
    push(
        switch (guardrail.metric()) {
          case ERRORS, REFUSALS, FORMAT, COST -> candidate;
          case QUALITY -> incumbent - candidate;
          case LATENCY, FIRST_TOKEN -> candidate > limit.getAsDouble() ? 1 : 0;
        });
  }

  private void push(double value) {
    values.addLast(value);
    sum += value;
    if (values.size() > guardrail.window()) {
      sum -= values.removeFirst();
    }
  }

  void clear() {
    values.clear();
    sum = 0;
  }

  /** What the mean of the window must not exceed. */
  private double bound() {
    return switch (guardrail.metric()) {
      case LATENCY, FIRST_TOKEN -> 1 - guardrail.quantile();
      case ERRORS, REFUSALS, FORMAT, COST, QUALITY ->
          guardrail.limit().orElse(Double.POSITIVE_INFINITY);
    };
  }

  /**
   * Whether the limit is passed. What has no sign can only grow, so that a candidate which only
   * fails is beyond it as soon as the calls that are yet to fill the window could no longer help.
   */
  boolean isBeyond() {
    boolean full = values.size() == guardrail.window();
    return guardrail.limit().isPresent()
        && (full || guardrail.metric() != Metric.QUALITY)
        && sum / guardrail.window() > bound() + 1e-9;
  }

  String clause() {
    double limit = guardrail.limit().orElse(0);
    double mean = sum / values.size();
    return switch (guardrail.metric()) {
      case ERRORS, REFUSALS, FORMAT ->
          "%s of the last %d calls, and %s is the limit"
              .formatted(Shares.text(mean), values.size(), Shares.text(limit));
      case QUALITY ->
          "a loss of %s points in the last %d comparisons, and %s is the limit"
              .formatted(Shares.number(100 * mean), values.size(), Shares.number(100 * limit));
      case COST ->
          "%s a call in the last %d calls, and %s is the limit"
              .formatted(Shares.number(mean), values.size(), Shares.number(limit));
      case LATENCY, FIRST_TOKEN ->
          "%s of the last %d calls took more than %s ms"
              .formatted(Shares.text(mean), values.size(), Shares.number(limit));
    };
  }

  List<Double> values() {
    return List.copyOf(new ArrayList<>(values));
  }
}
