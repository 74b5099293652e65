package dev.understudy.telemetry;

import dev.understudy.exchange.JournalStanding;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** How far calls are from being in the store, for Prometheus. */
final class JournalMetrics {
  private JournalMetrics() {}

  static void register(Supplier<JournalStanding> standing, PrometheusRegistry registry) {
    gauge(
        registry,
        standing,
        "understudy_journal_waiting_bytes",
        "Size of the files on disk that are not in the store yet.",
        JournalStanding::waitingBytes);
    gauge(
        registry,
        standing,
        "understudy_journal_waiting_bytes_max",
        "The bound on the size of these files.",
        JournalStanding::waitingBytesMax);
    gauge(
        registry,
        standing,
        "understudy_journal_in_trouble",
        "1 while calls cannot be booked or written down, or their bound is near.",
        now -> now.trouble().isPresent() ? 1 : 0);
    counter(
        registry,
        standing,
        "understudy_journal_kept_total",
        "Calls that were taken into the store.",
        JournalStanding::kept);
    counter(
        registry,
        standing,
        "understudy_journal_lost_total",
        "Calls that could not be written down; only the log tells of them.",
        JournalStanding::lost);
    counter(
        registry,
        standing,
        "understudy_journal_refused_total",
        "Costs that the ledger did not take.",
        JournalStanding::refused);
  }

  private static void gauge(
      PrometheusRegistry registry,
      Supplier<JournalStanding> standing,
      String name,
      String help,
      ToDoubleFunction<JournalStanding> value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.applyAsDouble(standing.get())))
        .register(registry);
  }

  private static void counter(
      PrometheusRegistry registry,
      Supplier<JournalStanding> standing,
      String name,
      String help,
      ToDoubleFunction<JournalStanding> value) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.applyAsDouble(standing.get())))
        .register(registry);
  }
}
