package dev.understudy.pricing;

import dev.understudy.chat.Usage;
import java.time.Instant;
import java.util.Optional;

/**
 * Something consumed at a vendor, as far as its price depends on it.
 *
 * @param vendor the vendor's name in the settings: negotiated prices may hold for it alone
 * @param kind the vendor's kind in the catalogue, which list prices are for
 * @param model the model as asked
 * @param replyModel the model that answered, in the vendor's words; priced first if it is known
 * @param region where it was served, as far as the way of asking says; the vendor's own word in the
 *     usage comes first
 * @param tier what the way of asking implies, such as {@code batch}; empty: as the usage says
 * @param startedAt when the request was made, which is what prices go by
 * @param endedAt when the answer was complete: some vendors go by that
 */
public record Use(
    String vendor,
    String kind,
    String model,
    Optional<String> replyModel,
    Optional<String> region,
    Optional<String> tier,
    Instant startedAt,
    Instant endedAt,
    Usage usage) {

  /** A usage of which nothing further is known. */
  public static Use of(String vendor, String kind, String model, Instant at, Usage usage) {
    return new Use(
        vendor, kind, model, Optional.empty(), Optional.empty(), Optional.empty(), at, at, usage);
  }
}
