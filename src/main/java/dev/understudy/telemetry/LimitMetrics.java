package dev.understudy.telemetry;

import dev.understudy.limits.Limiting;
import dev.understudy.limits.Refusal;
import dev.understudy.limits.Use;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** How the limits of callers are doing, for Prometheus. */
final class LimitMetrics {
  /** More scopes than this are not shown one by one. */
  private static final int SCOPES_MAX = 200;

  private LimitMetrics() {}

  static void register(Limiting limiting, PrometheusRegistry registry) {
    GaugeWithCallback.builder()
        .name("understudy_limit_used_ratio")
        .help("How much of a scope's limit or budget is used or reserved, 1 being all of it.")
        .labelNames("scope", "limit")
        .callback(callback -> used(limiting, callback::call))
        .register(registry);
    CounterWithCallback.builder()
        .name("understudy_limit_refusals_total")
        .help("Times that a target was not asked because of a caller's limit.")
        .labelNames("limit")
        .callback(callback -> {
          for (Refusal.Kind kind : Refusal.Kind.values()) {
            callback.call(
                (double) limiting.limiter().refusals(kind), kind.name().toLowerCase(Locale.ROOT));
          }
        })
        .register(registry);
    gauge(
        registry,
        limiting,
        "understudy_limits_in_trouble",
        "1 while limits cannot be shared with other replicas, or spending cannot be written down.",
        health -> health.trouble().isPresent() ? 1 : 0);
    gauge(
        registry,
        limiting,
        "understudy_limits_replicas",
        "How many replicas share limits, this one among them.",
        Limiting.Health::replicas);
    counter(
        registry,
        limiting,
        "understudy_limits_losses_total",
        "Times that limits could not be shared any more.",
        Limiting.Health::losses);
    counter(
        registry,
        limiting,
        "understudy_limits_lapsed_total",
        "Calls that lost their place in the limits because they gave no sign of life.",
        Limiting.Health::lapsed);
  }

  private interface Sample {
    void is(double value, String scope, String limit);
  }

  private static void used(Limiting limiting, Sample sample) {
    List<Use> uses = limiting.limiter().uses();
    for (Use use : uses.subList(0, Math.min(uses.size(), SCOPES_MAX))) {
      level(use.requests(), use.scope(), "requests", sample);
      level(use.tokens(), use.scope(), "tokens", sample);
      level(use.calls(), use.scope(), "calls", sample);
      for (Use.Spent spent : use.budgets()) {
        double taken = spent.spentNanos() + spent.reservedNanos() + spent.elsewhereNanos();
        double whole = spent.leftNanos() + taken - spent.forgivenNanos();
        sample.is(
            whole <= 0 ? 1 : (taken - spent.forgivenNanos()) / whole, use.scope(), spent.budget());
      }
    }
  }

  private static void level(Optional<Use.Level> level, String scope, String limit, Sample sample) {
    level.ifPresent(it -> sample.is((double) it.used() / it.limit(), scope, limit));
  }

  private static void gauge(
      PrometheusRegistry registry,
      Limiting limiting,
      String name,
      String help,
      ToDoubleFunction<Limiting.Health> value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.applyAsDouble(limiting.health())))
        .register(registry);
  }

  private static void counter(
      PrometheusRegistry registry,
      Limiting limiting,
      String name,
      String help,
      ToDoubleFunction<Limiting.Health> value) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.applyAsDouble(limiting.health())))
        .register(registry);
  }
}
