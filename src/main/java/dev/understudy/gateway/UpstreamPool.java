package dev.understudy.gateway;

import dev.understudy.vendor.Endpoint;
import dev.understudy.vendor.Vendor;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;

/**
 * The connections to vendors of one event loop. A call takes one, and it comes back when the
 * response is complete; nothing here is shared between threads.
 */
final class UpstreamPool {
  /**
   * Connections that nobody uses are closed after this long; vendors drop them at about a minute.
   */
  private static final long IDLE_NANOS_MAX = Duration.ofSeconds(45).toNanos();

  /** Idle connections kept for one address. */
  private static final int IDLE_MAX = 4096;

  private static final int SCRATCH_BYTES = 64 << 10;

  /** Connections with equal keys serve the same vendor in the same way. */
  record Key(String host, int port, boolean tls, List<X509Certificate> trust) {}

  /** What hears of a connection. */
  interface Taker {
    void connected(Upstream upstream);

    void failed(String reason);
  }

  private final EventLoop loop;
  private final Flushes flushes;
  private final Transport transport;
  private final Resolver resolver;
  private final TlsContexts tls;
  private final Map<Key, ArrayDeque<Upstream>> idle = new HashMap<>();
  private final byte[] scratch = new byte[SCRATCH_BYTES];

  UpstreamPool(
      EventLoop loop, Flushes flushes, Transport transport, Resolver resolver, TlsContexts tls) {
    this.loop = loop;
    this.flushes = flushes;
    this.transport = transport;
    this.resolver = resolver;
    this.tls = tls;
    long sweepSeconds = 5;
    loop.scheduleWithFixedDelay(this::closeIdle, sweepSeconds, sweepSeconds, TimeUnit.SECONDS);
  }

  Flushes flushes() {
    return flushes;
  }

  /** A buffer for the one read that is worked off now. */
  byte[] scratch() {
    return scratch;
  }

  /** Hands over an idle connection, or makes one. {@code fresh} insists on a new one. */
  void acquire(Vendor vendor, Endpoint endpoint, Duration patience, boolean fresh, Taker taker) {
    var key = new Key(endpoint.host(), endpoint.port(), endpoint.tls(), vendor.trust());
    ArrayDeque<Upstream> free = idle.get(key);
    while (!fresh && free != null && !free.isEmpty()) {
      Upstream upstream = free.removeLast();
      if (upstream.isActive()) {
        taker.connected(upstream);
        return;
      }
    }
    resolver.resolve(
        endpoint.host(),
        loop,
        new Resolver.Answer() {
          @Override
          public void found(InetAddress address) {
            connect(key, vendor, endpoint, address, patience, taker);
          }

          @Override
          public void failed(String reason) {
            taker.failed(reason);
          }
        });
  }

  private void connect(
      Key key,
      Vendor vendor,
      Endpoint endpoint,
      InetAddress address,
      Duration patience,
      Taker taker) {
    ChannelFuture registering =
        new Bootstrap()
            .group(loop)
            .channel(transport.clientChannel())
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) patience.toMillis())
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(64 << 10, 256 << 10))
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    if (endpoint.tls()) {
                      channel.pipeline().addLast(sslHandler(channel, vendor, endpoint, patience));
                    }
                    channel.pipeline().addLast(new Upstream(channel, UpstreamPool.this, key));
                  }
                })
            .register();
    // Not the bootstrap's own connect, which is a task for later: a busy loop would look at the
    // sockets in between, and epoll calls one that is not yet connecting hung up.
    registering.addListener(_ -> {
      if (registering.isSuccess()) {
        connect(registering.channel(), new InetSocketAddress(address, endpoint.port()), taker);
      } else {
        taker.failed(Reasons.of(registering.cause()));
      }
    });
  }

  private static void connect(Channel channel, InetSocketAddress address, Taker taker) {
    ChannelFuture connecting = channel.connect(address);
    connecting.addListener(_ -> {
      if (!connecting.isSuccess()) {
        taker.failed(Reasons.of(connecting.cause()));
      } else {
        ready(connecting.channel(), taker);
      }
    });
  }

  private static void ready(Channel channel, Taker taker) {
    Upstream upstream = channel.pipeline().get(Upstream.class);
    SslHandler handshake = channel.pipeline().get(SslHandler.class);
    if (handshake == null) {
      taker.connected(upstream);
      return;
    }
    handshake
        .handshakeFuture()
        .addListener(done -> {
          if (done.isSuccess()) {
            taker.connected(upstream);
          } else {
            channel.close();
            taker.failed(Reasons.of(done.cause()));
          }
        });
  }

  private SslHandler sslHandler(
      SocketChannel channel, Vendor vendor, Endpoint endpoint, Duration patience) {
    SslHandler handler =
        tls.of(vendor).newHandler(channel.alloc(), endpoint.host(), endpoint.port());
    SSLParameters parameters = handler.engine().getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    handler.engine().setSSLParameters(parameters);
    handler.setHandshakeTimeoutMillis(patience.toMillis());
    return handler;
  }

  void release(Key key, Upstream upstream) {
    ArrayDeque<Upstream> free = idle.computeIfAbsent(key, _ -> new ArrayDeque<>());
    if (free.size() >= IDLE_MAX) {
      upstream.close();
      return;
    }
    upstream.idleSinceNanos = System.nanoTime();
    free.addLast(upstream);
  }

  void forget(Key key, Upstream upstream) {
    ArrayDeque<Upstream> free = idle.get(key);
    if (free != null) {
      free.remove(upstream);
    }
  }

  private void closeIdle() {
    long now = System.nanoTime();
    for (Iterator<ArrayDeque<Upstream>> all = idle.values().iterator(); all.hasNext(); ) {
      ArrayDeque<Upstream> free = all.next();
      while (!free.isEmpty() && now - free.getFirst().idleSinceNanos > IDLE_NANOS_MAX) {
        free.removeFirst().close();
      }
      if (free.isEmpty()) {
        all.remove();
      }
    }
  }
}
