package dev.understudy.gateway;

import dev.understudy.exchange.Exchange;
import dev.understudy.routing.Split;

/**
 * Hears how the calls of split routes went. Called on the calls' event loops: it neither blocks nor
 * throws.
 */
public interface Trials {
  /** Nobody hears of it. */
  Trials NONE =
      new Trials() {
        @Override
        public boolean wantsCopy(Split split, long session) {
          return false;
        }

        @Override
        public void served(Split split, Turn turn, long session, Exchange exchange) {}

        @Override
        public void copied(Twin twin) {}
      };

  /** Whether a call that chance has chosen for copying is to be copied. */
  boolean wantsCopy(Split split, long session);

  /**
   * A call is over that was not copied.
   *
   * @param turn whose turn it was
   * @param session what the call belongs to
   */
  void served(Split split, Turn turn, long session, Exchange exchange);

  /** A call was put to both. */
  void copied(Twin twin);
}
