package dev.understudy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.understudy.exchange.Exchange;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

final class SpansTest {
  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

  @Test
  void anExchangeIsASpanUnderItsCallersAndEachAttemptOneUnderIt() {
    List<SpanData> spans = spans(Map.of(ENDPOINT, "http://127.0.0.1:4318"));

    assertThat(spans)
        .extracting(SpanData::getName)
        .containsExactly("chat gpt-5.1", "chat claude-sonnet-4-5", "chat assistant");
    SpanData whole = spans.get(2);
    assertThat(whole.getTraceId()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    assertThat(whole.getParentSpanId()).isEqualTo("00f067aa0ba902b7");
    assertThat(whole.getKind()).isEqualTo(SpanKind.SERVER);
    assertThat(whole.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(whole.getEndEpochNanos() - whole.getStartEpochNanos()).isEqualTo(1_900_321_999L);
    assertThat(text(whole, "understudy.exchange.id")).isEqualTo("01JDBZ9");
    assertThat(spans.subList(0, 2))
        .allMatch(span -> span.getParentSpanId().equals(whole.getSpanId()))
        .allMatch(span -> span.getKind() == SpanKind.CLIENT);
  }

  @Test
  void anAnsweredAttemptSpeaksTheGenAiConventions() {
    SpanData answered = spans(Map.of(ENDPOINT, "http://127.0.0.1:4318")).get(1);

    assertThat(text(answered, "gen_ai.operation.name")).isEqualTo("chat");
    assertThat(text(answered, "gen_ai.provider.name")).isEqualTo("anthropic");
    assertThat(text(answered, "gen_ai.request.model")).isEqualTo("claude-sonnet-4-5");
    assertThat(text(answered, "gen_ai.response.model")).isEqualTo("claude-sonnet-4-5-20250929");
    assertThat(number(answered, "gen_ai.usage.input_tokens")).isEqualTo(1_042);
    assertThat(number(answered, "gen_ai.usage.output_tokens")).isEqualTo(200);
    assertThat(number(answered, "gen_ai.usage.cache_read.input_tokens")).isEqualTo(1_000);
    assertThat(number(answered, "gen_ai.usage.cache_write.input_tokens")).isEqualTo(30);
    assertThat(
            answered
                .getAttributes()
                .get(AttributeKey.stringArrayKey("gen_ai.response.finish_reasons")))
        .containsExactly("end_turn");
    assertThat(
            answered
                .getAttributes()
                .get(AttributeKey.doubleKey("gen_ai.response.time_to_first_chunk")))
        .isEqualTo(0.5997504);
    assertThat(text(answered, "error.type")).isNull();
  }

  @Test
  void aRefusedAttemptHasTheVendorsStatusAsItsError() {
    SpanData refused = spans(Map.of(ENDPOINT, "http://127.0.0.1:4318")).get(0);

    assertThat(text(refused, "error.type")).isEqualTo("429");
    assertThat(refused.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(refused.getStatus().getDescription()).isEqualTo("rate limit reached");
    assertThat(number(refused, "gen_ai.usage.input_tokens")).isNull();
  }

  @Test
  void theResourceAndTheSamplerFollowTheEnvironment() {
    SpanData named =
        spans(
                Map.of(
                    ENDPOINT,
                    "http://127.0.0.1:4318",
                    "OTEL_RESOURCE_ATTRIBUTES",
                    "deployment.environment=pro%20d,service.name=x",
                    "OTEL_SERVICE_NAME",
                    "gateway"))
            .get(0);
    assertThat(named.getResource().getAttributes().asMap())
        .containsEntry(AttributeKey.stringKey("service.name"), "gateway")
        .containsEntry(AttributeKey.stringKey("service.version"), "0.1.0")
        .containsEntry(AttributeKey.stringKey("deployment.environment"), "pro d");

    var off = Map.of(ENDPOINT, "http://127.0.0.1:4318", "OTEL_TRACES_SAMPLER", "always_off");
    assertThat(spans(off)).isEmpty();
  }

  @Test
  void spansArePostedToTheCollectorWithItsHeaders() throws Exception {
    var bodies = new CopyOnWriteArrayList<String>();
    var heads = new CopyOnWriteArrayList<String>();
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        http -> {
          bodies.add(new String(http.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          heads.add(
              "%s %s %s %s"
                  .formatted(
                      http.getRequestMethod(),
                      http.getRequestURI(),
                      http.getRequestHeaders().getFirst("Content-Type"),
                      http.getRequestHeaders().getFirst("x-collector-key")));
          http.sendResponseHeaders(200, -1);
          http.close();
        });
    server.start();
    try {
      var environment =
          Map.of(
              ENDPOINT,
              "http://127.0.0.1:" + server.getAddress().getPort() + "/",
              "OTEL_EXPORTER_OTLP_HEADERS",
              "x-collector-key=a%2Cb");
      Spans spans = Spans.from(environment, "0.1.0", false).orElseThrow();
      spans.append(Samples.exchange());
      spans.close();
    } finally {
      server.stop(0);
    }

    assertThat(heads).containsExactly("POST /v1/traces application/x-protobuf a,b");
    assertThat(bodies.getFirst())
        .contains("chat assistant", "chat gpt-5.1", "gen_ai.provider.name", "service.name");
  }

  @Test
  void nothingIsSentUnlessAnEndpointIsSet() {
    assertThat(Spans.from(Map.of(), "0.1.0", false)).isEmpty();
    assertThat(Spans.from(Map.of(ENDPOINT, " "), "0.1.0", false)).isEmpty();
    assertThat(
            Spans.from(
                Map.of(ENDPOINT, "http://x:4318", "OTEL_SDK_DISABLED", "true"), "0.1.0", false))
        .isEmpty();
    assertThat(
            Spans.from(
                Map.of(ENDPOINT, "http://x:4318", "OTEL_TRACES_EXPORTER", "none"), "0.1.0", false))
        .isEmpty();
  }

  @Test
  void theAddressOfTracesAloneIsTakenAsItStands() {
    var environment =
        Map.of(ENDPOINT, "http://a:4318", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://b/in?x=1");

    assertThat(SpanSettings.from(environment).orElseThrow().endpoint())
        .isEqualTo("https://b/in?x=1");
    assertThat(SpanSettings.from(Map.of(ENDPOINT, "http://a/p/")).orElseThrow().endpoint())
        .isEqualTo("http://a/p/v1/traces");
    assertThat(SpanSettings.from(environment).orElseThrow().timeout())
        .isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void saysWhichVariableCannotBeFollowed() {
    assertThatThrownBy(() ->
            Spans.from(
                Map.of(ENDPOINT, "http://a:4317", "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
                "0.1.0",
                false))
        .hasMessage(
            "OTEL_EXPORTER_OTLP_PROTOCOL is \"grpc\"; only http/protobuf is spoken, usually on port 4318");
    assertThatThrownBy(() -> Spans.from(Map.of(ENDPOINT, "collector:4318"), "0.1.0", false))
        .hasMessageStartingWith(ENDPOINT + " is not an address");
    assertThatThrownBy(() ->
            Spans.from(
                Map.of(ENDPOINT, "http://a", "OTEL_TRACES_SAMPLER", "jaeger_remote"),
                "0.1.0",
                false))
        .hasMessageStartingWith("OTEL_TRACES_SAMPLER is \"jaeger_remote\"; known: always_on");
    assertThatThrownBy(() ->
            Spans.from(
                Map.of(ENDPOINT, "http://a", "OTEL_EXPORTER_OTLP_HEADERS", "s3cret"),
                "0.1.0",
                false))
        .hasMessageStartingWith("OTEL_EXPORTER_OTLP_HEADERS")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void loadsNothingOfOpenTelemetryWhileItIsOff() throws Exception {
    Process process =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-Xlog:class+load",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Off.class.getName())
            .redirectErrorStream(true)
            .start();
    var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isZero();
    assertThat(printed).contains("dev.understudy.telemetry.Spans ").contains("spans: false");
    assertThat(printed).doesNotContain("io.opentelemetry");
  }

  /** A program that asks for spans where none are wanted. */
  static final class Off {
    public static void main(String[] arguments) {
      System.out.println("spans: " + Spans.from(Map.of("HOME", "/"), "0.1.0", false).isPresent());
    }
  }

  @Test
  void whatWasSaidIsInTheSpanOfTheCallWhereThatIsWanted() {
    Map<String, String> environment = Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1");

    SpanData with = whole(spans(environment, Samples.withContent(), true));
    SpanData without = whole(spans(environment, Samples.withContent(), false));

    assertThat(with.getAttributes().get(AttributeKey.stringKey("gen_ai.input.messages")))
        .isEqualTo(Samples.SAID);
    assertThat(with.getAttributes().get(AttributeKey.stringKey("gen_ai.output.messages")))
        .isEqualTo("[]");
    assertThat(without.toString()).doesNotContain("long ago");
  }

  private static SpanData whole(List<SpanData> spans) {
    return spans.stream()
        .filter(span -> span.getKind() == SpanKind.SERVER)
        .findFirst()
        .orElseThrow();
  }

  private static List<SpanData> spans(Map<String, String> environment) {
    return spans(environment, Samples.exchange(), false);
  }

  private static List<SpanData> spans(
      Map<String, String> environment, Exchange exchange, boolean content) {
    var kept = new CopyOnWriteArrayList<SpanData>();
    var exporter =
        new SpanExporter() {
          @Override
          public CompletableResultCode export(Collection<SpanData> spans) {
            kept.addAll(spans);
            return CompletableResultCode.ofSuccess();
          }

          @Override
          public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
          }

          @Override
          public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
          }
        };
    var settings = SpanSettings.from(environment).orElseThrow();
    try (var spans = new OtelSpans(exporter, settings, "0.1.0", content)) {
      spans.append(exchange);
    }
    return kept;
  }

  private static String text(SpanData span, String key) {
    return span.getAttributes().get(AttributeKey.stringKey(key));
  }

  private static Long number(SpanData span, String key) {
    return span.getAttributes().get(AttributeKey.longKey(key));
  }
}
