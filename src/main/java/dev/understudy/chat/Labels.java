package dev.understudy.chat;

import java.util.Map;
import java.util.Optional;

/**
 * What is said about a call rather than in it.
 *
 * @param user the end user as the caller names it
 * @param metadata the caller's own notes
 * @param serviceTier the wished class of service, in the caller's protocol's words
 * @param cacheKey calls of one key share a prompt cache
 * @param verbosity {@code low}, {@code medium} or {@code high}
 * @param store whether the vendor may keep the answer
 */
public record Labels(
    Optional<String> user,
    Map<String, String> metadata,
    Optional<String> serviceTier,
    Optional<String> cacheKey,
    Optional<String> verbosity,
    Optional<Boolean> store) {
  public static final Labels NONE =
      new Labels(
          Optional.empty(),
          Map.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  public Labels {
    metadata = Map.copyOf(metadata);
  }
}
