package dev.understudy.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 digest of a key, which is all that is kept of it.
 *
 * <p>A digest that is slow on purpose guards secrets that people choose, because those can be
 * guessed. Our keys are 160 bits from a secure generator, and nobody tries 2^160 of them, however
 * fast; a slow digest would only be a gift to whoever sends wrong keys by the thousand.
 */
public final class Digest {
  /** Looking for who computes one takes as long as computing it, and every call shows a key. */
  private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(Digest::sha256);

  private final byte[] bytes;

  private Digest(byte[] bytes) {
    this.bytes = bytes;
  }

  public static Digest of(String key) {
    return new Digest(SHA_256.get().digest(key.getBytes(StandardCharsets.UTF_8)));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** From 64 hexadecimal digits, as {@link #hex} writes them. */
  public static Digest ofHex(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    if (bytes.length != 32) {
      throw new IllegalArgumentException("a SHA-256 digest has 64 hexadecimal digits");
    }
    return new Digest(bytes);
  }

  public String hex() {
    return HexFormat.of().formatHex(bytes);
  }

  /** The first eight bytes, for an index. */
  long start() {
    long start = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      start = (start << 8) | (bytes[i] & 0xff);
    }
    return start;
  }

  /** Compares in a time that does not tell where the two differ. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Digest that && MessageDigest.isEqual(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(start());
  }

  @Override
  public String toString() {
    return "sha-256 " + hex().substring(0, 8) + "…";
  }
}
