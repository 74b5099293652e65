package dev.understudy.sandbox;

import dev.understudy.json.Json;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.Map;
import java.util.Optional;

/**
 * A vendor that says again what vendors once said: it finds the recorded exchange by the header
 * {@code x-sandbox-exchange} or by what the request says, and replies with the recorded status,
 * headers and bytes.
 *
 * <p>A reply names its exchange in {@code x-sandbox-exchange}; a request that nobody recorded gets
 * a 404.
 */
public final class RecordedServer implements AutoCloseable {
  private final Recordings recordings;
  private final int pieceBytes;
  private final LoopbackServer server;

  private RecordedServer(Recordings recordings, int port, int pieceBytes) {
    this.recordings = recordings;
    this.pieceBytes = pieceBytes;
    this.server = new LoopbackServer(port, Replay::new);
  }

  /** Starts on any free port; each body is one piece. */
  public static RecordedServer start(Recordings recordings) {
    return start(recordings, 0, Integer.MAX_VALUE);
  }

  /**
   * Starts on a port, 0 for any.
   *
   * @param pieceBytes streamed bodies are written in pieces of so many bytes, from 1
   */
  public static RecordedServer start(Recordings recordings, int port, int pieceBytes) {
    if (pieceBytes < 1) {
      throw new IllegalArgumentException("pieceBytes is %d; at least 1".formatted(pieceBytes));
    }
    return new RecordedServer(recordings, port, pieceBytes);
  }

  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.close();
  }

  private final class Replay extends SimpleChannelInboundHandler<FullHttpRequest> {

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
      boolean keepAlive = HttpUtil.isKeepAlive(request);
      String id = request.headers().get("x-sandbox-exchange", "");
      Optional<RecordedExchange> found =
          id.isEmpty()
              ? recordings.matching(request.uri(), ByteBufUtil.getBytes(request.content()))
              : recordings.byId(id);
      if (found.isPresent()) {
        RecordedExchange exchange = found.get();
        boolean framed = exchange.stream() && exchange.status() < 400;
        var headers = exchange.replyHeaders();
        write(ctx, exchange.status(), headers, exchange.reply(), framed, exchange.id(), keepAlive);
      } else {
        String message = "sandbox: no recorded exchange matches this request to " + request.uri();
        byte[] body = Json.bytes(Json.object().put("error", message));
        write(ctx, 404, Map.of("content-type", "application/json"), body, false, "", keepAlive);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }

    private void write(
        ChannelHandlerContext ctx,
        int status,
        Map<String, String> headers,
        byte[] body,
        boolean chunked,
        String id,
        boolean keepAlive) {
      var response =
          new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
      headers.forEach((name, value) -> response.headers().set(name, value.strip()));
      response.headers().set("x-sandbox", "true");
      if (!id.isEmpty()) {
        response.headers().set("x-sandbox-exchange", id);
      }
      if (chunked) {
        HttpUtil.setTransferEncodingChunked(response, true);
      } else {
        HttpUtil.setContentLength(response, body.length);
      }
      HttpUtil.setKeepAlive(response, keepAlive);
      ctx.write(response);
      int piece = chunked ? pieceBytes : Integer.MAX_VALUE;
      for (int from = 0; from < body.length; from += Math.min(piece, body.length - from)) {
        int length = Math.min(piece, body.length - from);
        ctx.write(new DefaultHttpContent(Unpooled.wrappedBuffer(body, from, length)));
        if (length < body.length) {
          ctx.flush();
        }
      }
      var written = ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
      if (!keepAlive) {
        written.addListener(ChannelFutureListener.CLOSE);
      }
    }
  }
}
