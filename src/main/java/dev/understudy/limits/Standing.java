package dev.understudy.limits;

import java.util.Optional;

/**
 * How a caller stands with its limits by the minute, for the headers of its replies: of several
 * scopes the one that has the least left in proportion.
 */
public record Standing(Optional<Left> requests, Optional<Left> tokens) {
  public static final Standing UNLIMITED = new Standing(Optional.empty(), Optional.empty());

  /**
   * What is left of one limit.
   *
   * @param resetSeconds until the whole limit is there again if nothing more is used
   */
  public record Left(long limit, long remaining, long resetSeconds) {}
}
