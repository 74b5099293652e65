package dev.understudy.admin;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Undoes the encoding of pieces of addresses, and refuses what is not encoded well. */
final class Percent {
  private static final Pattern WELL = Pattern.compile("(?:[!-$&-~]|%[0-9A-Fa-f]{2})*");

  private Percent() {}

  /**
   * The text that stands for.
   *
   * @param plusIsSpace as in queries
   * @throws AdminRefusal if it is not encoded well
   */
  static String decode(String raw, boolean plusIsSpace) {
    if (!WELL.matcher(raw).matches()) {
      throw new AdminRefusal(400, "the address is not encoded well");
    }
    String decoded =
        URLDecoder.decode(plusIsSpace ? raw : raw.replace("+", "%2B"), StandardCharsets.ISO_8859_1);
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(decoded.getBytes(StandardCharsets.ISO_8859_1)))
          .toString();
    } catch (CharacterCodingException e) {
      throw new AdminRefusal(400, "the address is not encoded as UTF-8");
    }
  }
}
