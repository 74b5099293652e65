package dev.understudy.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One connection to a vendor, which serves one request at a time. */
final class Upstream extends ChannelInboundHandlerAdapter implements ResponseParser.Listener {
  private final Channel channel;
  private final UpstreamPool pool;
  private final UpstreamPool.Key key;
  private final ResponseParser parser = new ResponseParser(this);
  private @Nullable UpstreamListener listener;
  private boolean used;
  long idleSinceNanos;

  Upstream(Channel channel, UpstreamPool pool, UpstreamPool.Key key) {
    this.channel = channel;
    this.pool = pool;
    this.key = key;
  }

  /** Whether the connection had served another request before. */
  boolean isUsed() {
    return used;
  }

  boolean isActive() {
    return channel.isActive();
  }

  /** Sends a request; {@code listener} hears what comes of it. */
  void send(ByteBuf request, UpstreamListener user) {
    listener = user;
    parser.expect();
    channel.write(request, channel.voidPromise());
    pool.flushes().add(channel);
  }

  ByteBuf allocate(int bytes) {
    return channel.alloc().directBuffer(bytes);
  }

  /** Stops or resumes reading, so that a slow caller slows the vendor. */
  void readable(boolean wanted) {
    channel.config().setAutoRead(wanted);
  }

  /** Whether nothing of the request waits here to go out: the vendor may have all of it. */
  boolean hasSentAll() {
    ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
    return waiting != null && waiting.totalPendingWriteBytes() == 0;
  }

  /** Nobody waits for the response any more. */
  void abandon() {
    listener = null;
    channel.close();
  }

  void close() {
    channel.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf buffer = (ByteBuf) message;
    try {
      byte[] scratch = pool.scratch();
      while (buffer.isReadable()) {
        int n = Math.min(buffer.readableBytes(), scratch.length);
        buffer.readBytes(scratch, 0, n);
        parser.accept(scratch, 0, n);
      }
    } catch (BadResponse e) {
      fail(String.valueOf(e.getMessage()), hasSentAll());
    } catch (RuntimeException e) {
      fault(e);
    } finally {
      buffer.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    UpstreamListener user = listener;
    if (user != null) {
      try {
        user.readComplete();
      } catch (RuntimeException e) {
        fault(e);
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    pool.forget(key, this);
    if (listener == null) {
      return;
    }
    try {
      parser.closed();
    } catch (BadResponse e) {
      // What had not gone out by now would have been told as an exception before.
      fail(String.valueOf(e.getMessage()), true);
    } catch (RuntimeException e) {
      fault(e);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException)) {
      System.getLogger(Upstream.class.getName())
          .log(System.Logger.Level.ERROR, "a reply failed unexpectedly", cause);
    }
    fail(Reasons.of(cause), hasSentAll());
  }

  @Override
  public void head(ResponseHead head) throws BadResponse {
    UpstreamListener user = listener;
    if (user != null) {
      user.head(head);
    }
  }

  @Override
  public void body(byte[] bytes, int offset, int length) {
    UpstreamListener user = listener;
    if (user != null) {
      user.body(bytes, offset, length);
    }
  }

  @Override
  public void end() {
    UpstreamListener user = listener;
    listener = null;
    used = true;
    if (parser.isReusable() && channel.isActive() && user != null) {
      channel.config().setAutoRead(true);
      pool.release(key, this);
    } else {
      channel.close();
    }
    if (user != null) {
      try {
        user.end();
      } catch (RuntimeException e) {
        channel.close();
        user.fault(e);
      }
    }
  }

  /** The call that hears this response failed at it: it must not wait for more that never comes. */
  private void fault(RuntimeException cause) {
    UpstreamListener user = listener;
    listener = null;
    channel.close();
    if (user != null) {
      user.fault(cause);
    }
  }

  private void fail(String reason, boolean allSent) {
    UpstreamListener user = listener;
    listener = null;
    boolean neverAnswered = !parser.hasBegun();
    channel.close();
    if (user != null) {
      user.failed(reason, neverAnswered, allSent);
    }
  }
}
