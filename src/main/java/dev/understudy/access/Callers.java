package dev.understudy.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The keys that callers hold. Only their SHA-256 digests are kept, and every one of them is
 * compared at every call, so that the time taken says nothing about any.
 */
public final class Callers {
  /** No key is configured: only who calls from the same machine is let in. */
  public static final Callers NONE = new Callers(Map.of());

  /** The name under which calls without a key are recorded. */
  public static final String LOOPBACK = "loopback";

  /** Longer keys than this are wrong without being looked at. */
  private static final int KEY_LENGTH_MAX = 4_096;

  private static final Admission ANYBODY_NEAR = new Admission.Admitted(LOOPBACK);
  private static final Admission FAR =
      new Admission.Refused(
          403,
          "this gateway has no keys configured, so only callers on the same machine are let in;"
              + " set keys in its settings");
  private static final Admission MISSING =
      new Admission.Refused(
          401,
          "a key is needed: send it as Authorization: Bearer, x-api-key or x-goog-api-key,"
              + " whichever your protocol uses");
  private static final Admission WRONG =
      new Admission.Refused(401, "the key is not one that this gateway knows");

  private final List<Key> keys;

  @SuppressWarnings("ArrayRecordComponent") // never compared as a record
  private record Key(byte[] digest, Admission.Admitted admitted) {}

  /**
   * Takes the digests of keys.
   *
   * @param keys the key of each caller by the caller's name
   */
  public Callers(Map<String, String> keys) {
    var all = new ArrayList<Key>();
    keys.forEach((name, key) -> all.add(new Key(digest(key), new Admission.Admitted(name))));
    this.keys = List.copyOf(all);
  }

  /**
   * Decides about one call.
   *
   * @param presented the key that the call shows; empty if it shows none
   * @param loopback whether it comes from the same machine
   */
  public Admission admit(String presented, boolean loopback) {
    if (keys.isEmpty()) {
      // The key is not looked at: SDKs insist on sending one, whatever it is.
      return loopback ? ANYBODY_NEAR : FAR;
    }
    if (presented.isEmpty()) {
      return MISSING;
    }
    if (presented.length() > KEY_LENGTH_MAX) {
      return WRONG;
    }
    byte[] shown = digest(presented);
    Admission decision = WRONG;
    for (Key key : keys) {
      if (MessageDigest.isEqual(key.digest, shown)) {
        decision = key.admitted;
      }
    }
    return decision;
  }

  /** The callers' names. */
  public List<String> names() {
    return keys.stream().map(key -> key.admitted.caller()).toList();
  }

  public boolean isEmpty() {
    return keys.isEmpty();
  }

  private static byte[] digest(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
