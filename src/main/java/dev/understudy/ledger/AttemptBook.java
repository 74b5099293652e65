package dev.understudy.ledger;

import dev.understudy.exchange.Fact;
import java.io.IOException;
import java.util.List;

/**
 * Takes finished calls for good: their attempts, what these cost, and the records, in one
 * transaction, each once however often it is told.
 */
public interface AttemptBook {
  /**
   * Keeps calls, all of them or none.
   *
   * @throws IOException if they cannot be kept now; the message is fit for an operator
   */
  Kept keep(List<Finished> calls) throws IOException;

  /**
   * A finished call.
   *
   * @param exchange its name
   * @param startedAtMillis when it began, in milliseconds since 1970
   * @param record all that is known of it, as JSON, without a line's end; none if it is not to be
   *     kept
   */
  @SuppressWarnings("ArrayRecordComponent") // written, never compared
  record Finished(
      String exchange,
      long startedAtMillis,
      List<Fact> attempts,
      List<Draft> costs,
      byte[] record) {}

  /**
   * What became of them.
   *
   * @param attempts how many attempts were new
   * @param entries how many entries were booked
   * @param refused why some were not booked, though they were not booked before; their attempts are
   *     kept all the same
   * @param conflicts what was booked before with another content
   */
  record Kept(int attempts, int entries, List<Refused> refused, List<String> conflicts) {}

  /** A cost that could not be booked, with the call it belongs to. */
  record Refused(String exchange, String reason) {}
}
