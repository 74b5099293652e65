package dev.understudy.sandbox;

/**
 * What a sandbox vendor allows in a minute; 0 sets no limit.
 *
 * @param requests calls a minute
 * @param tokens tokens a minute, in and out
 * @param provisioned tokens a minute of a provisioned deployment, which says how much is in use
 *     instead of what is left
 * @param left the share that is left in the beginning, in percent
 */
public record RateLimit(long requests, long tokens, long provisioned, int left) {
  /** Allows everything. */
  public static final RateLimit NONE = new RateLimit(0, 0, 0, 100);

  public RateLimit {
    if (requests < 0 || tokens < 0 || provisioned < 0 || left < 0 || left > 100) {
      throw new IllegalArgumentException("limits cannot be negative, and left is 0 to 100 percent");
    }
  }

  public static RateLimit requests(long perMinute) {
    return new RateLimit(perMinute, 0, 0, 100);
  }

  public static RateLimit tokens(long perMinute) {
    return new RateLimit(0, perMinute, 0, 100);
  }

  public static RateLimit provisioned(long tokensPerMinute) {
    return new RateLimit(0, 0, tokensPerMinute, 100);
  }

  public RateLimit withLeft(int percent) {
    return new RateLimit(requests, tokens, provisioned, percent);
  }
}
