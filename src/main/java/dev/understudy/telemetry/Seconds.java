package dev.understudy.telemetry;

import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.snapshots.Unit;

/** Times as Prometheus wants them. */
final class Seconds {
  /**
   * From what a gateway alone takes to what a long thought takes; from 10 ms on those that
   * OpenTelemetry advises for {@code gen_ai.client.operation.duration}, and three more.
   */
  private static final double[] BOUNDS = {
    0.001, 0.0025, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48,
    40.96, 81.92, 163.84, 327.68, 655.36
  };

  private Seconds() {}

  static double of(long nanos) {
    return Math.max(0, nanos) / 1e9;
  }

  static Histogram.Builder histogram(String name, Unit unit) {
    var builder = Histogram.builder().name(name).unit(unit);
    builder.withoutExemplars();
    return builder.classicOnly().classicUpperBounds(BOUNDS);
  }
}
