package dev.understudy.limits;

import java.util.concurrent.CompletionStage;

/**
 * Where replicas agree on their shares of limits: the shares of all, and what silent ones used,
 * never add up to more than the limit.
 */
public interface ShareBook extends AutoCloseable {
  /** Makes a claim. The stage fails if the book cannot be reached in time. */
  CompletionStage<Grant> claim(Claim claim);

  @Override
  void close();
}
