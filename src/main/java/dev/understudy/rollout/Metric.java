package dev.understudy.rollout;

import java.util.Arrays;
import java.util.Optional;

/** What a candidate is compared by. */
public enum Metric {
  /** Whether the target failed to answer: refused, unreached, or broken off. */
  ERRORS("errors", false),
  /** Whether the answer refuses what was asked. */
  REFUSALS("refusals", false),
  /** Whether the answer is not in the form that was asked for: no JSON, or no such tool. */
  FORMAT("format", false),
  /** What the suite's scorers or a judge make of the answer; from 0 to 1, more is better. */
  QUALITY("quality", false),
  /** Milliseconds to the end of the answer. */
  LATENCY("latency", true),
  /** Milliseconds to the first byte of the answer. */
  FIRST_TOKEN("first-token", true),
  /** What the answer cost, in the currency of the price books. */
  COST("cost", true);

  private final String word;
  private final boolean quantile;

  Metric(String word, boolean quantile) {
    this.word = word;
    this.quantile = quantile;
  }

  /** As settings, JSON and pages write it. */
  public String word() {
    return word;
  }

  /** Whether a quantile of it is compared, as a ratio; else its mean, as a difference in points. */
  public boolean isQuantile() {
    return quantile;
  }

  /** Whether it is read out of what was said; else out of the call's record. */
  boolean isRead() {
    return this == REFUSALS || this == FORMAT || this == QUALITY;
  }

  /** Whether more of it is worse. */
  boolean isHarm() {
    return this != QUALITY;
  }

  /** The metric of that word. */
  public static Optional<Metric> of(String word) {
    return Arrays.stream(values()).filter(metric -> metric.word.equals(word)).findFirst();
  }
}
