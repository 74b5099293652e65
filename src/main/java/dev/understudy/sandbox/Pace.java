package dev.understudy.sandbox;

/**
 * How fast a sandbox vendor answers.
 *
 * @param firstTokenMillis time from the request's end to the reply's first byte, 0 to 600 000
 * @param tokensPerSecond how fast a streamed answer goes on; 0 sends all of it at once
 * @param tokensPerEvent how many tokens one event of a stream carries, from 1
 * @param heartbeatMillis how often a waiting stream sends a sign of life; 0 never
 */
public record Pace(
    int firstTokenMillis, int tokensPerSecond, int tokensPerEvent, int heartbeatMillis) {

  /** At once, two tokens an event, no heartbeats. */
  public static final Pace AT_ONCE = new Pace(0, 0, 2, 0);

  public Pace {
    if (firstTokenMillis < 0 || firstTokenMillis > 600_000) {
      throw new IllegalArgumentException(
          "firstTokenMillis is %d; 0 to 600000 is possible".formatted(firstTokenMillis));
    }
    if (tokensPerSecond < 0 || tokensPerEvent < 1 || heartbeatMillis < 0) {
      throw new IllegalArgumentException(
          "tokensPerSecond and heartbeatMillis cannot be negative, tokensPerEvent is at least 1");
    }
  }

  public Pace withTokensPerSecond(int tokens) {
    return new Pace(firstTokenMillis, tokens, tokensPerEvent, heartbeatMillis);
  }
}
