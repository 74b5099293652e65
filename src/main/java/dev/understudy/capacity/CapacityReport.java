package dev.understudy.capacity;

import dev.understudy.json.Json;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** Tells operators how things stand: every allowance, what bounds it, and who waits. */
public final class CapacityReport {
  private CapacityReport() {}

  /** Everything as it is at a moment. */
  public static ObjectNode json(Capacity capacity, long now) {
    ObjectNode report = Json.object();
    var allowances = report.putArray("allowances");
    for (Allowance allowance : capacity.all()) {
      allowances.add(one(allowance, now));
    }
    WaitingLine.Totals totals = capacity.line().totals();
    ObjectNode queue = report.putObject("queue");
    queue.put("waiting", totals.size());
    queue.put("served", totals.served());
    queue.put("expired", totals.expired());
    queue.put("left", totals.left());
    queue.put("full", totals.full());
    queue.put("waited_seconds", totals.waitedMillis() / 1e3);
    return report;
  }

  private static ObjectNode one(Allowance allowance, long now) {
    State state = allowance.state();
    Terms terms = allowance.terms();
    ObjectNode one = Json.object();
    one.put("vendor", allowance.name().vendor());
    one.put("model", allowance.name().model());
    one.put("credential", allowance.name().credential());
    one.put("headroom", rounded(allowance.headroom(now)));
    one.put("in_flight", state.inFlight());
    double concurrent = state.concurrentLimit(terms);
    if (concurrent != Double.POSITIVE_INFINITY) {
      one.put("concurrent_limit", (long) Math.max(1, Math.floor(concurrent)));
    }
    long blocked = Math.max(state.blockedUntil(), allowance.account().blockedUntil());
    if (blocked > now) {
      ObjectNode block = one.putObject("blocked");
      block.put("seconds", (blocked - now) / 1e3);
      block.put(
          "cause",
          allowance.account().blockedUntil() > now
              ? "quota"
              : state.blockedFor().name().toLowerCase(Locale.ROOT));
    }
    var limits = one.putArray("limits");
    for (Bucket bucket : state.buckets()) {
      Bucket then = bucket.at(now);
      // Without bought capacity in the settings its size is not known, only how much is in use.
      if (!then.isBounded() || isShare(then, terms)) {
        continue;
      }
      ObjectNode limit = limits.addObject();
      limit.put("dimension", then.dimension().label());
      limit.put("limit", Math.round(then.limit()));
      if (then.known() != Double.POSITIVE_INFINITY) {
        limit.put("known", Math.round(then.known()));
      }
      limit.put("left", Math.round(Math.max(0, then.level())));
    }
    if (state.find(Dimension.PROVISIONED).isPresent()) {
      ObjectNode bought = one.putObject("provisioned");
      bought.put("in_use", rounded(state.utilization(now)));
      bought.put("spilling", state.spills(terms, now));
      terms
          .provisioned()
          .ifPresent(what -> {
            bought.put("units", what.units());
            bought.put("hours", what.hours().toString());
            bought.put("active", allowance.hasProvisioned());
          });
    }
    one.put("served", allowance.servedCount());
    one.put("spilled", allowance.spilledCount());
    ObjectNode pushbacks = one.putObject("pushbacks");
    for (Pushback.Cause cause : Pushback.Cause.values()) {
      if (allowance.pushbackCount(cause) > 0) {
        pushbacks.put(cause.name().toLowerCase(Locale.ROOT), allowance.pushbackCount(cause));
      }
    }
    return one;
  }

  private static boolean isShare(Bucket bucket, Terms terms) {
    return bucket.dimension() == Dimension.PROVISIONED && terms.provisioned().isEmpty();
  }

  private static double rounded(double share) {
    return Math.round(share * 1_000) / 1_000.0;
  }

  /** What one allowance is worth to who draws it; the numbers a gauge shows. */
  public interface Gauges {
    void allowance(AllowanceName name, double headroom, long spilled, double provisionedInUse);

    void limit(AllowanceName name, Dimension dimension, double limit);

    void pushbacks(AllowanceName name, Pushback.Cause cause, long count);
  }

  /** Tells numbers of allowances that were of use, at most so many. */
  public static void gauge(Capacity capacity, int max, long now, Gauges gauges) {
    capacity.all().stream()
        .filter(one -> one.servedCount() > 0)
        .limit(max)
        .forEach(one -> gauge(one, now, gauges));
  }

  private static void gauge(Allowance one, long now, Gauges gauges) {
    State state = one.state();
    gauges.allowance(
        one.name(),
        one.headroom(now),
        one.spilledCount(),
        state.find(Dimension.PROVISIONED).isPresent() ? state.utilization(now) : Double.NaN);
    for (Bucket bucket : state.buckets()) {
      Bucket then = bucket.at(now);
      if (then.isBounded() && !isShare(then, one.terms())) {
        gauges.limit(one.name(), then.dimension(), then.limit());
      }
    }
    for (Pushback.Cause cause : Pushback.Cause.values()) {
      if (one.pushbackCount(cause) > 0) {
        gauges.pushbacks(one.name(), cause, one.pushbackCount(cause));
      }
    }
  }
}
