package dev.understudy.access;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A key that was made for callers. Its id stays when its secret is rotated, and with it what was
 * counted.
 *
 * @param secrets the last one is the current one; earlier ones may still be taken for a while
 */
public record VirtualKey(
    String id,
    String name,
    String team,
    Map<String, String> tags,
    Terms terms,
    Instant createdAt,
    Optional<Instant> expiresAt,
    Optional<Instant> revokedAt,
    List<KeySecret> secrets) {
  static final int SECRETS_MAX = 10;
  private static final int TAGS_MAX = 50;
  private static final int TAG_VALUE_MAX = 200;

  public VirtualKey {
    Names.check("a key's", name);
    if (tags.size() > TAGS_MAX) {
      throw new IllegalArgumentException("a key has at most %d tags".formatted(TAGS_MAX));
    }
    tags.forEach((tag, value) -> {
      Names.check("a tag's", tag);
      if (value.length() > TAG_VALUE_MAX || value.chars().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException(
            "the value of tag %s has control characters or more than %d characters"
                .formatted(tag, TAG_VALUE_MAX));
      }
    });
    tags = Collections.unmodifiableMap(new TreeMap<>(tags));
    secrets = List.copyOf(secrets);
    if (secrets.isEmpty() || secrets.size() > SECRETS_MAX) {
      throw new IllegalArgumentException("a key has 1 to %d secrets".formatted(SECRETS_MAX));
    }
  }

  /** Where a key stands. */
  public enum State {
    ACTIVE,
    EXPIRED,
    REVOKED
  }

  public State state(Instant now) {
    if (revokedAt.isPresent()) {
      return State.REVOKED;
    }
    return expiresAt.isPresent() && !expiresAt.get().isAfter(now) ? State.EXPIRED : State.ACTIVE;
  }

  public VirtualKey withName(String other) {
    return new VirtualKey(id, other, team, tags, terms, createdAt, expiresAt, revokedAt, secrets);
  }

  public VirtualKey withTags(Map<String, String> other) {
    return new VirtualKey(id, name, team, other, terms, createdAt, expiresAt, revokedAt, secrets);
  }

  public VirtualKey withTerms(Terms other) {
    return new VirtualKey(id, name, team, tags, other, createdAt, expiresAt, revokedAt, secrets);
  }

  public VirtualKey withExpiry(Optional<Instant> other) {
    return new VirtualKey(id, name, team, tags, terms, createdAt, other, revokedAt, secrets);
  }

  VirtualKey revoked(Instant at) {
    return new VirtualKey(
        id, name, team, tags, terms, createdAt, expiresAt, Optional.of(at), secrets);
  }

  VirtualKey withSecrets(List<KeySecret> other) {
    return new VirtualKey(id, name, team, tags, terms, createdAt, expiresAt, revokedAt, other);
  }
}
