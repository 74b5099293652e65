package dev.understudy.sandbox;

import java.nio.charset.StandardCharsets;

/**
 * One piece of a reply's body: an event of a stream, or the whole of an unstreamed one.
 *
 * @param tokens how many tokens of the answer it carries
 */
@SuppressWarnings("ArrayRecordComponent") // written to the wire, never compared
record Frame(byte[] bytes, int tokens) {

  static Frame of(String text, int tokens) {
    return new Frame(text.getBytes(StandardCharsets.UTF_8), tokens);
  }
}
