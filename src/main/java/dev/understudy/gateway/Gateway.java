package dev.understudy.gateway;

import dev.understudy.access.Callers;
import dev.understudy.capacity.Capacity;
import dev.understudy.evaluation.Asker;
import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Journal;
import dev.understudy.exchange.Purpose;
import dev.understudy.limits.Currencies;
import dev.understudy.limits.Limiter;
import dev.understudy.limits.Sizes;
import dev.understudy.limits.Tariff;
import dev.understudy.pricing.Prices;
import dev.understudy.routing.Health;
import dev.understudy.routing.Plan;
import dev.understudy.routing.Split;
import dev.understudy.routing.Splits;
import dev.understudy.vendor.Vendors;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.IdentityHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The callers' door: listens, and answers calls until it is closed. */
public final class Gateway implements AutoCloseable {
  private static final int REQUEST_LINE_MAX = 16 << 10;
  private static final int PIECE_BYTES_MAX = 64 << 10;

  /** For telling callers that the gateway stops: a moment, unless a loop is stuck. */
  private static final Duration TELLING_MAX = Duration.ofSeconds(1);

  private final MultiThreadIoEventLoopGroup loops;
  private final Transport transport;
  private final Channel listener;
  private final IdentityHashMap<EventExecutor, LoopState> states = new IdentityHashMap<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final Service service;
  private final Health health = new Health(System::nanoTime);
  private final AtomicLong version = new AtomicLong(1);
  private final Prober prober;
  private volatile Service.Live live;

  /**
   * How the gateway is to run.
   *
   * @param host the address to listen on
   * @param port the port to listen on; 0 takes any that is free
   * @param threads event loops; a call stays on one
   * @param bodyBytesMax the largest body of a request, in bytes
   * @param headerBytesMax all headers of a request together, in bytes
   * @param callsMax calls served at once
   * @param patience how long callers may keep it waiting
   */
  public record Settings(
      String host,
      int port,
      int threads,
      long bodyBytesMax,
      int headerBytesMax,
      int callsMax,
      Patience patience) {

    /** With the usual patience. */
    public Settings(
        String host, int port, int threads, long bodyBytesMax, int headerBytesMax, int callsMax) {
      this(host, port, threads, bodyBytesMax, headerBytesMax, callsMax, Patience.USUAL);
    }
  }

  /**
   * Starts listening; no other room has a say.
   *
   * @throws IOException if the address cannot be listened on
   */
  public Gateway(
      Settings settings,
      Plan plan,
      Vendors vendors,
      Callers callers,
      Journal journal,
      InstantSource clock)
      throws IOException {
    this(settings, plan, vendors, callers, journal, clock, Gateway.Limits.none(), Counsel.NONE);
  }

  /**
   * Starts listening, for callers without limits.
   *
   * @param capacity how much vendors still take
   * @throws IOException if the address cannot be listened on
   */
  public Gateway(
      Settings settings,
      Plan plan,
      Vendors vendors,
      Callers callers,
      Journal journal,
      InstantSource clock,
      Capacity capacity)
      throws IOException {
    this(
        settings,
        plan,
        vendors,
        callers,
        journal,
        clock,
        Gateway.Limits.none(),
        Counsel.NONE,
        capacity);
  }

  /**
   * Starts listening, without a word on what vendors still take.
   *
   * @throws IOException if the address cannot be listened on
   */
  public Gateway(
      Settings settings,
      Plan plan,
      Vendors vendors,
      Callers callers,
      Journal journal,
      InstantSource clock,
      Limits limits,
      Counsel counsel)
      throws IOException {
    this(
        settings,
        plan,
        vendors,
        callers,
        journal,
        clock,
        limits,
        counsel,
        new Capacity(Capacity.EMPTY, clock));
  }

  /** What callers' limits and budgets are held by. */
  public record Limits(Limiter limiter, Tariff tariff) {
    /** For a gateway whose callers have none; should one have them, they hold for this process. */
    static Limits none() {
      return new Limits(Limiter.ofProcess(), new Tariff(() -> Prices.NONE, Currencies.USD));
    }
  }

  /**
   * Starts listening.
   *
   * @param limits what callers' limits and budgets are held by
   * @param counsel what other rooms say of calls
   * @param capacity how much vendors still take
   * @throws IOException if the address cannot be listened on
   */
  public Gateway(
      Settings settings,
      Plan plan,
      Vendors vendors,
      Callers callers,
      Journal journal,
      InstantSource clock,
      Limits limits,
      Counsel counsel,
      Capacity capacity)
      throws IOException {
    live = new Service.Live(plan, vendors, callers, 1, Splits.NONE);
    transport = Transport.best();
    loops = new MultiThreadIoEventLoopGroup(settings.threads(), transport.handlers());
    service =
        new Service(
            () -> live,
            journal,
            new Service.Limits(
                settings.bodyBytesMax(),
                settings.callsMax(),
                Runtime.getRuntime().maxMemory() / 2,
                settings.patience()),
            new OwnedReplies(),
            new AtomicInteger(),
            new AtomicLong(),
            clock,
            health,
            health.signals(
                target ->
                    Math.min(
                        counsel.headrooms().of(target),
                        capacity.headroom(target.vendor(), target.model(), Capacity.now())),
                counsel.prices()),
            new RetryBudgets(),
            Gate.all(
                new ReachGate(),
                new ContractGate(counsel.rules()),
                counsel.gate(),
                new SpillGate(counsel.rules(), counsel.prices()),
                new CapacityGate(capacity)),
            counsel.rules(),
            new Turnstile.Rules(limits.limiter(), limits.tariff(), new Sizes()),
            capacity,
            new Copies(),
            counsel.models());
    service.copies().begin(service);
    var resolver = new Resolver();
    var tls = new TlsContexts();
    for (EventExecutor loop : loops) {
      EventLoop eventLoop = (EventLoop) loop;
      var flushes = new Flushes(eventLoop);
      states.put(
          loop,
          new LoopState(
              eventLoop,
              new UpstreamPool(eventLoop, flushes, transport, resolver, tls),
              flushes,
              capacity));
    }
    var config =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(REQUEST_LINE_MAX)
            .setMaxHeaderSize(settings.headerBytesMax())
            .setMaxChunkSize(PIECE_BYTES_MAX)
            .setStrictLineParsing(true)
            .setUseRfc9112TransferEncoding(true);
    prober = new Prober(() -> live, health, () -> states.get(loops.iterator().next()));
    listener =
        bind(
            new ServerBootstrap()
                .group(loops)
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_BACKLOG, 8192)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(
                    ChannelOption.WRITE_BUFFER_WATER_MARK,
                    new WriteBufferWaterMark(64 << 10, 512 << 10))
                .childHandler(
                    new ChannelInitializer<SocketChannel>() {
                      @Override
                      protected void initChannel(SocketChannel channel) {
                        LoopState state = states.get(channel.eventLoop());
                        if (state == null) {
                          throw new IllegalStateException("an event loop without a state");
                        }
                        channel.closeFuture().addListener(_ -> connections.decrementAndGet());
                        if (connections.incrementAndGet() > settings.patience().connectionsMax()) {
                          channel.close();
                          return;
                        }
                        var decoder = new CallerDecoder(config);
                        channel.pipeline().addLast(decoder, new FrontDoor(service, state, decoder));
                      }
                    }),
            settings);
  }

  private Channel bind(ServerBootstrap bootstrap, Settings settings) throws IOException {
    var binding =
        bootstrap
            .bind(new InetSocketAddress(settings.host(), settings.port()))
            .awaitUninterruptibly();
    if (!binding.isSuccess()) {
      prober.close();
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw new IOException(
          "cannot listen on %s, port %d: %s"
              .formatted(settings.host(), settings.port(), Reasons.bind(binding.cause())));
    }
    return binding.channel();
  }

  /** The port it listens on. */
  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /** Puts other routes, vendors and keys in force; calls under way go on with those they have. */
  public synchronized void replace(Plan plan, Vendors vendors, Callers callers) {
    live = new Service.Live(plan, vendors, callers, version.incrementAndGet(), live.splits());
  }

  /** Puts other routes and vendors in force, as one; calls under way go on with those they have. */
  public synchronized void replace(Plan plan, Vendors vendors, long planVersion) {
    live = new Service.Live(plan, vendors, live.callers(), planVersion, live.splits());
  }

  /** The plan that is in force. */
  public Plan plan() {
    return live.plan();
  }

  /** The vendors that are on. */
  public Vendors vendors() {
    return live.vendors();
  }

  /** How the targets are doing. */
  public Health health() {
    return health;
  }

  /** Puts other keys in force; calls under way go on. */
  public synchronized void replace(Callers callers) {
    live = live.with(callers);
  }

  /** Puts other splits of routes in force; calls under way go on with those they have. */
  public synchronized void replace(Splits splits) {
    live = live.with(splits);
    service
        .copies()
        .keepOnly(splits.byRoute().values().stream().map(Split::id).collect(Collectors.toSet()));
  }

  /** From now on these hear how the calls of split routes go. */
  public void heed(Trials trials) {
    service.copies().heed(trials);
  }

  /**
   * Puts questions to targets from within: calls of ours, on nobody's account, past the same gates
   * as any other.
   *
   * @param purpose what they are recorded as
   * @param heard hears of each call's record, on an event loop: it neither blocks nor throws
   */
  public Asker asker(Purpose purpose, Consumer<Exchange> heard) {
    return new InnerAsker(
        service,
        () -> {
          LoopState state = states.get(loops.next());
          if (state == null) {
            throw new IllegalStateException("an event loop without a state");
          }
          return state;
        },
        purpose,
        heard);
  }

  /**
   * Stops listening, takes no further requests on the connections there are, lets calls finish for
   * up to {@code patience}, tells the callers of those that do not, and closes.
   */
  public void close(Duration patience) {
    if (loops.isShuttingDown()) {
      return;
    }
    prober.close();
    listener.close().awaitUninterruptibly();
    onEachLoop(LoopState::retire);
    waitForCalls(patience);
    if (openCalls() > 0) {
      onEachLoop(LoopState::endCalls);
      waitForCalls(TELLING_MAX);
    }
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private void onEachLoop(Consumer<LoopState> work) {
    for (LoopState state : states.values()) {
      state.loop().execute(() -> work.accept(state));
    }
  }

  private void waitForCalls(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (openCalls() > 0 && System.nanoTime() < deadline) {
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Bytes of requests that are held in memory now. */
  long bodyBytesHeld() {
    return service.bodyBytes().get();
  }

  /** Calls that are being served now. */
  public int openCalls() {
    return service.open().get();
  }

  @Override
  public void close() {
    close(Duration.ZERO);
  }
}
