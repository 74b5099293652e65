package dev.understudy.sandbox;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/** Ids that look like a vendor's and follow from the request alone. */
final class Ids {
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private final byte[] seed;

  Ids(byte[] body) {
    this.seed = sha256(body);
  }

  /** Letters and digits, at most 32 of them. */
  String letters(String purpose, int length) {
    byte[] hash = hash(purpose);
    var text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(ALPHABET.charAt(Math.floorMod(hash[i], ALPHABET.length())));
    }
    return text.toString();
  }

  /** Hexadecimal digits, at most 64 of them. */
  String hex(String purpose, int length) {
    return HexFormat.of().formatHex(hash(purpose)).substring(0, length);
  }

  String uuid(String purpose) {
    String hex = hex(purpose, 32);
    return String.join(
        "-",
        hex.substring(0, 8),
        hex.substring(8, 12),
        hex.substring(12, 16),
        hex.substring(16, 20),
        hex.substring(20, 32));
  }

  private byte[] hash(String purpose) {
    byte[] name = purpose.getBytes(StandardCharsets.UTF_8);
    byte[] both = new byte[seed.length + name.length];
    System.arraycopy(seed, 0, both, 0, seed.length);
    System.arraycopy(name, 0, both, seed.length, name.length);
    return sha256(both);
  }

  /**
   * A vendor's seal over what its model thought: only that vendor can tell that the thought is its
   * own. In the alphabet of standard base64.
   */
  static String seal(String vendor, String thought) {
    byte[] mark = ("sandbox/" + vendor + "/").getBytes(StandardCharsets.UTF_8);
    byte[] hash = sha256((vendor + "\0" + thought).getBytes(StandardCharsets.UTF_8));
    byte[] all = new byte[mark.length + hash.length];
    System.arraycopy(mark, 0, all, 0, mark.length);
    System.arraycopy(hash, 0, all, mark.length, hash.length);
    return Base64.getEncoder().encodeToString(all);
  }

  /** A sealed thought that can be opened again by the vendor that sealed it. */
  static String sealed(String vendor, String thought) {
    byte[] text = thought.getBytes(StandardCharsets.UTF_8);
    return seal(vendor, thought) + "." + Base64.getEncoder().encodeToString(text);
  }

  static boolean opens(String vendor, String sealed) {
    int dot = sealed.indexOf('.');
    if (dot < 0) {
      return false;
    }
    try {
      byte[] text = Base64.getDecoder().decode(sealed.substring(dot + 1));
      return sealed(vendor, new String(text, StandardCharsets.UTF_8)).equals(sealed);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
