package dev.understudy.vendor;

import java.time.Duration;

/**
 * How long to wait for a vendor.
 *
 * @param connect for the connection, TLS included
 * @param firstToken from the request's last byte to the reply's first byte of content; for a reply
 *     in one piece, to the reply's head
 * @param idle between two reads of a reply
 * @param total for the whole attempt
 */
public record Timeouts(Duration connect, Duration firstToken, Duration idle, Duration total) {
  public static final Timeouts DEFAULT =
      new Timeouts(
          Duration.ofSeconds(5),
          Duration.ofSeconds(120),
          Duration.ofSeconds(120),
          Duration.ofMinutes(30));
}
