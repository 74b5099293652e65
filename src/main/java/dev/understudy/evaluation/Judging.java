package dev.understudy.evaluation;

import java.util.List;

/**
 * Who judges, and how.
 *
 * @param targets at least one; several are a panel
 * @param form how a judge is to answer
 * @param scale the best grade; the worst is 1
 * @param bothOrders whether each pair is shown twice, either answer first once; else the order is
 *     drawn for each case
 * @param majority whether a panel of several decides by majority; else by the mean
 * @param criteria what makes one answer better than another, in words for a judge
 * @param maxTokens the longest reply of a judge
 * @param labels what people said of the same answers
 */
public record Judging(
    List<String> targets,
    Form form,
    int scale,
    boolean bothOrders,
    boolean majority,
    String criteria,
    int maxTokens,
    List<Label> labels) {

  /** How a judge is to answer. */
  public enum Form {
    /** One JSON object, its reasons first. */
    JSON,
    /** Reasons and verdict between tags. */
    TAGGED,
    /** One token alone, weighed by its probability where the vendor tells it. */
    TOKEN
  }

  /**
   * What a person said.
   *
   * @param id the case
   * @param side whose answer, {@code candidate} or {@code incumbent}; empty where both were
   *     compared
   * @param says {@code candidate}, {@code incumbent} or {@code tie} of two answers; {@code pass} or
   *     {@code fail} of one
   */
  public record Label(String id, String side, String says) {}

  public Judging {
    targets = List.copyOf(targets);
    labels = List.copyOf(labels);
  }
}
