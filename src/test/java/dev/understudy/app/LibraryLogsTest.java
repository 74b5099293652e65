package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.understudy.telemetry.Samples;
import dev.understudy.telemetry.Spans;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

final class LibraryLogsTest {
  @Test
  void aCollectorThatIsAwayIsToldOfOnceAndSoIsThatItIsBack() throws Exception {
    var status = new AtomicInteger(400);
    var taken = new LinkedBlockingQueue<Integer>();
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(status.get(), -1);
          exchange.close();
          taken.add(status.get());
        });
    server.start();
    var lines = new LinkedBlockingQueue<LogRecord>();
    var ear =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            lines.add(line);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger all = Logger.getLogger("");
    all.addHandler(ear);
    LibraryLogs.withoutSpans();
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    var settings = Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", url);
    try (var spans = Spans.from(settings, "0.1.0", false).orElseThrow()) {
      for (int told : new int[] {400, 400, 200, 200}) {
        status.set(told);
        spans.append(Samples.exchange());
        assertThat(taken.poll(30, TimeUnit.SECONDS)).isEqualTo(told);
      }
    } finally {
      server.stop(0);
      all.removeHandler(ear);
    }

    assertThat(lines)
        .filteredOn(line ->
            line.getLevel().intValue() >= Level.INFO.intValue()
                && (line.getLoggerName().contains("telemetry")
                    || line.getLoggerName().contains("opentelemetry")))
        .allMatch(line -> line.getThrown() == null)
        .extracting(line -> line.getLevel().getName())
        .containsExactly("WARNING", "INFO");
  }
}
