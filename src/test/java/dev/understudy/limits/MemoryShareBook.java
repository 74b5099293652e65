package dev.understudy.limits;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/** The rule of the shares in Java, with a clock and faults that tests hold. */
final class MemoryShareBook implements ShareBook {
  private record Entry(long share, long used, long taken, long until, long at) {}

  private static final class Limit {
    final Map<String, Entry> entries = new HashMap<>();
    long base;
    long forgiven;
    long scarceAt = Long.MIN_VALUE / 2;
  }

  final Map<String, Long> highest = new HashMap<>();
  private final Map<String, Limit> limits = new HashMap<>();
  private final LongSupplier millis;
  boolean reachable = true;
  boolean losesAnswers;

  MemoryShareBook(LongSupplier millis) {
    this.millis = millis;
  }

  /** Everything is gone, as after a restart without a disk. */
  void forget() {
    limits.clear();
  }

  @Override
  public synchronized CompletionStage<Grant> claim(Claim claim) {
    if (!reachable) {
      return CompletableFuture.failedFuture(new IOException("connection refused"));
    }
    Grant grant = decide(claim, millis.getAsLong());
    return losesAnswers
        ? CompletableFuture.failedFuture(new IOException("no answer in time"))
        : CompletableFuture.completedFuture(grant);
  }

  private Grant decide(Claim claim, long now) {
    Limit limit = limits.computeIfAbsent(claim.key(), _ -> new Limit());
    long elsewhere = 0;
    long idle = 0;
    long usedByOthers = 0;
    int replicas = 1;
    var gone = new ArrayList<String>();
    for (var named : limit.entries.entrySet()) {
      Entry entry = named.getValue();
      if (named.getKey().equals(claim.replica())) {
        continue;
      }
      if (entry.until() > now) {
        elsewhere += entry.share();
        usedByOthers += entry.used();
        idle += Math.max(0, entry.share() - entry.taken());
        replicas++;
        continue;
      }
      switch (claim.lasting()) {
        case CALL -> gone.add(named.getKey());
        case MINUTE -> {
          if (now - entry.at() < 61_000) {
            usedByOthers += entry.used();
            elsewhere += entry.used();
          } else {
            gone.add(named.getKey());
          }
        }
        case PERIOD -> {
          if (now - entry.at() > 3_600_000) {
            limit.base += entry.used();
            gone.add(named.getKey());
          } else {
            usedByOthers += entry.used();
            elsewhere += entry.used();
          }
        }
      }
    }
    gone.forEach(limit.entries::remove);
    long usedInAll = limit.base + usedByOthers + claim.used();
    if (claim.forgive()) {
      limit.forgiven = usedInAll;
    }
    long total = claim.limit() + limit.forgiven - limit.base - elsewhere;
    long level = Math.max(claim.taken(), Math.min(claim.held(), total));
    long free = Math.max(0, total - level);
    long more =
        Math.min(
            claim.want() - level, Math.max(Math.min(claim.must(), free), Math.floorDiv(free, 2)));
    long share = level + Math.max(0, more);
    long spoken = claim.taken();
    if (claim.must() > 0 && share - claim.taken() < claim.must()) {
      spoken = share; // somebody waits for it
      limit.scarceAt = now;
    }
    if (share == 0 && claim.used() == 0) {
      limit.entries.remove(claim.replica());
    } else {
      limit.entries.put(
          claim.replica(), new Entry(share, claim.used(), spoken, now + claim.leaseMillis(), now));
    }
    highest.merge(claim.key(), elsewhere + limit.base + share - limit.forgiven, Math::max);
    return new Grant(
        share,
        limit.base + elsewhere,
        idle,
        usedInAll,
        replicas,
        limit.forgiven,
        now - limit.scarceAt < 1_000);
  }

  @Override
  public void close() {}
}
