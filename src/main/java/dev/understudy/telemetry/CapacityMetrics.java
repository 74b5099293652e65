package dev.understudy.telemetry;

import dev.understudy.capacity.AllowanceName;
import dev.understudy.capacity.Capacity;
import dev.understudy.capacity.CapacityReport;
import dev.understudy.capacity.Dimension;
import dev.understudy.capacity.Pushback;
import dev.understudy.capacity.WaitingLine;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Shows how much vendors still take, and who waits, when somebody scrapes. */
final class CapacityMetrics {
  private static final String[] WHOSE = {"vendor", "model", "credential"};

  private final Capacity capacity;
  private final PrometheusRegistry registry;

  private CapacityMetrics(Capacity capacity, PrometheusRegistry registry) {
    this.capacity = capacity;
    this.registry = registry;
  }

  static void register(Capacity capacity, PrometheusRegistry registry) {
    var metrics = new CapacityMetrics(capacity, registry);
    metrics.allowances();
    metrics.line();
  }

  private interface Sample {
    void call(double value, String... labels);
  }

  private void allowances() {
    gauge(
        "understudy_capacity_headroom",
        "The share that is left of the scarcest thing a vendor counts, 0 to 1.",
        WHOSE,
        sample ->
            each(
                new Told() {
                  @Override
                  public void allowance(
                      AllowanceName name, double headroom, long spilled, double inUse) {
                    sample.call(headroom, name.vendor(), name.model(), name.credential());
                  }
                }));
    gauge(
        "understudy_capacity_limit",
        "What a vendor is thought to allow, by what it counts: known or learned, the smaller one.",
        new String[] {"vendor", "model", "credential", "dimension"},
        sample ->
            each(
                new Told() {
                  @Override
                  public void limit(AllowanceName name, Dimension dimension, double limit) {
                    sample.call(
                        limit, name.vendor(), name.model(), name.credential(), dimension.label());
                  }
                }));
    gauge(
        "understudy_capacity_provisioned_in_use",
        "The share of provisioned capacity that is in use, 0 to 1.",
        WHOSE,
        sample ->
            each(
                new Told() {
                  @Override
                  public void allowance(
                      AllowanceName name, double headroom, long spilled, double inUse) {
                    if (!Double.isNaN(inUse)) {
                      sample.call(inUse, name.vendor(), name.model(), name.credential());
                    }
                  }
                }));
    counter(
        "understudy_capacity_spilled_calls_total",
        "Calls that went elsewhere because provisioned capacity was nearly used up.",
        WHOSE,
        sample ->
            each(
                new Told() {
                  @Override
                  public void allowance(
                      AllowanceName name, double headroom, long spilled, double inUse) {
                    sample.call((double) spilled, name.vendor(), name.model(), name.credential());
                  }
                }));
    counter(
        "understudy_capacity_pushbacks_total",
        "Refusals of vendors for lack of capacity, by their cause: rate, day, overload or quota.",
        new String[] {"vendor", "model", "credential", "cause"},
        sample ->
            each(
                new Told() {
                  @Override
                  public void pushbacks(AllowanceName name, Pushback.Cause cause, long count) {
                    sample.call(
                        (double) count,
                        name.vendor(),
                        name.model(),
                        name.credential(),
                        cause.name().toLowerCase(Locale.ROOT));
                  }
                }));
  }

  private void line() {
    gauge(
        "understudy_queue_length",
        "Calls that wait until a vendor has room.",
        new String[0],
        sample -> sample.call(capacity.line().size()));
    total("understudy_queue_served_total", "Calls that waited and were served.", t -> t.served());
    total(
        "understudy_queue_expired_total",
        "Calls that waited in vain until their deadline.",
        t -> t.expired());
    total(
        "understudy_queue_left_total",
        "Calls whose callers left while they waited.",
        t -> t.left());
    total("understudy_queue_full_total", "Calls that found no place to wait.", t -> t.full());
    total(
        "understudy_queue_wait_seconds_total",
        "The time that calls waited.",
        t -> t.waitedMillis() / 1e3);
  }

  private void total(String name, String help, ToDoubleFunction<WaitingLine.Totals> value) {
    counter(
        name,
        help,
        new String[0],
        sample -> sample.call(value.applyAsDouble(capacity.line().totals())));
  }

  /** Where only what is of interest is overridden. */
  private abstract static class Told implements CapacityReport.Gauges {
    @Override
    public void allowance(AllowanceName name, double headroom, long spilled, double inUse) {}

    @Override
    public void limit(AllowanceName name, Dimension dimension, double limit) {}

    @Override
    public void pushbacks(AllowanceName name, Pushback.Cause cause, long count) {}
  }

  private void each(CapacityReport.Gauges gauges) {
    CapacityReport.gauge(capacity, Metrics.NAMES_MAX, Capacity.now(), gauges);
  }

  private interface Collect {
    void into(Sample sample);
  }

  private void gauge(String name, String help, String[] labels, Collect collect) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames(labels)
        .callback(callback -> collect.into(callback::call))
        .register(registry);
  }

  private void counter(String name, String help, String[] labels, Collect collect) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames(labels)
        .callback(callback -> collect.into(callback::call))
        .register(registry);
  }
}
