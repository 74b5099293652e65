package dev.understudy.vendor;

import java.nio.charset.StandardCharsets;

/**
 * Percent-encoding of text that stands in a path, so that a model's name cannot leave its place.
 */
public final class PathSegment {
  private PathSegment() {}

  /** Everything but unreserved characters of RFC 3986 and the colon is encoded, the slash too. */
  public static String encode(String text) {
    var out = new StringBuilder(text.length() + 8);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      if ((c >= 'a' && c <= 'z')
          || (c >= 'A' && c <= 'Z')
          || (c >= '0' && c <= '9')
          || c == '-'
          || c == '_'
          || c == '~'
          || c == ':'
          || (c == '.' && !isDots(text))) {
        out.append(c);
      } else {
        out.append('%').append(HEX[c >> 4]).append(HEX[c & 15]);
      }
    }
    return out.toString();
  }

  /** Whether a part of the text between slashes is one or two dots. */
  static boolean climbs(String text) {
    for (String part : text.split("[/\\\\]", -1)) {
      if (isDots(part)) {
        return true;
      }
    }
    return false;
  }

  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private static boolean isDots(String text) {
    return text.equals(".") || text.equals("..");
  }
}
