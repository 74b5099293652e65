package dev.understudy.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * The standard decoder of requests, which refuses what it would only mend, and knows whether it is
 * in the middle of a request.
 */
final class CallerDecoder extends HttpRequestDecoder {
  private boolean midway;
  private boolean inHead = true;
  private boolean begun;
  private boolean folded;

  /** So many bytes of what is left to decode were looked at already. */
  private int looked;

  CallerDecoder(HttpDecoderConfig config) {
    super(config);
  }

  /** Whether bytes came since the last request was complete. */
  boolean isMidway() {
    return midway;
  }

  /** The request is complete. */
  void complete() {
    midway = false;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    midway = true;
    super.channelRead(context, message);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws Exception {
    if (inHead) {
      look(in);
    }
    super.decode(context, in, out);
    looked = in.readableBytes();
    for (int i = 0; i < out.size(); i++) {
      if (out.get(i) instanceof HttpMessage head) {
        inHead = false;
        if (folded && head.decoderResult().isSuccess()) {
          head.setDecoderResult(
              DecoderResult.failure(new IllegalArgumentException("a folded header")));
        }
      }
      if (out.get(i) instanceof LastHttpContent) {
        inHead = true;
        begun = false;
        folded = false;
        looked = 0;
      }
    }
  }

  /**
   * Looks for lines of a head that go on in the next. The decoder joins them, other servers take
   * them for headers of their own, and nobody writes them (RFC 9112, section 5.2).
   */
  private void look(ByteBuf in) {
    int end = in.writerIndex();
    int at = in.readerIndex() + looked;
    if (!begun) {
      // Empty lines may stand before a request.
      while (at < end && in.getByte(at) <= ' ') {
        at++;
      }
      begun = at < end;
    } else if (looked == 0) {
      // The decoder takes whole lines, so that a new one begins here.
      folded |= at < end && isSpace(in.getByte(at));
    } else {
      at--; // a line may have ended with the last byte there was
    }
    for (int feed = in.indexOf(at, end, (byte) '\n');
        feed >= 0 && feed + 1 < end;
        feed = in.indexOf(feed + 1, end, (byte) '\n')) {
      byte next = in.getByte(feed + 1);
      if (next == '\n' || (next == '\r' && feed + 2 < end && in.getByte(feed + 2) == '\n')) {
        return; // the head is over, and what follows may look as it likes
      }
      folded |= isSpace(next);
    }
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t';
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("content-length and transfer-encoding at once");
  }
}
