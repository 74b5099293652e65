package dev.understudy.access;

import java.time.Instant;
import java.util.Optional;

/**
 * One secret of a key, of which only the digest is kept.
 *
 * @param hint how the key's text begins, to tell one from another
 * @param until from when on it is no longer taken; empty: as long as the key
 */
public record KeySecret(Digest digest, String hint, Instant createdAt, Optional<Instant> until) {
  KeySecret until(Instant end) {
    return new KeySecret(digest, hint, createdAt, Optional.of(end));
  }

  boolean isOver(Instant now) {
    return until.isPresent() && !until.get().isAfter(now);
  }
}
