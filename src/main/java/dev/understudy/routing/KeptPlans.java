package dev.understudy.routing;

import java.time.Instant;
import java.util.Optional;

/**
 * The plan that is to be in force at all replicas, as it was sent, and the one before.
 *
 * @param previous empty while there was none
 */
public record KeptPlans(Kept current, Optional<Kept> previous) {
  /** While nobody has sent anything. */
  public static final KeptPlans FIRST =
      new KeptPlans(new Kept(1, "", Instant.EPOCH), Optional.empty());

  /**
   * One plan.
   *
   * @param version counts up by one with every change
   * @param text as an operator sent it; empty for the settings file's own routes
   */
  public record Kept(long version, String text, Instant since) {}
}
