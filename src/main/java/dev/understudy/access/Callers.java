package dev.understudy.access;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys that callers hold, as now in force; replaced as a whole when one changes.
 *
 * <p>A key is found by the first bytes of its digest and then compared by all of them, in constant
 * time. However many keys there are, the time is that of one. What it takes says at most whether
 * the digest of what was shown begins like that of a key; who could bring that about would need
 * 2^64 digests for it, and would know nothing of the key.
 */
public final class Callers {
  /** No key is configured: only who calls from the same machine is let in. */
  public static final Callers NONE = new Callers(Map.of());

  /** Longer keys than this are wrong without being looked at. */
  private static final int KEY_LENGTH_MAX = 4_096;

  private static final Admission FAR =
      new Admission.Refused(
          403,
          "this gateway has no keys configured, so only callers on the same machine are let in;"
              + " create one with understudy keys create, or set keys in its settings");
  private static final Admission MISSING =
      new Admission.Refused(
          401,
          "a key is needed: send it as Authorization: Bearer, x-api-key or x-goog-api-key,"
              + " whichever your protocol uses");
  private static final Admission WRONG =
      new Admission.Refused(401, "the key is not one that this gateway knows");

  private final Map<Long, List<Held>> index;
  private final List<String> names;
  private final List<Scope> scopes;
  private final Admission near;

  /**
   * One secret that opens the door, or did.
   *
   * @param until from when on it does not any more
   * @param revoked since when it does not, whatever else
   */
  public record Held(
      Digest digest, Caller caller, Optional<Instant> until, Optional<Instant> revoked) {}

  /**
   * Takes keys without limits, as a settings file has them.
   *
   * @param keys the key of each caller by the caller's name
   */
  public Callers(Map<String, String> keys) {
    this(
        keys.entrySet().stream()
            .map(key ->
                new Held(
                    Digest.of(key.getValue()),
                    Caller.ofSettings(key.getKey()),
                    Optional.empty(),
                    Optional.empty()))
            .toList(),
        Caller.loopback());
  }

  /**
   * Takes keys.
   *
   * @param loopback who calls from the same machine if there is no key at all
   */
  public Callers(Collection<Held> keys, Caller loopback) {
    index = new HashMap<>();
    for (Held key : keys) {
      index.computeIfAbsent(key.digest().start(), _ -> new ArrayList<>(1)).add(key);
    }
    names = keys.stream().map(key -> key.caller().name()).distinct().toList();
    near = new Admission.Admitted(loopback);
    var all = new LinkedHashSet<>(loopback.scopes());
    keys.forEach(key -> all.addAll(key.caller().scopes()));
    scopes = List.copyOf(all);
  }

  /** The scopes in which somebody who may be let in is counted. */
  public List<Scope> scopes() {
    return scopes;
  }

  /**
   * Decides about one call.
   *
   * @param presented the key that the call shows; empty if it shows none
   * @param loopback whether it comes from the same machine
   * @param nowMillis the time, in milliseconds since 1970
   */
  public Admission admit(String presented, boolean loopback, long nowMillis) {
    if (isEmpty()) {
      // The key is not looked at: SDKs insist on sending one, whatever it is.
      return loopback ? near : FAR;
    }
    if (presented.isEmpty()) {
      return MISSING;
    }
    if (presented.length() > KEY_LENGTH_MAX) {
      return WRONG;
    }
    Digest shown = Digest.of(presented);
    for (Held key : index.getOrDefault(shown.start(), List.of())) {
      if (key.digest().equals(shown)) {
        return decide(key, nowMillis);
      }
    }
    return WRONG;
  }

  /** About a key that is right: who shows it may know what has become of it. */
  private static Admission decide(Held key, long nowMillis) {
    if (key.revoked().isPresent()) {
      return new Admission.Refused(
          401,
          "the key was revoked at %s; ask for another".formatted(seconds(key.revoked().get())));
    }
    if (key.until().isPresent() && key.until().get().toEpochMilli() <= nowMillis) {
      return new Admission.Refused(
          401, "the key expired at %s; ask for another".formatted(seconds(key.until().get())));
    }
    return new Admission.Admitted(key.caller());
  }

  private static Instant seconds(Instant moment) {
    return moment.truncatedTo(ChronoUnit.SECONDS);
  }

  /** All keys, for a directory to go by. */
  List<Held> keys() {
    return index.values().stream().flatMap(List::stream).toList();
  }

  /** The keys' names. */
  public List<String> names() {
    return names;
  }

  /** How many keys there are, those that are over among them. */
  public int size() {
    return (int)
        index.values().stream()
            .flatMap(List::stream)
            .map(key -> key.caller().keyId())
            .distinct()
            .count();
  }

  /** Whether there is no key at all, not even one that is over. */
  public boolean isEmpty() {
    return index.isEmpty();
  }
}
