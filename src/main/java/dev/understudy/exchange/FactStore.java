package dev.understudy.exchange;

import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** Keeps finished attempts, each once. Methods block; messages fit an operator. */
public interface FactStore {
  /**
   * Keeps attempts, all of them or none. What is kept already, by exchange and place, stays as it
   * is.
   *
   * @return how many were new
   * @throws IOException if they cannot be kept
   */
  int keep(List<Fact> facts) throws IOException;

  /**
   * Forgets the attempts that began before an instant, rounded down to the hour. What whole hours
   * came to stays.
   *
   * @return how many were forgotten
   * @throws IOException if that cannot be
   */
  long prune(Instant before) throws IOException;
}
