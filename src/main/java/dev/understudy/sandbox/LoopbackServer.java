package dev.understudy.sandbox;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** An HTTP/1.1 server on loopback that can stop listening and start again on the same port. */
final class LoopbackServer implements AutoCloseable {
  /** A longer request body is refused with 413. */
  static final int BODY_BYTES_MAX = 64 << 20;

  private static final HttpDecoderConfig HEADS =
      new HttpDecoderConfig().setMaxInitialLineLength(16 << 10).setMaxHeaderSize(64 << 10);

  /** All servers of a process share two threads that do not keep it alive. */
  private static final class Loops {
    static final EventLoopGroup GROUP =
        new MultiThreadIoEventLoopGroup(
            2, new DefaultThreadFactory("sandbox", true), NioIoHandler.newFactory());
  }

  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final ServerBootstrap bootstrap;
  private final int port;
  private Channel listener;
  private boolean closed;

  /**
   * Starts listening.
   *
   * @throws IllegalStateException if the port is taken
   */
  LoopbackServer(int port, Supplier<ChannelHandler> handlers) {
    this.bootstrap =
        new ServerBootstrap()
            .group(Loops.GROUP)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childOption(ChannelOption.TCP_NODELAY, true)
            // A caller that has sent everything may close its side and still read.
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, false)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    connections.add(channel);
                    channel
                        .pipeline()
                        .addLast("codec", new HttpServerCodec(HEADS))
                        .addLast(new HttpObjectAggregator(BODY_BYTES_MAX))
                        .addLast(handlers.get());
                  }
                });
    this.listener = bind(port);
    this.port = ((InetSocketAddress) listener.localAddress()).getPort();
  }

  int port() {
    return port;
  }

  /** Closes the listening socket and every connection: connecting is refused from now on. */
  synchronized void refuse() {
    listener.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
    // The system's socket closes with the selector's next turn, a moment after the channel.
    for (int i = 0; i < 1_000 && takesConnections(); i++) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
    connections.close();
  }

  private boolean takesConnections() {
    try (var probe = new Socket()) {
      probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Listens again on the same port. */
  synchronized void accept() {
    if (!closed && !listener.isOpen()) {
      listener = bind(port);
    }
  }

  /** Refuses connections for a while; may be called on an event loop. */
  void refuseFor(int millis) {
    Thread.ofVirtual()
        .start(() -> {
          refuse();
          try {
            Thread.sleep(millis);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          accept();
        });
  }

  @Override
  public synchronized void close() {
    closed = true;
    refuse();
  }

  private Channel bind(int at) {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), at);
    var bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IllegalStateException(
          "cannot listen on 127.0.0.1:%d: %s".formatted(at, bound.cause().getMessage()));
    }
    return bound.channel();
  }
}
