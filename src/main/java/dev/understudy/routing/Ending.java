package dev.understudy.routing;

import java.time.Duration;

/** What one attempt says of its target. */
public sealed interface Ending {
  Ending CALLERS_FAULT = new CallersFault();
  Ending UNLEARNED = new Unlearned();

  /**
   * It answered.
   *
   * @param firstNanos how long the first content took; 0 if that is not known
   */
  record Answered(long firstNanos) implements Ending {}

  /** It answered that the request is wrong. */
  record CallersFault() implements Ending {}

  /**
   * It did not answer, or not as it should.
   *
   * @param waitedNanos how long was waited for it in vain; 0 if it failed at once
   * @param rest for how long it asked to be left alone; zero if it did not
   */
  record Failed(long waitedNanos, Duration rest) implements Ending {}

  /**
   * It does not let this key in now.
   *
   * @param why in a clause
   * @param rest for how long the key is to be left alone
   */
  record KeyRefused(String why, Duration rest) implements Ending {}

  /** Nothing: the caller left, or another target was quicker. */
  record Unlearned() implements Ending {}
}
