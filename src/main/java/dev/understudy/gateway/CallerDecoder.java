package dev.understudy.gateway;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;

/**
 * The standard decoder of requests, which refuses what it would only mend, and knows whether it is
 * in the middle of a request.
 */
final class CallerDecoder extends HttpRequestDecoder {
  private boolean midway;

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
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("content-length and transfer-encoding at once");
  }
}
