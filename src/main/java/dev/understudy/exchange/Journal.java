package dev.understudy.exchange;

import java.util.Optional;

/**
 * Takes the records of finished calls. Called on the calls' path: an implementation neither blocks
 * nor throws, and keeps what it cannot write at once within a bound.
 */
public interface Journal {
  void append(Exchange exchange);

  /**
   * The same for a call whose end waits until its record cannot be lost any more.
   *
   * @param kept is run, once and on any thread, when that is so; never if the answer is true
   * @return true if there is nothing to wait for
   */
  default boolean append(Exchange exchange, Runnable kept) {
    append(exchange);
    return true;
  }

  /**
   * Takes attempts that are over while their call goes on, so that a kill before its end does not
   * lose what they consumed. The call's own record comes later and has them too, at the same
   * places.
   *
   * @param soFar the call as it stands, with the attempts that are over
   */
  default void attempted(Exchange soFar) {}

  /** Why no call should be begun now, if records cannot be kept and must be. */
  default Optional<String> refusal() {
    return Optional.empty();
  }

  /** This journal first, for it is whom calls wait for, and then others. */
  default Journal then(Journal others) {
    Journal first = this;
    return new Journal() {
      @Override
      public void append(Exchange exchange) {
        first.append(exchange);
        others.append(exchange);
      }

      @Override
      public boolean append(Exchange exchange, Runnable kept) {
        boolean done = first.append(exchange, kept);
        others.append(exchange);
        return done;
      }

      @Override
      public void attempted(Exchange soFar) {
        first.attempted(soFar);
        others.attempted(soFar);
      }

      @Override
      public Optional<String> refusal() {
        return first.refusal();
      }
    };
  }

  /** How many characters of what was said the records are to hold, of either side; 0 for none. */
  default int contentCharsMax() {
    return 0;
  }

  /** This journal, with what was said in its records. */
  default Journal withContent(int charsMax) {
    Journal plain = this;
    return new Journal() {
      @Override
      public void append(Exchange exchange) {
        plain.append(exchange);
      }

      @Override
      public boolean append(Exchange exchange, Runnable kept) {
        return plain.append(exchange, kept);
      }

      @Override
      public void attempted(Exchange soFar) {
        plain.attempted(soFar);
      }

      @Override
      public Optional<String> refusal() {
        return plain.refusal();
      }

      @Override
      public int contentCharsMax() {
        return charsMax;
      }
    };
  }

  /** One journal that hands every record to several. */
  static Journal all(Journal... journals) {
    Journal[] each = journals.clone();
    return exchange -> {
      for (Journal journal : each) {
        journal.append(exchange);
      }
    };
  }
}
