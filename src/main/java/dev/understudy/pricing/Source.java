package dev.understudy.pricing;

import java.time.LocalDate;

/**
 * Where a price was found.
 *
 * @param name as the book calls it
 * @param where the address of a page, or the name of a document
 * @param checked when it was last looked at
 * @param mark how far it is to be trusted
 */
public record Source(String name, String where, LocalDate checked, Mark mark) {
  public enum Mark {
    /** Read in the vendor's own words, or agreed by independent witnesses of its page. */
    VERIFIED,
    /** One collection of prices says so. */
    WITNESS,
    /** Agreed between the parties. */
    CONTRACT
  }
}
