package dev.understudy.protocol.openaichat;

import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Quirk;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;

/** Makes the ids of tool calls that another vendor gave fit for this one, each always the same. */
final class CallIds {
  /**
   * OpenAI refuses longer ones: "string too long. Expected a string with maximum length 40"
   * (github.com/microsoft/autogen/issues/6377, github.com/Portkey-AI/gateway/issues/1062).
   */
  static final int LENGTH_MAX = 40;

  /** Mistral: "must be a-z, A-Z, 0-9, with a length of 9". */
  private static final Pattern MISTRAL = Pattern.compile("[a-zA-Z0-9]{9}");

  private CallIds() {}

  static String fit(String id, Dialect dialect) {
    if (dialect.has(Quirk.MISTRAL_NAMES)) {
      return MISTRAL.matcher(id).matches() ? id : digest(id).substring(0, 9);
    }
    return id.length() <= LENGTH_MAX ? id : "call_" + digest(id).substring(0, 24);
  }

  private static String digest(String id) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      String text = new BigInteger(1, hash).toString(36);
      return "0".repeat(Math.max(0, 24 - text.length())) + text;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
