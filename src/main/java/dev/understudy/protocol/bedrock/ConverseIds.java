package dev.understudy.protocol.bedrock;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Ids of tool calls in the form Converse takes: 1 to 64 letters, digits and {@code _.:-}
 * (API_runtime_ToolUseBlock.html). Other vendors' ids may be longer; a call and its result map to
 * the same id, which is all that counts.
 */
final class ConverseIds {
  private static final Pattern ALLOWED = Pattern.compile("[a-zA-Z0-9_.:-]{1,64}");

  private ConverseIds() {}

  static String of(String callId) {
    return ALLOWED.matcher(callId).matches() ? callId : "call_" + digest(callId);
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
