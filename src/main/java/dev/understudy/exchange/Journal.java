package dev.understudy.exchange;

/**
 * Takes the records of finished calls. Called on the calls' path: an implementation neither blocks
 * nor throws, and keeps what it cannot write at once within a bound.
 */
public interface Journal {
  void append(Exchange exchange);

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
