package dev.understudy.gateway;

import dev.understudy.routing.BreakerRule;
import dev.understudy.routing.Health;
import dev.understudy.routing.Standing;
import dev.understudy.routing.Target;
import dev.understudy.routing.Vitals;
import dev.understudy.vendor.Endpoint;
import dev.understudy.vendor.Vendor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Makes a connection to targets that are out, where the settings want it: one that takes it may be
 * probed by a call at once, rather than when its time is over. Nothing is sent, so nothing is paid.
 */
final class Prober implements AutoCloseable {
  /** How often it is looked whether probes are wanted by now. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Supplier<Service.Live> live;
  private final Health health;
  private final Thread thread;

  Prober(Supplier<Service.Live> live, Health health) {
    this.live = live;
    this.health = health;
    this.thread = Thread.ofVirtual().name("prober").start(this::run);
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        BreakerRule rule = live.get().plan().breakers();
        boolean wanted = rule.probe().isPositive();
        Thread.sleep(wanted ? rule.probe() : LOOK);
        if (wanted) {
          probe();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void probe() {
    for (Vitals vitals : health.all()) {
      if (vitals.breaker().standing(health.now()) == Standing.OUT && takes(vitals.target())) {
        vitals.seen(health.now());
      }
    }
  }

  private boolean takes(String name) {
    int slash = name.indexOf('/');
    var target = new Target(name.substring(0, slash), name.substring(slash + 1));
    Optional<Vendor> vendor = live.get().vendors().named(target.vendor());
    if (vendor.isEmpty()) {
      return false;
    }
    Endpoint endpoint = vendor.get().endpoint(target.model());
    try (var socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(endpoint.host(), endpoint.port()),
          (int) vendor.get().timeouts().connect().toMillis());
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
