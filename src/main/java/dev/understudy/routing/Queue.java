package dev.understudy.routing;

import java.time.Duration;

/**
 * How calls of a route wait where no target has room.
 *
 * @param max how many may at once
 * @param deadline how long each may
 */
public record Queue(int max, Duration deadline) {
  public Queue {
    if (max < 1 || !deadline.isPositive()) {
      throw new IllegalArgumentException("a queue holds 1 call or more, for longer than no time");
    }
  }
}
