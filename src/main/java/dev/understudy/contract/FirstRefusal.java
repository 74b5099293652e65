package dev.understudy.contract;

import java.math.BigDecimal;

/**
 * A right to take what a third party offers, on its terms, before the third party does.
 *
 * @param id the clause's id
 * @param holder who has the right
 * @param grantor who must offer
 * @param noticeDays for an answer, counted from the day the notice counts as received
 * @param tolerancePercent so much above the offered price still counts as matched
 * @param partial whether a part may be taken
 * @param unitsMin of a part
 * @param silence what no answer means
 * @param recheck whether terms that change are a new offer
 */
public record FirstRefusal(
    String id,
    Party holder,
    Party grantor,
    Of of,
    Scope scope,
    Span window,
    int noticeDays,
    BigDecimal tolerancePercent,
    boolean partial,
    BigDecimal unitsMin,
    Silence silence,
    boolean recheck) {
  /** What is offered. */
  public enum Of {
    CAPACITY,
    RESALE,
    ACQUISITION
  }

  /** What it means when nobody answers in time. */
  public enum Silence {
    WAIVED,
    LAPSED
  }
}
