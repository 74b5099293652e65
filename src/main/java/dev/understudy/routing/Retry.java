package dev.understudy.routing;

import java.time.Duration;

/**
 * How often a route tries.
 *
 * @param attempts all attempts of one call together; they go round the targets. 0: each target once
 * @param share how many tries that burden who suffers already are allowed for each call: the
 *     budget's income
 * @param burst so many of them may be saved up
 * @param backoff how long at least to wait before a target is tried again
 * @param backoffMax how long at most; a vendor that asks for more time is not tried again
 */
public record Retry(int attempts, double share, int burst, Duration backoff, Duration backoffMax) {
  public static final Retry USUAL =
      new Retry(0, 0.2, 50, Duration.ofMillis(250), Duration.ofSeconds(5));

  public Retry {
    if (attempts < 0 || !(share >= 0) || burst < 0 || backoffMax.compareTo(backoff) < 0) {
      throw new IllegalArgumentException("this rule for retries cannot be followed");
    }
  }
}
