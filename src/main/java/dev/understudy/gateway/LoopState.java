package dev.understudy.gateway;

import dev.understudy.capacity.Capacity;
import dev.understudy.json.JsonScanner;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What the calls of one event loop share; nothing of it is touched from outside. */
final class LoopState {
  /** How late a timeout may strike, at the most. */
  private static final long SWEEP_MILLIS = 100;

  /** How late it may be noticed that a caller keeps everybody waiting. */
  private static final long DOORS_MILLIS = 500;

  /** Answers that wait for a review, of all calls of one loop together, in bytes. */
  private static final long HELD_MAX = 16L << 20;

  private final EventLoop loop;
  private final UpstreamPool pool;
  private final Flushes flushes;
  private final Capacity capacity;
  private final JsonScanner scanner = new JsonScanner();
  private final HeadBytes head = new HeadBytes();
  private final ReplyHeaders headers = new ReplyHeaders();
  private final Bodies bodies = new Bodies();
  private final ExchangeIds ids = new ExchangeIds();
  private final Aside aside;

  private long held;
  private boolean retiring;

  // One look at all calls ten times a second costs less than a timer for every read of every call.
  private final Set<Call> calls = new LinkedHashSet<>();
  private final Set<FrontDoor> doors = new LinkedHashSet<>();

  LoopState(EventLoop loop, UpstreamPool pool, Flushes flushes, Capacity capacity) {
    this.loop = loop;
    this.pool = pool;
    this.flushes = flushes;
    this.aside = new Aside(loop, scanner);
    this.capacity = capacity;
    loop.scheduleWithFixedDelay(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    loop.scheduleWithFixedDelay(
        this::sweepDoors, DOORS_MILLIS, DOORS_MILLIS, TimeUnit.MILLISECONDS);
  }

  EventLoop loop() {
    return loop;
  }

  UpstreamPool pool() {
    return pool;
  }

  Flushes flushes() {
    return flushes;
  }

  /** A scanner that is free whenever no scan is under way, which is between any two calls to it. */
  JsonScanner scanner() {
    return scanner;
  }

  /** An empty head to fill, and to write before the next one is begun. */
  HeadBytes head() {
    return head.begin();
  }

  /** No headers yet, to be filled and written before the next ones are begun. */
  ReplyHeaders headers() {
    return headers.begin();
  }

  /** Room for bodies. */
  Bodies bodies() {
    return bodies;
  }

  /** For work that would take too long here. */
  Aside aside() {
    return aside;
  }

  ExchangeIds ids() {
    return ids;
  }

  /** Takes room for bytes of an answer that is held back; false if there is none. */
  boolean hold(long bytes) {
    if (held + bytes > HELD_MAX) {
      return false;
    }
    held += bytes;
    return true;
  }

  /** Gives such room back. */
  void unhold(long bytes) {
    held -= bytes;
  }

  void watch(Call call) {
    calls.add(call);
  }

  void unwatch(Call call) {
    calls.remove(call);
  }

  void watch(FrontDoor door) {
    doors.add(door);
  }

  void unwatch(FrontDoor door) {
    doors.remove(door);
  }

  /** The gateway stops: whoever waits for nothing is parted with, the others after their call. */
  void retire() {
    retiring = true;
    for (FrontDoor door : new ArrayList<>(doors)) {
      door.retire();
    }
  }

  /** Whether no connection is to be kept for another request. */
  boolean isRetiring() {
    return retiring;
  }

  /** The gateway waits no longer: the calls that are left end here. */
  void endCalls() {
    for (Call call : new ArrayList<>(calls)) {
      call.gatewayStops();
    }
  }

  private void sweepDoors() {
    long now = System.nanoTime();
    for (FrontDoor door : new ArrayList<>(doors)) {
      door.checkPatience(now);
    }
  }

  private void sweep() {
    capacity.tick(Capacity.now());
    if (calls.isEmpty()) {
      return;
    }
    long now = System.nanoTime();
    for (Call call : new ArrayList<>(calls)) {
      call.checkTime(now);
    }
  }
}
