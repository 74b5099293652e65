package dev.understudy.chat;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a call consumed.
 *
 * @param tokens by disjoint leaf
 * @param units in the order of their names: what is counted otherwise, by the vendor's own name:
 *     searches, billed units, the cost the vendor reports
 * @param serviceTier the class of service that was really given, where the vendor says so
 * @param vendorJson the vendor's own object, kept as evidence; empty when it sent none
 * @param estimated true when the vendor did not say and the tokens are our estimate
 * @param violations invariants that the vendor's object breaks, in words; empty when it adds up
 */
public record Usage(
    Tokens tokens,
    Map<String, BigDecimal> units,
    Optional<String> serviceTier,
    Optional<String> vendorJson,
    boolean estimated,
    List<String> violations) {
  public static final Usage UNSAID =
      new Usage(Tokens.NONE, Map.of(), Optional.empty(), Optional.empty(), false, List.of());

  public Usage {
    // In the order of their names: the same usage is told, and priced, in the same order each time.
    units =
        units.size() < 2 ? Map.copyOf(units) : Collections.unmodifiableMap(new TreeMap<>(units));
    violations = List.copyOf(violations);
  }

  /** Whether the vendor, or an estimate, said anything. */
  public boolean isSaid() {
    return !tokens.isEmpty() || vendorJson.isPresent();
  }
}
