package dev.understudy.settlement;

import dev.understudy.ledger.ExchangeRate;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** Where sales and rates of exchange are kept. Methods block; messages fit an operator. */
public interface SalesStore {

  /**
   * Keeps facts and rates, each once: all of them, or none if one contradicts what is kept.
   *
   * @param receivedAt when they were heard of
   * @throws IOException if they cannot be kept
   */
  Kept keep(List<SalesFact> facts, List<ExchangeRate> rates, Instant receivedAt) throws IOException;

  /**
   * All facts of a span, in the order of their times and names, however many they are.
   *
   * @param until not included
   */
  void each(Instant from, Instant until, Consumer<SalesFact> use) throws IOException;

  /** All rates, in the order of their days. */
  List<ExchangeRate> rates() throws IOException;

  /**
   * What became of what was to be kept.
   *
   * @param kept how many are new
   * @param known how many were there already, just so
   * @param conflicts those under whose name something else is kept; then nothing new was kept
   */
  record Kept(int kept, int known, List<String> conflicts) {
    public Kept {
      conflicts = List.copyOf(conflicts);
    }
  }
}
