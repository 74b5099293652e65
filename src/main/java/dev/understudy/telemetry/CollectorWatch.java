package dev.understudy.telemetry;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;

/** Says once when the collector is away, and once when it is back. */
final class CollectorWatch implements SpanExporter {
  private static final System.Logger LOG = System.getLogger(CollectorWatch.class.getName());

  private final SpanExporter exporter;
  private final String endpoint;
  private final AtomicBoolean away = new AtomicBoolean();

  CollectorWatch(SpanExporter exporter, String endpoint) {
    this.exporter = exporter;
    this.endpoint = endpoint;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    CompletableResultCode sent = exporter.export(spans);
    return sent.whenComplete(() -> told(sent));
  }

  private void told(CompletableResultCode sent) {
    if (sent.isSuccess()) {
      if (away.compareAndSet(true, false)) {
        LOG.log(System.Logger.Level.INFO, "spans are taken again at {0}", endpoint);
      }
    } else if (away.compareAndSet(false, true)) {
      LOG.log(
          System.Logger.Level.WARNING,
          "spans are not taken at {0} ({1}); they are lost until they are",
          endpoint,
          why(sent));
    }
  }

  private static String why(CompletableResultCode sent) {
    Throwable failure = sent.getFailureThrowable();
    if (failure == null) {
      return "no reason given";
    }
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }
}
