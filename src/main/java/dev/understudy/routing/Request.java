package dev.understudy.routing;

import dev.understudy.chat.Feature;
import java.util.Set;

/**
 * What routes may know of a request.
 *
 * @param caller the name of the key that was used
 * @param team what the key belongs to; empty if it belongs to none
 * @param tags of the key and of the request
 * @param features what it asks of a model
 * @param bytes size of its body
 * @param region where it is to be answered; empty if anywhere
 * @param session a number that calls of one session share; 0 if it is in none
 * @param gain what the strong target of the route's router is expected to add; not a number where
 *     the route has none, or it cannot be estimated
 * @param delivery how its answer is to come
 */
public record Request(
    String caller,
    String team,
    Set<String> tags,
    Set<Feature> features,
    long bytes,
    String region,
    long session,
    double gain,
    Delivery delivery) {
  /** English text and code come to about four bytes a token with the vendors' tokenizers. */
  private static final long BYTES_PER_TOKEN = 4;

  public Request {
    tags = Set.copyOf(tags);
    features = Set.copyOf(features);
  }

  /** A request whose gain is not known, for an answer in one piece. */
  public Request(
      String caller,
      String team,
      Set<String> tags,
      Set<Feature> features,
      long bytes,
      String region,
      long session) {
    this(caller, team, tags, features, bytes, region, session, Double.NaN, Delivery.WHOLE);
  }

  /** Roughly how many tokens its body comes to. */
  public long tokens() {
    return bytes / BYTES_PER_TOKEN;
  }
}
