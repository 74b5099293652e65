package dev.understudy.settlement;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where statements and invoices that were made stay as they were. Methods block. */
public interface StatementStore {

  /**
   * A statement as it was made.
   *
   * @param subject the contract, or the customer of an invoice
   * @param period such as {@code 2026-10}
   * @param revision counted from 1
   * @param number of an invoice; empty for a statement
   * @param digest of its body
   * @param body what it says, as JSON
   */
  record Kept(
      Kind kind,
      String subject,
      String period,
      int revision,
      String number,
      String digest,
      String body,
      Instant madeAt) {}

  /** What is kept. */
  enum Kind {
    STATEMENT,
    INVOICE,
    CREDIT_NOTE
  }

  /** All revisions, from the first on. */
  List<Kept> revisions(Kind kind, String subject, String period) throws IOException;

  /** The last revision. */
  default Optional<Kept> last(Kind kind, String subject, String period) throws IOException {
    List<Kept> all = revisions(kind, subject, period);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
  }

  /** Everything of a kind, by number, subject, period and revision. */
  List<Kept> all(Kind kind) throws IOException;

  /**
   * The latest of a kind: by period from the last back, then subject, then revision from the last
   * back.
   *
   * @param subject the only contract or customer that is meant; empty for all
   * @param period the only period that is meant; empty for all
   * @param max so many at the most
   */
  List<Kept> latest(Kind kind, Optional<String> subject, Optional<String> period, int max)
      throws IOException;

  /** The invoice or credit note of a number. */
  Optional<Kept> numbered(String number) throws IOException;

  /**
   * Keeps a revision, unless one of the same place is kept already.
   *
   * @return what is kept in its place now, which is another one if somebody was faster
   */
  Kept keep(Kept made) throws IOException;

  /**
   * Keeps an invoice or a credit note under the next number of its series, without gaps: the number
   * is given in the transaction that keeps it.
   *
   * @param series what numbers begin with, such as {@code 2026-}
   * @param made makes it of its number
   * @return what is kept in its place now, which has an older number if it was made before
   */
  Kept number(Kind kind, String subject, String period, int revision, String series, Made made)
      throws IOException;

  /** Makes a document of its number. */
  @FunctionalInterface
  interface Made {
    Kept of(String number);
  }
}
