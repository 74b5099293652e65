package dev.understudy.protocol;

import dev.understudy.chat.ReplyEvent;
import dev.understudy.protocol.wire.Bytes;

/** Writes one streamed answer in a caller's protocol, event by event. */
public interface ReplyWriter {

  /**
   * Appends what the caller is to see of {@code event}, which may be nothing yet. {@link
   * ReplyEvent.Ended} completes the stream, {@link ReplyEvent.Broken} ends it as an error.
   */
  void write(ReplyEvent event, Bytes out);

  /** More than one target answers; the stream's end is to say so. */
  void continued(Continued by);
}
