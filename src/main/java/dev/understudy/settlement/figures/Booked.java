package dev.understudy.settlement.figures;

import dev.understudy.exchange.Facts;
import dev.understudy.money.Money;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** What was sold, as it was booked. */
public interface Booked {
  /** Nothing. */
  Booked NONE =
      new Booked() {
        @Override
        public List<Sale> between(Instant from, Instant until) {
          return List.of();
        }

        @Override
        public boolean pays(String customer, Facts.Group group) {
          return false;
        }
      };

  /**
   * One booking.
   *
   * @param owner whose account of revenue it stands on: a customer, a product, a contract
   * @param customer whether the owner is a customer who pays for calls
   * @param at the time to which it belongs; an invoice's is the end of its month
   * @param amount below zero for what was given back
   */
  record Sale(String owner, boolean customer, Instant at, Money amount) {}

  /** Those of a span. */
  List<Sale> between(Instant from, Instant until) throws IOException;

  /** Whether a customer is charged for calls. */
  boolean pays(String customer, Facts.Group group);
}
