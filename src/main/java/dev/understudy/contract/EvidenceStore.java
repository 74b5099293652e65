package dev.understudy.contract;

import java.io.IOException;
import java.util.List;

/** Keeps what happened, in the order in which it was taken down. Methods block. */
public interface EvidenceStore {
  /** So many are read at once. */
  int PAGE = 1_000;

  /**
   * Adds one, if it is the next.
   *
   * @return false if another was added before, which is then to be read first
   * @throws IOException if it cannot be kept; the message is fit for an operator
   */
  boolean add(Logged next) throws IOException;

  /**
   * Those after a number, at most {@link #PAGE}, in order.
   *
   * @throws IOException if they cannot be read
   */
  List<Logged> after(long number) throws IOException;
}
