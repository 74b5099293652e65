package dev.understudy.gateway;

import java.time.Duration;

/**
 * How long, and how many, callers may keep the gateway waiting.
 *
 * @param head for the whole head of a request, from its first byte
 * @param body between two pieces of a request's body; besides, a body as a whole may take this long
 *     and a second more for every {@link #BODY_BYTES_A_SECOND}
 * @param idle on a connection between two requests
 * @param reply while not one byte of a reply is taken
 * @param connectionsMax open connections of all callers together; more are closed at once
 */
public record Patience(
    Duration head, Duration body, Duration idle, Duration reply, int connectionsMax) {
  /** The slowest a body may arrive on average. */
  static final long BODY_BYTES_A_SECOND = 1_024;

  public static final Patience USUAL =
      new Patience(
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          Duration.ofMinutes(5),
          Duration.ofMinutes(2),
          50_000);
}
