package dev.understudy.gateway;

import dev.understudy.access.Callers;
import dev.understudy.capacity.Capacity;
import dev.understudy.exchange.Journal;
import dev.understudy.routing.Health;
import dev.understudy.routing.Plan;
import dev.understudy.routing.Route;
import dev.understudy.routing.Signals;
import dev.understudy.routing.Splits;
import dev.understudy.vendor.Vendors;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Everything calls need that outlives them.
 *
 * @param live what is in force now; read once by each call
 * @param open how many calls are being served
 * @param bodyBytes how many bytes of requests are held in memory
 * @param clock for the times in records; durations are measured otherwise
 * @param health how the targets are doing
 * @param signals what routers ask
 * @param budgets what routes may spend on retries
 * @param gate asked before every attempt
 * @param contracts what contracts allow now
 * @param rules what callers' limits are held by
 * @param capacity how much vendors still take
 * @param copies puts calls to others as well
 * @param models which models vendors are known to sell
 */
record Service(
    Supplier<Live> live,
    Journal journal,
    Limits limits,
    OwnedReplies owned,
    AtomicInteger open,
    AtomicLong bodyBytes,
    InstantSource clock,
    Health health,
    Signals signals,
    RetryBudgets budgets,
    Gate gate,
    Supplier<dev.understudy.contract.Rules> contracts,
    Turnstile.Rules rules,
    Capacity capacity,
    Copies copies,
    KnownModels models) {

  /** The same with another plan, and records that go elsewhere. */
  Service with(Supplier<Live> other, Journal records) {
    return new Service(
        other, records, limits, owned, open, bodyBytes, clock, health, signals, budgets, gate,
        contracts, rules, capacity, copies, models);
  }

  /**
   * The same for a call of ours that no caller waits for: it counts in no bound on callers' calls.
   *
   * @param only what is in force for it
   * @param record where its record goes
   * @param counted how many such calls there are
   */
  Service apart(Live only, Journal record, AtomicInteger counted) {
    return new Service(
        () -> only,
        record,
        new Limits(
            limits.bodyBytesMax(), Integer.MAX_VALUE, limits.bodyBytesHeldMax(), limits.patience()),
        owned,
        counted,
        bodyBytes,
        clock,
        health,
        signals,
        budgets,
        gate,
        contracts,
        rules,
        capacity,
        copies,
        models);
  }

  /**
   * What is in force now, as one value.
   *
   * @param version of the plan
   * @param splits which routes are split
   */
  record Live(Plan plan, Vendors vendors, Callers callers, long version, Splits splits) {
    /** The same with other keys. */
    Live with(Callers others) {
      return new Live(plan, vendors, others, version, splits);
    }

    /** The same with other splits. */
    Live with(Splits others) {
      return new Live(plan, vendors, callers, version, others);
    }

    /** For a call that knows no route but one. */
    Live with(Route alone, Splits others) {
      return new Live(
          new Plan(List.of(alone), List.of(), plan.breakers()), vendors, callers, version, others);
    }
  }

  /**
   * Bounds on what callers may send.
   *
   * @param bodyBytesMax the largest body of a request
   * @param callsMax calls served at once
   * @param bodyBytesHeldMax bodies of all requests under way together
   * @param patience how long they may keep the gateway waiting
   */
  record Limits(long bodyBytesMax, int callsMax, long bodyBytesHeldMax, Patience patience) {}
}
