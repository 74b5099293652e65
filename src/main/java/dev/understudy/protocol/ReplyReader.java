package dev.understudy.protocol;

/**
 * Reads one streamed answer as it arrives, cut anywhere, and emits its events.
 *
 * <p>A stream that breaks its own protocol is told as {@link
 * dev.understudy.chat.ReplyEvent.Broken}, never thrown; nothing is emitted after that or after
 * {@link dev.understudy.chat.ReplyEvent.Ended}.
 */
public interface ReplyReader {
  void accept(byte[] bytes, int offset, int length);

  /**
   * The body came to its end without an error of the connection. Emits the end that is still owed;
   * where the protocol's own end is missing that is {@link dev.understudy.chat.ReplyEvent.Broken}.
   */
  void end();
}
