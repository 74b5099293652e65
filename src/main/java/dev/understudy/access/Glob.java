package dev.understudy.access;

import java.util.regex.Pattern;

/**
 * A pattern for names in which {@code *} stands for any characters, none among them.
 *
 * @param text as it is written, such as {@code openai/*}
 */
public record Glob(String text) {
  private static final int LENGTH_MAX = 200;
  private static final Pattern TEXT = Pattern.compile("[!-~]+");

  public Glob {
    if (text.length() > LENGTH_MAX || !TEXT.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "a pattern has 1 to %d visible ASCII characters, such as openai/*".formatted(LENGTH_MAX));
    }
  }

  /** Whether a name fits; takes at most the product of both lengths, whatever the pattern. */
  public boolean matches(String name) {
    int at = 0;
    int in = 0;
    int star = -1;
    int resume = 0;
    while (in < name.length()) {
      if (at < text.length() && text.charAt(at) == '*') {
        star = at++;
        resume = in;
      } else if (at < text.length() && text.charAt(at) == name.charAt(in)) {
        at++;
        in++;
      } else if (star >= 0) {
        at = star + 1;
        in = ++resume;
      } else {
        return false;
      }
    }
    while (at < text.length() && text.charAt(at) == '*') {
      at++;
    }
    return at == text.length();
  }
}
