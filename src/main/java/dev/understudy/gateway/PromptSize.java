package dev.understudy.gateway;

/**
 * Reckons how many tokens a request's prompt comes to from its bytes alone: about four bytes a
 * token, except where a picture or a document stands in them as one long word, which would count a
 * hundred times over.
 */
final class PromptSize {
  /** Below this there is no picture worth looking for. */
  private static final int SMALL_BYTES = 16 << 10;

  /** No word of a text is so long. */
  private static final int WORD_MAX = 2_000;

  /** What a picture of usual size comes to with every vendor. */
  private static final long TOKENS_PER_MEDIUM = 1_600;

  /** Pages of documents and seconds of sound come to about this. */
  private static final int MEDIUM_BYTES_PER_TOKEN = 64;

  private static final boolean[] OF_BASE64 = ofBase64();

  private PromptSize() {}

  static long tokens(byte[] body, int length) {
    if (length <= SMALL_BYTES) {
      return Estimates.tokens(length);
    }
    long text = 0;
    long media = 0;
    int word = 0;
    for (int i = 0; i <= length; i++) {
      if (i < length && OF_BASE64[body[i] & 0xFF]) {
        word++;
        continue;
      }
      if (word > WORD_MAX) {
        media += TOKENS_PER_MEDIUM + word / MEDIUM_BYTES_PER_TOKEN;
      } else {
        text += word;
      }
      text++;
      word = 0;
    }
    return Estimates.tokens(text) + media;
  }

  private static boolean[] ofBase64() {
    var is = new boolean[256];
    for (char c = 0; c < 128; c++) {
      // A slash may be escaped in JSON.
      is[c] = Character.isLetterOrDigit(c) || "+/-_=\\".indexOf(c) >= 0;
    }
    return is;
  }
}
