package dev.understudy.protocol.anthropic;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Names of tool calls as the API takes them: letters, digits, {@code _} and {@code -} only.
 *
 * <p>Another name is replaced by one made from its hash, the same in the call and in its result and
 * in every later turn, without anything being remembered.
 */
final class ToolIds {
  private static final Pattern ALLOWED = Pattern.compile("[a-zA-Z0-9_-]+");

  private ToolIds() {}

  static String write(String callId) {
    if (ALLOWED.matcher(callId).matches()) {
      return callId;
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(callId.getBytes(StandardCharsets.UTF_8));
      return "toolu_" + HexFormat.of().formatHex(hash, 0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has SHA-256
    }
  }
}
