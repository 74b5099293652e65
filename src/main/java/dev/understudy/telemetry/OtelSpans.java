package dev.understudy.telemetry;

import dev.understudy.chat.Tokens;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.TraceParent;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes one span of an exchange and one of each attempt, after the fact.
 *
 * <p>What the GenAI conventions name is on the attempts, which are the calls to models; were it on
 * the exchange too, tokens would be counted twice.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/gen-ai/">GenAI conventions</a>
 */
final class OtelSpans implements Spans {
  private static final int TEXT_MAX = 1_000;

  /** JSON that is cut cannot be read; what was said has bounds of its own. */
  private static final int CONTENT_MAX = 64 << 10;

  private static final int NAME_MAX = 200;
  private static final int WAITING_MAX = 8_192;
  private static final long CLOSE_SECONDS_MAX = 5;

  private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
  private static final AttributeKey<Long> HTTP_STATUS =
      AttributeKey.longKey("http.response.status_code");
  private static final AttributeKey<Long> REQUEST_SIZE =
      AttributeKey.longKey("http.request.body.size");
  private static final AttributeKey<Long> RESPONSE_SIZE =
      AttributeKey.longKey("http.response.body.size");

  private static final AttributeKey<String> OPERATION =
      AttributeKey.stringKey("gen_ai.operation.name");
  private static final AttributeKey<String> PROVIDER =
      AttributeKey.stringKey("gen_ai.provider.name");
  private static final AttributeKey<String> REQUEST_MODEL =
      AttributeKey.stringKey("gen_ai.request.model");
  private static final AttributeKey<Boolean> REQUEST_STREAM =
      AttributeKey.booleanKey("gen_ai.request.stream");
  private static final AttributeKey<String> RESPONSE_MODEL =
      AttributeKey.stringKey("gen_ai.response.model");
  private static final AttributeKey<List<String>> FINISH_REASONS =
      AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");
  private static final AttributeKey<String> INPUT_MESSAGES =
      AttributeKey.stringKey("gen_ai.input.messages");
  private static final AttributeKey<String> OUTPUT_MESSAGES =
      AttributeKey.stringKey("gen_ai.output.messages");
  private static final AttributeKey<Double> FIRST_CHUNK =
      AttributeKey.doubleKey("gen_ai.response.time_to_first_chunk");
  private static final AttributeKey<Long> INPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.input_tokens");
  private static final AttributeKey<Long> OUTPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.output_tokens");
  private static final AttributeKey<Long> CACHE_READ_TOKENS =
      AttributeKey.longKey("gen_ai.usage.cache_read.input_tokens");
  private static final AttributeKey<Long> CACHE_WRITE_TOKENS =
      AttributeKey.longKey("gen_ai.usage.cache_write.input_tokens");
  private static final AttributeKey<Long> REASONING_TOKENS =
      AttributeKey.longKey("gen_ai.usage.reasoning.output_tokens");

  private static final AttributeKey<String> EXCHANGE =
      AttributeKey.stringKey("understudy.exchange.id");
  private static final AttributeKey<String> CALLER = AttributeKey.stringKey("understudy.caller");
  private static final AttributeKey<String> TEAM = AttributeKey.stringKey("understudy.team");
  private static final AttributeKey<String> PROTOCOL =
      AttributeKey.stringKey("understudy.protocol");
  private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("understudy.route");
  private static final AttributeKey<Boolean> STREAM = AttributeKey.booleanKey("understudy.stream");
  private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("understudy.outcome");
  private static final AttributeKey<Long> LOSSES = AttributeKey.longKey("understudy.losses");
  private static final AttributeKey<String> VENDOR = AttributeKey.stringKey("understudy.vendor");
  private static final AttributeKey<String> CREDENTIAL =
      AttributeKey.stringKey("understudy.credential");
  private static final AttributeKey<Boolean> RELAYED =
      AttributeKey.booleanKey("understudy.relayed");
  private static final AttributeKey<String> VENDOR_REQUEST =
      AttributeKey.stringKey("understudy.vendor_request_id");
  private static final AttributeKey<Boolean> ESTIMATED =
      AttributeKey.booleanKey("understudy.usage.estimated");

  private final SdkTracerProvider provider;
  private final Tracer tracer;
  private final boolean content;

  OtelSpans(SpanExporter exporter, SpanSettings settings, String version, boolean content) {
    this.content = content;
    var resource = Attributes.builder().put("service.version", version);
    settings.resource().forEach(resource::put);
    Sampler sampler =
        settings.ratio() >= 1 ? Sampler.alwaysOn() : Sampler.traceIdRatioBased(settings.ratio());
    provider =
        SdkTracerProvider.builder()
            .setResource(Resource.getDefault().merge(Resource.create(resource.build())))
            .setSampler(settings.parentBased() ? Sampler.parentBased(sampler) : sampler)
            .setSpanLimits(
                SpanLimits.builder()
                    .setMaxAttributeValueLength(content ? CONTENT_MAX : TEXT_MAX)
                    .build())
            .addSpanProcessor(
                BatchSpanProcessor.builder(exporter)
                    .setMaxQueueSize(WAITING_MAX)
                    .setScheduleDelay(1, TimeUnit.SECONDS)
                    .build())
            .build();
    tracer = provider.get("dev.understudy", version);
  }

  static Spans start(SpanSettings settings, String version, boolean content) {
    var exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(settings.endpoint())
            .setTimeout(settings.timeout());
    settings.headers().forEach(exporter::addHeader);
    return new OtelSpans(
        new CollectorWatch(exporter.build(), settings.endpoint()), settings, version, content);
  }

  @Override
  public void append(Exchange exchange) {
    Context parent = exchange.traceParent().map(OtelSpans::remote).orElse(Context.root());
    long started = epochNanos(exchange.startedAt());
    // A name that led nowhere is a stranger's text and stays out of the list of span names.
    String name =
        exchange.attempts().isEmpty()
            ? exchange.operation()
            : name(exchange.operation(), exchange.route());
    Span whole =
        tracer
            .spanBuilder(name)
            .setParent(parent)
            .setSpanKind(SpanKind.SERVER)
            .setStartTimestamp(started, TimeUnit.NANOSECONDS)
            .startSpan();
    if (whole.isRecording()) {
      describe(exchange, whole);
    }
    Context inside = parent.with(whole);
    for (Attempt attempt : exchange.attempts()) {
      Span one =
          tracer
              .spanBuilder(name(exchange.operation(), attempt.model()))
              .setParent(inside)
              .setSpanKind(SpanKind.CLIENT)
              .setStartTimestamp(started + attempt.startedNanos(), TimeUnit.NANOSECONDS)
              .startSpan();
      if (one.isRecording()) {
        describe(attempt, exchange, one);
      }
      one.end(started + attempt.endedNanos(), TimeUnit.NANOSECONDS);
    }
    whole.end(started + exchange.durationNanos(), TimeUnit.NANOSECONDS);
  }

  private void describe(Exchange exchange, Span span) {
    span.setAttribute(EXCHANGE, exchange.id());
    exchange
        .caller()
        .ifPresent(caller -> {
          span.setAttribute(CALLER, caller.name());
          span.setAttribute(TEAM, caller.team());
        });
    span.setAttribute(PROTOCOL, exchange.protocol());
    span.setAttribute(ROUTE, exchange.route());
    span.setAttribute(STREAM, exchange.stream());
    span.setAttribute(OUTCOME, Words.of(exchange.outcome()));
    span.setAttribute(LOSSES, (long) exchange.losses().size());
    exchange
        .content()
        .filter(_ -> content)
        .ifPresent(said -> {
          span.setAttribute(INPUT_MESSAGES, said.input());
          span.setAttribute(OUTPUT_MESSAGES, said.output());
        });
    span.setAttribute(REQUEST_SIZE, exchange.bytesIn());
    span.setAttribute(RESPONSE_SIZE, exchange.bytesOut());
    exchange.status().ifPresent(status -> span.setAttribute(HTTP_STATUS, (long) status));
    int status = exchange.status().orElse(0);
    if (exchange.outcome() != Attempt.Outcome.ANSWERED) {
      span.setAttribute(ERROR_TYPE, exchange.failureType().orElse(Words.of(exchange.outcome())));
    }
    // What a caller did wrong is no error of a server's span.
    boolean callersFault =
        exchange.outcome() == Attempt.Outcome.ABANDONED || (status >= 400 && status < 500);
    if (exchange.outcome() != Attempt.Outcome.ANSWERED && !callersFault) {
      span.setStatus(StatusCode.ERROR);
    }
  }

  private static void describe(Attempt attempt, Exchange exchange, Span span) {
    span.setAttribute(OPERATION, exchange.operation());
    span.setAttribute(PROVIDER, Words.provider(attempt.kind()));
    span.setAttribute(REQUEST_MODEL, attempt.model());
    span.setAttribute(REQUEST_STREAM, exchange.stream());
    span.setAttribute(VENDOR, attempt.vendor());
    span.setAttribute(CREDENTIAL, attempt.credential());
    span.setAttribute(PROTOCOL, attempt.protocol());
    span.setAttribute(RELAYED, attempt.relayed());
    span.setAttribute(OUTCOME, Words.of(attempt.outcome()));
    attempt.replyModel().ifPresent(model -> span.setAttribute(RESPONSE_MODEL, model));
    attempt.stopReason().ifPresent(stop -> span.setAttribute(FINISH_REASONS, List.of(stop)));
    attempt.vendorRequestId().ifPresent(id -> span.setAttribute(VENDOR_REQUEST, id));
    attempt.status().ifPresent(status -> span.setAttribute(HTTP_STATUS, (long) status));
    if (exchange.stream() && attempt.firstByteNanos().isPresent()) {
      span.setAttribute(
          FIRST_CHUNK, Seconds.of(attempt.firstByteNanos().get() - attempt.startedNanos()));
    }
    if (!attempt.usage().tokens().isEmpty()) {
      describe(attempt.usage().tokens(), span);
      span.setAttribute(ESTIMATED, attempt.usage().estimated());
    }
    if (attempt.outcome() != Attempt.Outcome.ANSWERED) {
      span.setAttribute(
          ERROR_TYPE,
          attempt.outcome() == Attempt.Outcome.REFUSED && attempt.status().isPresent()
              ? attempt.status().get().toString()
              : Words.of(attempt.outcome()));
      if (attempt.outcome() != Attempt.Outcome.ABANDONED) {
        span.setStatus(StatusCode.ERROR, attempt.detail().orElse(""));
      }
    }
  }

  private static void describe(Tokens tokens, Span span) {
    span.setAttribute(INPUT_TOKENS, tokens.input());
    span.setAttribute(OUTPUT_TOKENS, tokens.output());
    positive(span, CACHE_READ_TOKENS, tokens.cacheRead());
    positive(span, CACHE_WRITE_TOKENS, tokens.cacheWrite());
    positive(span, REASONING_TOKENS, tokens.reasoning());
  }

  private static void positive(Span span, AttributeKey<Long> key, long count) {
    if (count > 0) {
      span.setAttribute(key, count);
    }
  }

  private static Context remote(TraceParent parent) {
    var context =
        SpanContext.createFromRemoteParent(
            parent.traceId(),
            parent.spanId(),
            parent.sampled() ? TraceFlags.getSampled() : TraceFlags.getDefault(),
            TraceState.getDefault());
    return Context.root().with(Span.wrap(context));
  }

  private static String name(String operation, String what) {
    String name = operation + " " + what;
    return name.length() > NAME_MAX ? name.substring(0, NAME_MAX) : name;
  }

  private static long epochNanos(Instant time) {
    return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
  }

  @Override
  public void close() {
    provider.shutdown().join(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
  }
}
