package dev.understudy.gateway;

import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the addresses of vendors without ever making an event loop wait: the system's resolver
 * blocks, so it runs on a thread of its own, and answers are kept for a short while.
 */
final class Resolver {
  private static final long FRESH_NANOS = Duration.ofSeconds(30).toNanos();

  /** What hears the answer, on the event loop that asked. */
  interface Answer {
    void found(InetAddress address);

    void failed(String reason);
  }

  private record Known(InetAddress[] addresses, long atNanos) {}

  private final Map<String, Known> known = new ConcurrentHashMap<>();

  void resolve(String host, EventLoop loop, Answer answer) {
    byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
    if (literal != null) {
      try {
        answer.found(InetAddress.getByAddress(literal));
      } catch (UnknownHostException e) {
        answer.failed(Reasons.of(e));
      }
      return;
    }
    Known fresh = known.get(host);
    long now = System.nanoTime();
    if (fresh != null && now - fresh.atNanos < FRESH_NANOS) {
      answer.found(pick(fresh.addresses, now));
      return;
    }
    Thread.ofVirtual()
        .name("resolve")
        .start(() -> {
          try {
            InetAddress[] found = InetAddress.getAllByName(host);
            known.put(host, new Known(found, System.nanoTime()));
            loop.execute(() -> answer.found(pick(found, System.nanoTime())));
          } catch (UnknownHostException e) {
            loop.execute(() -> answer.failed(Reasons.of(e)));
          }
        });
  }

  /** Spreads connections over the addresses; IPv6 only where there is nothing else. */
  private static InetAddress pick(InetAddress[] addresses, long seed) {
    InetAddress[] four =
        java.util.Arrays.stream(addresses)
            .filter(java.net.Inet4Address.class::isInstance)
            .toArray(InetAddress[]::new);
    InetAddress[] from = four.length > 0 ? four : addresses;
    return from[(int) Math.floorMod(seed >>> 10, (long) from.length)];
  }
}
