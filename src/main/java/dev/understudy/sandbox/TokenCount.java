package dev.understudy.sandbox;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The sandbox's tokenizer: four characters are a token. */
final class TokenCount {
  static final int CHARACTERS = 4;

  /** A string longer than this is taken for a picture or a file, which counts as much. */
  private static final int BLOB_CHARACTERS = 100_000;

  private static final int BLOB_TOKENS = 1_000;

  private TokenCount() {}

  static int of(String text) {
    return (text.codePointCount(0, text.length()) + CHARACTERS - 1) / CHARACTERS;
  }

  /** The tokens of all strings and member names within. */
  static int of(JsonNode node) {
    if (node.isString()) {
      String text = node.stringValue();
      return text.length() > BLOB_CHARACTERS ? BLOB_TOKENS : of(text);
    }
    int sum = 0;
    if (node.isObject()) {
      for (var member : node.properties()) {
        sum += of(member.getValue());
      }
    } else {
      for (JsonNode item : node) {
        sum += of(item);
      }
    }
    return sum;
  }

  /** The text in pieces of so many tokens; none for the empty text. */
  static List<String> pieces(String text, int tokensEach) {
    var pieces = new ArrayList<String>();
    int from = 0;
    while (from < text.length()) {
      int left = text.codePointCount(from, text.length());
      int to = text.offsetByCodePoints(from, Math.min(left, tokensEach * CHARACTERS));
      pieces.add(text.substring(from, to));
      from = to;
    }
    return pieces;
  }

  /** As much of the text as so many tokens hold. */
  static String first(String text, int tokens) {
    if (of(text) <= tokens) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, Math.max(0, tokens) * CHARACTERS));
  }
}
