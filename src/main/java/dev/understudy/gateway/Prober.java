package dev.understudy.gateway;

import dev.understudy.routing.BreakerRule;
import dev.understudy.routing.Health;
import dev.understudy.routing.Standing;
import dev.understudy.routing.Target;
import dev.understudy.routing.Vitals;
import dev.understudy.vendor.Vendor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Looks at targets that are out, where the settings want it: one that is there may be probed by a
 * call at once, rather than when its time is over.
 *
 * <p>A look is a connection, by which nothing is sent, or a request for what the vendor's settings
 * name, such as its list of models; neither is paid for.
 */
final class Prober implements AutoCloseable {
  /** How often it is looked whether probes are wanted by now. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** So many targets are looked at together; further ones wait for the next time. */
  private static final int LOOKS_MAX = 64;

  private final Supplier<Service.Live> live;
  private final Health health;
  private final Supplier<LoopState> loop;
  private final Set<String> looking = ConcurrentHashMap.newKeySet();
  private final Thread thread;

  /**
   * Begins.
   *
   * @param loop on which requests are made
   */
  Prober(Supplier<Service.Live> live, Health health, Supplier<LoopState> loop) {
    this.live = live;
    this.health = health;
    this.loop = loop;
    this.thread = Thread.ofVirtual().name("prober").start(this::run);
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        BreakerRule rule = live.get().plan().breakers();
        boolean wanted = rule.probe().isPositive();
        Thread.sleep(wanted ? rule.probe() : PAUSE);
        if (wanted) {
          lookAtAll();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Each by itself: one that does not answer must not keep the others from being seen. */
  private void lookAtAll() {
    for (Vitals vitals : health.all()) {
      if (vitals.breaker().standing(health.now()) == Standing.OUT
          && looking.size() < LOOKS_MAX
          && looking.add(vitals.target())) {
        Thread.ofVirtual()
            .name("look")
            .start(() -> {
              try {
                if (isThere(vitals)) {
                  vitals.seen(health.now());
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } finally {
                looking.remove(vitals.target());
              }
            });
      }
    }
  }

  private boolean isThere(Vitals vitals) throws InterruptedException {
    String name = vitals.target();
    int slash = name.indexOf('/');
    var target = new Target(name.substring(0, slash), name.substring(slash + 1));
    Optional<Vendor> vendor = live.get().vendors().named(target.vendor());
    if (vendor.isEmpty()) {
      return false;
    }
    return vendor.get().probe().isPresent()
        ? new Look(vendor.get(), target, vitals, loop.get()).isThere()
        : takes(vendor.get(), target.model());
  }

  private static boolean takes(Vendor vendor, String model) {
    var endpoint = vendor.endpoint(model);
    try (var socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(endpoint.host(), endpoint.port()),
          (int) vendor.timeouts().connect().toMillis());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
