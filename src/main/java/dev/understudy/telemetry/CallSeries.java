package dev.understudy.telemetry;

import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Exchange;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;

/** The series to which exchanges with the same labels add. */
record CallSeries(
    CounterDataPoint count,
    CounterDataPoint losses,
    DistributionDataPoint duration,
    DistributionDataPoint firstByte) {

  /** Those things of an exchange that are labels; the status by its first digit, 0 if none. */
  record Key(
      String protocol, String route, boolean stream, Attempt.Outcome outcome, int statusClass) {}

  void observe(Exchange exchange) {
    count.inc();
    if (!exchange.losses().isEmpty()) {
      losses.inc(exchange.losses().size());
    }
    duration.observe(Seconds.of(exchange.durationNanos()));
    if (exchange.firstByteNanos().isPresent()) {
      firstByte.observe(Seconds.of(exchange.firstByteNanos().get()));
    }
  }

  /** The metrics of exchanges. */
  static final class Family {
    private final Counter count;
    private final Counter losses;
    private final Histogram duration;
    private final Histogram firstByte;

    Family(PrometheusRegistry registry) {
      count =
          Counter.builder()
              .name("understudy_exchanges_total")
              .help("Calls that are over.")
              .labelNames("protocol", "route", "outcome", "status_class")
              .withoutExemplars()
              .register(registry);
      losses =
          Counter.builder()
              .name("understudy_losses_total")
              .help("Paths of requests and replies that a translation could not carry.")
              .labelNames("protocol", "route")
              .withoutExemplars()
              .register(registry);
      duration =
          Seconds.histogram("understudy_exchange_duration_seconds", Unit.SECONDS)
              .help("From the first byte of a call to the last byte of its answer.")
              .labelNames("protocol", "stream")
              .register(registry);
      firstByte =
          Seconds.histogram("understudy_exchange_first_byte_seconds", Unit.SECONDS)
              .help("From the first byte of a call to the first byte of its answer's body.")
              .labelNames("protocol", "stream")
              .register(registry);
    }

    CallSeries series(Key key) {
      String stream = Boolean.toString(key.stream());
      String statusClass = key.statusClass() == 0 ? "none" : key.statusClass() + "xx";
      return new CallSeries(
          count.labelValues(key.protocol(), key.route(), Words.of(key.outcome()), statusClass),
          losses.labelValues(key.protocol(), key.route()),
          duration.labelValues(key.protocol(), stream),
          firstByte.labelValues(key.protocol(), stream));
    }
  }
}
