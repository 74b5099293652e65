package dev.understudy.vendor;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A text that nobody is shown by accident. */
public final class Secret {
  private final byte[] bytes;

  public Secret(String text) {
    bytes = text.getBytes(StandardCharsets.UTF_8);
  }

  /** The text itself, for the one place that must send it. */
  public String reveal() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Length in UTF-8 bytes. */
  public int length() {
    return bytes.length;
  }

  /** Compares in a time that does not tell where the two differ. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Secret that && MessageDigest.isEqual(bytes, that.bytes);
  }

  /** The same for all: a hash of the text would say something about it. */
  @Override
  public int hashCode() {
    return 0;
  }

  @Override
  public String toString() {
    return "…";
  }
}
