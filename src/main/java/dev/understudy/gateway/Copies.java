package dev.understudy.gateway;

import dev.understudy.exchange.Exchange;
import dev.understudy.routing.Route;
import dev.understudy.routing.Split;
import dev.understudy.routing.Splits;
import dev.understudy.routing.Tier;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Puts callers' calls to somebody else as well, once the callers are served: calls like theirs that
 * nobody waits for, within bounds of number and memory.
 */
final class Copies {
  /** What copies that wait may hold of requests and replies together. */
  private static final long BYTES_MAX = Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 16);

  private final Map<String, Lane> lanes = new ConcurrentHashMap<>();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger open = new AtomicInteger();
  private volatile Trials trials = Trials.NONE;
  private volatile @Nullable Service service;

  /** A call that is to be made once more. */
  record Copy(
      Split split,
      Split.Copying copying,
      long session,
      Asked asked,
      Exchange served,
      Turn turn,
      KeptReply reply,
      LoopState loop) {
    long bytes() {
      return (long) asked.length() + reply.size();
    }
  }

  /** Those of one split. */
  private static final class Lane {
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Queue<Copy> queue = new ConcurrentLinkedQueue<>();
  }

  /** From now on calls can be copied. */
  void begin(Service with) {
    service = with;
  }

  /** From now on these hear of it. */
  void heed(Trials others) {
    trials = others;
  }

  Trials trials() {
    return trials;
  }

  /** Forgets the lanes of splits that are no longer in force, but for what is under way there. */
  void keepOnly(Set<String> splits) {
    lanes.keySet().removeIf(id -> !splits.contains(id));
  }

  /** Whether a call is worth keeping its answer for a copy. */
  boolean wants(Split split, long session) {
    return trials.wantsCopy(split, session);
  }

  /** Takes a call to be copied; false if there is no room. */
  boolean offer(Copy copy) {
    Lane lane = lanes.computeIfAbsent(copy.split().id(), _ -> new Lane());
    long held = copy.bytes();
    if (bytes.addAndGet(held) > BYTES_MAX) {
      bytes.addAndGet(-held);
      return false;
    }
    int most = copy.copying().waiting() + copy.copying().atOnce();
    if (lane.waiting.incrementAndGet() > most) {
      lane.waiting.decrementAndGet();
      bytes.addAndGet(-held);
      return false;
    }
    lane.queue.add(copy);
    pump(lane, copy.copying().atOnce());
    return true;
  }

  private void pump(Lane lane, int atOnce) {
    while (true) {
      if (lane.running.incrementAndGet() > atOnce) {
        lane.running.decrementAndGet();
        return;
      }
      Copy next = lane.queue.poll();
      if (next == null) {
        lane.running.decrementAndGet();
        // One that came in between was perhaps not seen by whoever put it there.
        if (lane.queue.isEmpty()) {
          return;
        }
        continue;
      }
      try {
        // Not from within the call that ends here: its caller's bytes go out first.
        next.loop().loop().execute(() -> start(lane, next));
      } catch (RejectedExecutionException e) {
        over(lane, next);
      }
    }
  }

  private void over(Lane lane, Copy copy) {
    lane.running.decrementAndGet();
    lane.waiting.decrementAndGet();
    bytes.addAndGet(-copy.bytes());
  }

  private void start(Lane lane, Copy copy) {
    Service with = service;
    if (with == null) {
      over(lane, copy);
      return;
    }
    var answer = new KeptReply();
    CallerReply nobody = CallerReply.toNobody(copy.loop());
    nobody.keep(answer);
    var record = new Noting(with.journal());
    Call call =
        new Call(
            again(copy, with.clock().instant()),
            service(copy, with, record),
            copy.loop(),
            nobody,
            () -> {
              over(lane, copy);
              record.made().ifPresent(made -> tell(copy, made, answer));
              pump(lane, copy.copying().atOnce());
            });
    try {
      call.start();
    } catch (RuntimeException e) {
      call.fault(e);
    }
  }

  private void tell(Copy copy, Exchange made, KeptReply answer) {
    trials.copied(
        new Twin(
            copy.split(),
            copy.asked(),
            copy.served(),
            copy.turn(),
            copy.reply(),
            made,
            copy.copying().to().name(),
            answer));
  }

  /** What the caller asked, on nobody's account, after everybody who waits. */
  private static Asked again(Copy copy, Instant now) {
    Asked asked = copy.asked();
    return new Asked(
        asked.door(),
        asked.caller().unlimited(),
        asked.body(),
        asked.length(),
        asked.tags(),
        asked.region(),
        "batch",
        asked.strict(),
        asked.headers(),
        copy.loop().ids().next(now.toEpochMilli()),
        now,
        System.nanoTime(),
        Optional.empty(),
        copy.copying().purpose());
  }

  /** The same service with one target behind the name. */
  private Service service(Copy copy, Service with, Noting record) {
    Route alone = new Route(copy.served().route(), List.of(Tier.of(copy.copying().to())));
    Service.Live only = with.live().get().with(alone, Splits.NONE);
    return with.apart(only, record, open);
  }
}
