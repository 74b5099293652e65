package dev.understudy.evaluation;

/** Puts questions to targets. */
public interface Asker {
  /** Asks, and waits for the whole answer; called on a virtual thread, by many at once. */
  Answer ask(Question question) throws InterruptedException;
}
