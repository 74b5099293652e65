package dev.understudy.exchange;

import java.util.Map;

/**
 * Who called, as records name it.
 *
 * @param name the key's name, for people; {@code loopback} where no key was needed
 * @param keyId names the key for good
 * @param team the team the key belongs to
 * @param organisation the organisation the team belongs to
 * @param tags what is said of the key, for sharing costs out
 */
public record CallerName(
    String name, String keyId, String team, String organisation, Map<String, String> tags) {
  public CallerName {
    tags = Map.copyOf(tags);
  }
}
