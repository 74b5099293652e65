package dev.understudy.gateway;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayList;

/**
 * Sends what was written to many connections together, once their event loop has worked off what
 * was ready.
 *
 * <p>A peer that is woken once for ten messages costs less than one woken ten times, and under load
 * waking is a good part of what a send costs. An event loop that has one message to send has
 * nothing to wait for, and sends it at once.
 */
final class Flushes implements Runnable {
  /** So many connections wait at the most, lest the first one wait for long. */
  private static final int WAITING_MAX = 32;

  private final EventLoop loop;
  private final ArrayList<Channel> waiting = new ArrayList<>(WAITING_MAX);

  Flushes(EventLoop loop) {
    this.loop = loop;
  }

  /** Flushes the connection soon, and never before this returns. */
  void add(Channel channel) {
    // Before and not after: whose last bytes these are may still be writing down what they cost.
    if (waiting.size() >= WAITING_MAX) {
      run();
    }
    if (waiting.isEmpty()) {
      loop.execute(this);
    }
    waiting.add(channel);
  }

  /** Does not flush the connection after all, until it is added again. */
  void withhold(Channel channel) {
    waiting.removeIf(channel::equals);
  }

  @Override
  public void run() {
    for (int i = 0; i < waiting.size(); i++) {
      waiting.get(i).flush();
    }
    waiting.clear();
  }
}
