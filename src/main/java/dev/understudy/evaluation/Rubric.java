package dev.understudy.evaluation;

/**
 * What judges grade an answer by.
 *
 * @param text what a good answer is, in words for a judge
 */
public record Rubric(String text) implements Measure {}
