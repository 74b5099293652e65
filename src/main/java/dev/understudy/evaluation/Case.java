package dev.understudy.evaluation;

import java.util.List;
import java.util.Map;

/**
 * One question, and what a good answer looks like.
 *
 * @param id unique in its suite
 * @param turns what is asked, the last of them by the user
 * @param toolsJson tools that are offered, as the Chat protocol lists them; empty for none
 * @param checks all of them must pass for a pass
 * @param slices what the case belongs to, such as {@code language} to {@code de}
 * @param cluster cases of one cluster are alike, and count as one witness
 */
public record Case(
    String id,
    List<Turn> turns,
    String toolsJson,
    List<Check> checks,
    Map<String, String> slices,
    String cluster) {
  public Case {
    turns = List.copyOf(turns);
    checks = List.copyOf(checks);
    slices = Map.copyOf(slices);
  }

  /**
   * Whether it is in a slice.
   *
   * @param slice as {@code dimension:value}
   */
  boolean isIn(String slice) {
    int colon = slice.indexOf(':');
    return slice.substring(colon + 1).equals(slices.get(slice.substring(0, colon)));
  }

  /** Whether some check cannot be judged without a price of the answer. */
  public boolean needsPrice() {
    return checks.stream().anyMatch(Check::needsPrice);
  }
}
