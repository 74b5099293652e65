package dev.understudy.settlement;

import dev.understudy.contract.MoneyTerms.CapacityClause;
import dev.understudy.exchange.Facts;
import java.util.Optional;

/**
 * Tells what was served inside capacity that is paid by the hour from what the same target served
 * beyond it, at the usual price: the one rule of statements, figures and exports.
 *
 * <p>Whoever serves beyond what was bought says so on each reply: Vertex AI by {@code trafficType}
 * (cloud.google.com/vertex-ai/generative-ai/docs/provisioned-throughput/use-provisioned-throughput),
 * Anthropic by {@code service_tier} (docs.anthropic.com/en/api/service-tiers). Where a reply says
 * nothing, it counts as inside.
 */
public final class Inside {
  private Inside() {}

  /**
   * Whether a reply says that it was served at the usual price, though capacity was bought.
   *
   * @param kind the vendor's kind in the catalogue
   * @param tier the class of service that was given; empty if that is not known
   */
  public static boolean isOnDemand(String kind, String tier) {
    return switch (kind) {
      // Also ON_DEMAND_PRIORITY and ON_DEMAND_FLEX.
      case "vertex" -> tier.startsWith("ON_DEMAND");
      case "anthropic" -> tier.equals("standard") || tier.equals("batch");
      default -> false;
    };
  }

  /**
   * The class of service that a reply names if it was served inside; empty where replies name none.
   *
   * @param kind the vendor's kind in the catalogue
   */
  public static Optional<String> tier(String kind) {
    return switch (kind) {
      case "vertex" -> Optional.of("PROVISIONED_THROUGHPUT");
      case "anthropic" -> Optional.of("priority");
      default -> Optional.empty();
    };
  }

  /** Whether a clause's capacity served it. */
  static boolean serves(CapacityClause clause, Facts.Group group) {
    return clause.serves(group.vendor(), group.kind(), group.model())
        && !isOnDemand(group.kind(), group.tier());
  }
}
