package dev.understudy.telemetry;

import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Journal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Keeps the last exchanges in memory, for a look at what just happened. */
public final class RecentExchanges implements Journal {
  public static final int KEPT = 1_000;

  private final AtomicReferenceArray<Exchange> ring;
  private final AtomicLong next = new AtomicLong();

  public RecentExchanges() {
    this(KEPT);
  }

  RecentExchanges(int kept) {
    ring = new AtomicReferenceArray<>(kept);
  }

  @Override
  public void append(Exchange exchange) {
    ring.set((int) (next.getAndIncrement() % ring.length()), exchange);
  }

  /** The last ones as {@code {"exchanges":[…]}}, the newest first; each as in the log. */
  public byte[] json(int limit) {
    var out = new JsonBytes();
    out.open('{');
    out.member("exchanges");
    out.open('[');
    for (Exchange exchange : newestFirst(limit)) {
      ExchangeLine.write(exchange, out);
    }
    out.close(']');
    out.close('}');
    out.newline();
    return out.copy();
  }

  /** The exchange of that name, if it is still kept. */
  public Optional<byte[]> json(String id) {
    for (Exchange exchange : newestFirst(ring.length())) {
      if (exchange.id().equals(id)) {
        var out = new JsonBytes();
        ExchangeLine.write(exchange, out);
        out.newline();
        return Optional.of(out.copy());
      }
    }
    return Optional.empty();
  }

  private List<Exchange> newestFirst(int limit) {
    var found = new ArrayList<Exchange>();
    long end = next.get();
    for (long i = end - 1; i >= Math.max(0, end - ring.length()) && found.size() < limit; i--) {
      Exchange exchange = ring.get((int) (i % ring.length()));
      // A slot is empty for the moment between its number and its record.
      if (exchange != null) {
        found.add(exchange);
      }
    }
    return found;
  }
}
