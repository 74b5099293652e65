package dev.understudy.access;

import java.security.SecureRandom;

/**
 * A key as its holder writes it, {@code us-<id>-<secret>}, shown once. The id tells which key a
 * text is without telling the key; the secret has 160 bits from a secure generator.
 */
public final class KeyText {
  /** Without letters that are taken for one another. */
  private static final char[] LETTERS = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();

  private static final int ID_LENGTH = 10;
  private static final int SECRET_LENGTH = 32;
  private static final int SHOWN = 4;

  private final String id;
  private final String secret;

  private KeyText(String id, String secret) {
    this.id = id;
    this.secret = secret;
  }

  static String freshId(SecureRandom random) {
    return letters(random, ID_LENGTH);
  }

  static KeyText fresh(String id, SecureRandom random) {
    return new KeyText(id, letters(random, SECRET_LENGTH));
  }

  private static String letters(SecureRandom random, int count) {
    var text = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      text.append(LETTERS[random.nextInt(LETTERS.length)]);
    }
    return text.toString();
  }

  /** The whole of it, for the one reply that shows it. */
  public String reveal() {
    return "us-" + id + "-" + secret;
  }

  /** How it begins; 20 bits of the secret, so that two of one key can be told apart. */
  String hint() {
    return "us-" + id + "-" + secret.substring(0, SHOWN) + "…";
  }

  Digest digest() {
    return Digest.of(reveal());
  }

  @Override
  public String toString() {
    return hint();
  }
}
