package dev.understudy.gateway;

import dev.understudy.capacity.Allowance;
import dev.understudy.capacity.Capacity;
import dev.understudy.routing.Order;
import dev.understudy.routing.RouteTarget;
import dev.understudy.routing.Target;
import dev.understudy.vendor.Credential;
import dev.understudy.vendor.Vendor;
import dev.understudy.vendor.Vendors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/** Asks those targets first whose capacity is paid for whether it is used or not. */
final class PaidFirst {
  private PaidFirst() {}

  /**
   * The order, changed only where something was bought that has room left. What has room, but wants
   * new sessions elsewhere, stands first too: there the gate says why the call goes elsewhere, and
   * counts it.
   *
   * @param session finds the session that the call belongs to; 0 for none
   * @param spilled hears of targets that were bought and have no room, or want new sessions
   *     elsewhere
   */
  static Order of(
      Order order,
      Vendors vendors,
      Capacity capacity,
      LongSupplier session,
      BiConsumer<Target, String> spilled) {
    int healthy = order.targets().size() - order.lastResort();
    if (!capacity.hasProvisioned() || healthy < 2) {
      return order;
    }
    long now = Capacity.now();
    long whose = session.getAsLong();
    var paid = new ArrayList<RouteTarget>();
    var others = new ArrayList<RouteTarget>();
    for (RouteTarget target : order.targets().subList(0, healthy)) {
      boolean isFirst = isFirst(target.target(), vendors, capacity, whose, now, spilled);
      (isFirst ? paid : others).add(target);
    }
    List<RouteTarget> before = order.targets();
    if (paid.isEmpty() || paid.equals(before.subList(0, paid.size()))) {
      return order;
    }
    paid.addAll(others);
    paid.addAll(before.subList(healthy, before.size()));
    return new Order(
        "provisioned: what is paid for anyhow is used first",
        paid,
        order.lastResort(),
        order.excluded());
  }

  private static boolean isFirst(
      Target target,
      Vendors vendors,
      Capacity capacity,
      long session,
      long now,
      BiConsumer<Target, String> spilled) {
    Optional<Vendor> vendor = vendors.named(target.vendor());
    boolean passes = false;
    boolean spills = false;
    if (vendor.isPresent()) {
      for (Credential key : vendor.get().credentials()) {
        Allowance allowance = capacity.of(target.vendor(), target.model(), key.label(), now);
        if (allowance.isPaidFor(session, now)) {
          return true;
        }
        if (allowance.isBought()) {
          boolean blocked = allowance.isBlocked(now);
          boolean elsewhere = allowance.spills(session, now);
          spills |= elsewhere && !blocked;
          passes |= elsewhere || blocked;
        }
      }
    }
    if (passes) {
      spilled.accept(target, vendor.get().kind());
    }
    return spills;
  }
}
