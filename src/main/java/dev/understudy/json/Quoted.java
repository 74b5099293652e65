package dev.understudy.json;

import tools.jackson.databind.node.JsonNodeFactory;

/** Writes a text as a JSON string; by itself, so that a relay gets by without the mapper. */
public final class Quoted {
  private Quoted() {}

  /** The text in UTF-8, its quotes included. */
  public static byte[] bytes(String text) {
    var plain = new byte[text.length() + 2];
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isPlain(c)) {
        return Json.bytes(JsonNodeFactory.instance.stringNode(text));
      }
      plain[i + 1] = (byte) c;
    }
    plain[0] = '"';
    plain[plain.length - 1] = '"';
    return plain;
  }

  /** Adds the text, its quotes included. */
  public static void add(String text, StringBuilder to) {
    for (int i = 0; i < text.length(); i++) {
      if (!isPlain(text.charAt(i))) {
        to.append(Json.text(JsonNodeFactory.instance.stringNode(text)));
        return;
      }
    }
    to.append('"').append(text).append('"');
  }

  private static boolean isPlain(char c) {
    return c >= ' ' && c <= '~' && c != '"' && c != '\\';
  }
}
