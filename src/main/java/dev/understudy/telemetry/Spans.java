package dev.understudy.telemetry;

import dev.understudy.exchange.Journal;
import java.util.Map;
import java.util.Optional;

/**
 * Sends exchanges as spans to a collector. This type stands between the program and OpenTelemetry,
 * none of whose classes is loaded unless an endpoint is set.
 */
public interface Spans extends Journal, AutoCloseable {

  /** Sends what waits, for a bounded time. */
  @Override
  void close();

  /**
   * Begins to send if the environment names an endpoint.
   *
   * @param environment the variables {@code OTEL_…} of the process
   * @param version the program's
   * @param content whether records hold what was said
   * @throws IllegalArgumentException if a variable says what cannot be followed; the message names
   *     the variable and repeats no header
   */
  static Optional<Spans> from(Map<String, String> environment, String version, boolean content) {
    return SpanSettings.from(environment)
        .map(settings -> OtelSpans.start(settings, version, content));
  }
}
