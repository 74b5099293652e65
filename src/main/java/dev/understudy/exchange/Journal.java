package dev.understudy.exchange;

/**
 * Takes the records of finished calls. Called on the calls' path: an implementation neither blocks
 * nor throws, and keeps what it cannot write at once within a bound.
 */
public interface Journal {
  void append(Exchange exchange);

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
