package dev.understudy.evaluation;

/** What an answer is measured by: its text alone, judges, its price, or several of these. */
public sealed interface Measure permits Scorer, Rubric, Price, CheckSet {}
