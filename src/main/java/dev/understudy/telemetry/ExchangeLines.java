package dev.understudy.telemetry;

import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Journal;

/**
 * Spells each exchange once, on the calls' path: for the log, and for the last ones that are kept.
 *
 * <p>What is kept is the line and not the record: for the collector of garbage one array is nothing
 * beside the fifty objects of a record, a thousand of which would be carried along at every
 * collection.
 */
public final class ExchangeLines implements Journal {
  private final LogJournal log;
  private final RecentExchanges recent;
  private final boolean content;
  private final ThreadLocal<JsonBytes> scratch = ThreadLocal.withInitial(JsonBytes::new);

  /** Without what was said. */
  public ExchangeLines(LogJournal log, RecentExchanges recent) {
    this(log, recent, false);
  }

  /**
   * @param content whether what was said is spelt too
   */
  public ExchangeLines(LogJournal log, RecentExchanges recent, boolean content) {
    this.content = content;
    this.log = log;
    this.recent = recent;
  }

  /** Spells one record after another, each in the memory of the one before. One thread. */
  public static final class Speller {
    private final JsonBytes scratch = new JsonBytes();

    /** A call's record as JSON, without what was said and without a line's end. */
    public byte[] line(Exchange exchange) {
      scratch.clear();
      ExchangeLine.write(exchange, false, scratch);
      return scratch.copy();
    }
  }

  @Override
  public void append(Exchange exchange) {
    JsonBytes line = scratch.get();
    ExchangeLine.spell(exchange, content, line);
    log.append(line);
    recent.append(exchange.id(), line.bytes(), line.length());
  }
}
