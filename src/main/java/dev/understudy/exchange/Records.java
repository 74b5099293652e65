package dev.understudy.exchange;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** The records of calls that are kept, each as JSON. Methods block; messages fit an operator. */
public interface Records {
  /**
   * One call's.
   *
   * @throws IOException if it cannot be looked up
   */
  Optional<byte[]> find(String exchange) throws IOException;

  /**
   * Those of all calls that began in a span, about in the order in which they ended.
   *
   * @param until the first instant that is no longer meant
   * @throws IOException if they cannot be read
   */
  void each(Instant from, Instant until, Consumer<byte[]> use) throws IOException;

  /**
   * Forgets calls that began before an instant; some stay a little longer, with those that came
   * after them.
   *
   * @return how many blocks of some dozens were forgotten
   * @throws IOException if that cannot be
   */
  long prune(Instant before) throws IOException;
}
