package dev.understudy.evaluation;

/** What one judge made of one question. */
public sealed interface Heard {
  /**
   * An answer in the wanted form.
   *
   * @param value a grade from 0 to 1, or how likely the answer shown first is the better one
   */
  record Said(double value) implements Heard {}

  /** None, or one that is not in the wanted form: it counts for nobody. */
  record Nothing(String why) implements Heard {}
}
