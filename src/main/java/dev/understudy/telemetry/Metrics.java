package dev.understudy.telemetry;

import dev.understudy.capacity.Capacity;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Journal;
import dev.understudy.exchange.JournalStanding;
import dev.understudy.limits.Limiting;
import dev.understudy.routing.Delivery;
import dev.understudy.routing.Health;
import dev.understudy.routing.Plan;
import dev.understudy.routing.Standing;
import dev.understudy.routing.Target;
import dev.understudy.routing.Vitals;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** Counts and times exchanges for Prometheus; {@code docs/reference/telemetry.md} lists what. */
public final class Metrics implements Journal {
  /** How many routes, and how many models, get label values of their own unless they are known. */
  public static final int NAMES_MAX = 200;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final ExpositionFormats formats = ExpositionFormats.init();
  private final Names routes;
  private final Names targets;
  private final CallSeries.Family calls = new CallSeries.Family(registry);
  private final AttemptSeries.Family attempts = new AttemptSeries.Family(registry);

  // One look-up here stands for one in each metric.
  private final Map<CallSeries.Key, CallSeries> callSeries = new ConcurrentHashMap<>();
  private final Map<AttemptSeries.Key, AttemptSeries> attemptSeries = new ConcurrentHashMap<>();

  /** What a scrape gets. */
  public record Exposition(String contentType, byte[] body) {}

  /**
   * Begins to count.
   *
   * @param plan its routes and their targets get label values of their own, however many names
   *     strangers make up
   * @param openCalls how many calls are under way
   * @param droppedLines how many lines of the log were dropped
   */
  public Metrics(String version, Plan plan, LongSupplier openCalls, LongSupplier droppedLines) {
    routes = new Names(plan.routeNames(), NAMES_MAX);
    targets =
        new Names(
            plan.routes().stream().flatMap(r -> r.targets().stream()).map(Target::name).toList(),
            NAMES_MAX);
    Info.builder()
        .name("understudy_build_info")
        .help("The version that is running.")
        .labelNames("version")
        .register(registry)
        .setLabelValues(version);
    GaugeWithCallback.builder()
        .name("understudy_open_calls")
        .help("Calls under way, streams among them.")
        .callback(callback -> callback.call((double) openCalls.getAsLong()))
        .register(registry);
    CounterWithCallback.builder()
        .name("understudy_log_lines_dropped_total")
        .help("Lines of the log of exchanges that were dropped because they could not be written.")
        .callback(callback -> callback.call((double) droppedLines.getAsLong()))
        .register(registry);
    JvmMetrics.register(registry);
  }

  /** Shows how targets are doing, at the most {@link #NAMES_MAX} of them. */
  public void watch(Health health) {
    targetGauge(
        "understudy_target_open_calls",
        "Calls that a target is serving.",
        health,
        vitals -> vitals.open());
    targetGauge(
        "understudy_target_in",
        "1 if a target is in, 0 if it is out or only to be probed.",
        health,
        vitals -> vitals.breaker().standing(health.now()) == Standing.IN ? 1 : 0);
    targetGauge(
        "understudy_target_peak_latency_seconds",
        "The peak of a target's recent times to a stream's first content, falling off with time.",
        health,
        vitals -> vitals.latencyMillis(Delivery.STREAMED, health.now()) / 1_000);
    targetGauge(
        "understudy_target_peak_latency_whole_seconds",
        "The peak of a target's recent times to an answer in one piece, falling off with time.",
        health,
        vitals -> vitals.latencyMillis(Delivery.WHOLE, health.now()) / 1_000);
  }

  private void targetGauge(
      String name, String help, Health health, ToDoubleFunction<Vitals> value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames("vendor", "model")
        .callback(callback ->
            health.all().stream()
                .limit(NAMES_MAX)
                .forEach(vitals -> {
                  int slash = vitals.target().indexOf('/');
                  callback.call(
                      value.applyAsDouble(vitals),
                      vitals.target().substring(0, slash),
                      vitals.target().substring(slash + 1));
                }))
        .register(registry);
  }

  /** Shows from now on how much vendors still take, and who waits. */
  public void show(Capacity capacity) {
    CapacityMetrics.register(capacity, registry);
  }

  /** Shows how the limits of callers are doing, too. */
  public void show(Limiting limiting) {
    LimitMetrics.register(limiting, registry);
  }

  /** Shows how far calls are from being in the store, too. */
  public void showJournal(Supplier<JournalStanding> standing) {
    JournalMetrics.register(standing, registry);
  }

  @Override
  public void append(Exchange exchange) {
    List<Attempt> made = exchange.attempts();
    // Without an attempt the name led nowhere: a typing error, or a stranger filling our memory.
    String route =
        routes.has(exchange.route(), !made.isEmpty() && isReal(made.getLast()))
            ? exchange.route()
            : Names.OTHER;
    var key =
        new CallSeries.Key(
            exchange.protocol(),
            route,
            exchange.stream(),
            exchange.outcome(),
            exchange.status().orElse(0) / 100);
    CallSeries series = callSeries.get(key);
    if (series == null) {
      series = callSeries.computeIfAbsent(key, calls::series);
    }
    series.observe(exchange);
    for (int i = 0; i < made.size(); i++) {
      observe(made.get(i), exchange);
    }
  }

  private void observe(Attempt attempt, Exchange exchange) {
    String model = targets.has(attempt.target(), isReal(attempt)) ? attempt.model() : Names.OTHER;
    var key =
        new AttemptSeries.Key(
            attempt.vendor(),
            attempt.kind(),
            model,
            exchange.operation(),
            attempt.protocol(),
            attempt.outcome(),
            attempt.relayed(),
            exchange.stream());
    AttemptSeries series = attemptSeries.get(key);
    if (series == null) {
      series = attemptSeries.computeIfAbsent(key, attempts::series);
    }
    series.observe(attempt);
  }

  /** Whether the model seems to exist: vendors answer 400 or 404 for names that were made up. */
  private static boolean isReal(Attempt attempt) {
    int status = attempt.status().orElse(0);
    return status < 400
        || status >= 500
        || status == 401
        || status == 403
        || status == 408
        || status == 429;
  }

  /**
   * Everything as now counted.
   *
   * @param accept the scraper's Accept header; empty if it sent none
   */
  public Exposition exposition(String accept) {
    ExpositionFormatWriter writer =
        accept.contains("application/openmetrics-text")
            ? formats.getOpenMetricsTextFormatWriter()
            : formats.getPrometheusTextFormatWriter();
    var out = new ByteArrayOutputStream(32 << 10);
    try {
      writer.write(out, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Exposition(writer.getContentType(), out.toByteArray());
  }
}
