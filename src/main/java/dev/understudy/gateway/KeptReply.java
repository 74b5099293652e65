package dev.understudy.gateway;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ProtocolName;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.Outbound;
import dev.understudy.protocol.ReplyFold;
import dev.understudy.protocol.wire.Bytes;
import java.util.Optional;

/** The body of one reply as a caller got it, up to a bound, to be read when it is over. */
final class KeptReply {
  /** A longer reply is not compared. */
  static final int BYTES_MAX = 256 << 10;

  private final Bytes body = new Bytes(1 << 10);
  private boolean streamed;
  private boolean whole = true;

  void piece(byte[] bytes, int offset, int length, boolean ofStream) {
    streamed |= ofStream;
    if (body.size() + length > BYTES_MAX) {
      whole = false;
    } else if (whole) {
      body.write(bytes, offset, length);
    }
  }

  /** All of it; nothing if it was too long. */
  byte[] bytes() {
    return whole ? body.toByteArray() : new byte[0];
  }

  int size() {
    return body.size();
  }

  /** What was answered, in the protocol it was written in; empty if that cannot be read. */
  Optional<ChatReply> read(ProtocolName protocol) {
    if (!whole || body.size() == 0) {
      return Optional.empty();
    }
    Outbound speaking = Protocols.outbound(protocol);
    Dialect dialect = Dialect.standard("");
    try {
      if (!streamed) {
        return Optional.of(speaking.readReply(body.toByteArray(), dialect, new Losses()));
      }
      var fold = new ReplyFold();
      var reader = speaking.streamReader(dialect, fold, new Losses());
      reader.accept(body.array(), 0, body.size());
      reader.end();
      return fold.reply();
    } catch (Malformed | IllegalStateException e) {
      return Optional.empty();
    }
  }
}
