package dev.understudy.gateway;

import dev.understudy.routing.Retry;
import dev.understudy.routing.RetryBudget;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** The retry budget of every route that a plan names. */
final class RetryBudgets {
  private final Map<String, AtomicReference<RetryBudget>> routes = new ConcurrentHashMap<>();

  /** A call by this route begins. */
  void earn(String route, Retry retry) {
    of(route, retry).getAndUpdate(budget -> budget.earned(retry));
  }

  /** Takes what one try costs; false if that is not there. */
  boolean pay(String route, Retry retry) {
    AtomicReference<RetryBudget> budget = of(route, retry);
    while (true) {
      RetryBudget before = budget.get();
      if (!before.affords()) {
        return false;
      }
      if (budget.compareAndSet(before, before.spent())) {
        return true;
      }
    }
  }

  private AtomicReference<RetryBudget> of(String route, Retry retry) {
    AtomicReference<RetryBudget> known = routes.get(route);
    return known != null
        ? known
        : routes.computeIfAbsent(route, _ -> new AtomicReference<>(RetryBudget.full(retry)));
  }
}
