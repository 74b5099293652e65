package dev.understudy.telemetry;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Tokens;
import dev.understudy.exchange.Attempt;
import dev.understudy.money.Cost;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The series to which attempts with the same labels add. */
final class AttemptSeries {
  private final Family family;
  private final Key key;
  private final CounterDataPoint count;
  private final CounterDataPoint violations;
  private final CounterDataPoint estimated;
  private final CounterDataPoint unpriced;
  private final DistributionDataPoint duration;
  private final DistributionDataPoint firstChunk;
  private volatile @Nullable DistributionDataPoint inputUsage;
  private volatile @Nullable DistributionDataPoint outputUsage;
  private final Map<Leaf, CounterDataPoint> leaves = new ConcurrentHashMap<>();

  /** Those things of an attempt that are labels; the model may be {@link Names#OTHER}. */
  record Key(
      String vendor,
      String kind,
      String model,
      String operation,
      String protocol,
      Attempt.Outcome outcome,
      boolean relayed,
      boolean stream) {}

  private AttemptSeries(Family family, Key key) {
    this.family = family;
    this.key = key;
    String outcome = Words.of(key.outcome());
    String provider = Words.provider(key.kind());
    count =
        family.count.labelValues(
            key.vendor(), key.model(), key.protocol(), outcome, Boolean.toString(key.relayed()));
    violations = family.violations.labelValues(key.vendor(), key.model());
    estimated = family.estimated.labelValues(key.vendor(), key.model());
    unpriced = family.unpriced.labelValues(key.vendor(), key.model());
    duration =
        family.duration.labelValues(
            key.operation(),
            provider,
            key.model(),
            key.outcome() == Attempt.Outcome.ANSWERED ? "" : outcome);
    firstChunk = family.firstChunk.labelValues(key.operation(), provider, key.model());
  }

  void observe(Attempt attempt) {
    count.inc();
    duration.observe(Seconds.of(attempt.endedNanos() - attempt.startedNanos()));
    if (key.stream() && attempt.firstByteNanos().isPresent()) {
      firstChunk.observe(Seconds.of(attempt.firstByteNanos().get() - attempt.startedNanos()));
    }
    if (!attempt.usage().violations().isEmpty()) {
      violations.inc(attempt.usage().violations().size());
    }
    if (attempt.usage().estimated()) {
      estimated.inc();
    }
    if (attempt.cost().isPresent()) {
      count(attempt.cost().get());
    }
    if (attempt.wentOnAfter().isPresent()) {
      // Looked up when it happens, so that models nobody goes on with leave no empty series.
      family.continuations.labelValues(key.vendor(), key.model(), Words.of(key.outcome())).inc();
    }
    Tokens tokens = attempt.usage().tokens();
    if (!tokens.isEmpty()) {
      count(tokens);
    }
  }

  private void count(Cost cost) {
    if (!cost.isWhole()) {
      unpriced.inc();
    }
    // Under prices by volume a call may earn a credit, which a counter cannot hold.
    double total = cost.total().amount().doubleValue();
    if (total > 0) {
      family
          .cost
          .labelValues(key.vendor(), key.model(), cost.currency().getCurrencyCode())
          .inc(total);
    }
  }

  private void count(Tokens tokens) {
    long input = 0;
    long output = 0;
    for (Map.Entry<Leaf, Long> entry : tokens.byLeaf().entrySet()) {
      Leaf leaf = entry.getKey();
      CounterDataPoint counter = leaves.get(leaf);
      if (counter == null) {
        counter = leaves.computeIfAbsent(leaf, this::counter);
      }
      long tokensOfLeaf = entry.getValue();
      counter.inc(tokensOfLeaf);
      switch (leaf.direction()) {
        case INPUT -> input += tokensOfLeaf;
        case OUTPUT -> output += tokensOfLeaf;
      }
    }
    DistributionDataPoint ofInput = inputUsage;
    DistributionDataPoint ofOutput = outputUsage;
    if (ofInput == null || ofOutput == null) {
      ofInput = usage("input");
      ofOutput = usage("output");
      inputUsage = ofInput;
      outputUsage = ofOutput;
    }
    ofInput.observe((double) input);
    ofOutput.observe((double) output);
  }

  private CounterDataPoint counter(Leaf leaf) {
    return family.tokens.labelValues(key.vendor(), key.model(), leaf.name());
  }

  /** Looked up when there is usage, so that attempts without leave no empty series. */
  private DistributionDataPoint usage(String direction) {
    return family.usage.labelValues(
        key.operation(), Words.provider(key.kind()), key.model(), direction);
  }

  /** The metrics of attempts. */
  static final class Family {
    /** As OpenTelemetry advises for {@code gen_ai.client.token.usage}. */
    private static final double[] TOKEN_BOUNDS = {
      1,
      4,
      16,
      64,
      256,
      1_024,
      4_096,
      16_384,
      65_536,
      262_144,
      1_048_576,
      4_194_304,
      16_777_216,
      67_108_864
    };

    private final Counter count;
    private final Counter tokens;
    private final Counter violations;
    private final Counter estimated;
    private final Counter cost;
    private final Counter unpriced;
    private final Counter continuations;
    private final Histogram duration;
    private final Histogram firstChunk;
    private final Histogram usage;

    Family(PrometheusRegistry registry) {
      count =
          counter("understudy_attempts_total", "Tries at vendors that are over.")
              .labelNames("vendor", "model", "protocol", "outcome", "relayed")
              .register(registry);
      tokens =
          counter("understudy_tokens_total", "Tokens by disjoint leaf, estimates among them.")
              .labelNames("vendor", "model", "leaf")
              .register(registry);
      violations =
          counter("understudy_usage_violations_total", "Sums of vendors that do not add up.")
              .labelNames("vendor", "model")
              .register(registry);
      estimated =
          counter("understudy_usage_estimated_total", "Attempts whose tokens are our estimate.")
              .labelNames("vendor", "model")
              .register(registry);
      cost =
          counter("understudy_cost_total", "What attempts cost by the price books.")
              .labelNames("vendor", "model", "currency")
              .register(registry);
      unpriced =
          counter(
                  "understudy_cost_unpriced_total",
                  "Attempts of which something has no price and is in suspense.")
              .labelNames("vendor", "model")
              .register(registry);
      continuations =
          counter(
                  "understudy_continuations_total",
                  "Tries at going on with an answer that broke off in the middle.")
              .labelNames("vendor", "model", "outcome")
              .register(registry);
      duration =
          Seconds.histogram("gen_ai_client_operation_duration_seconds", Unit.SECONDS)
              .help("From the start of an attempt to its end.")
              .labelNames(
                  "gen_ai_operation_name",
                  "gen_ai_provider_name",
                  "gen_ai_request_model",
                  "error_type")
              .register(registry);
      firstChunk =
          Seconds.histogram("gen_ai_client_operation_time_to_first_chunk_seconds", Unit.SECONDS)
              .help("From the start of a streamed attempt to the vendor's first content.")
              .labelNames("gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model")
              .register(registry);
      var tokenUsage =
          Histogram.builder()
              .name("gen_ai_client_token_usage")
              .help("Tokens of an attempt whose vendor said, or for which we estimated, how many.")
              .labelNames(
                  "gen_ai_operation_name",
                  "gen_ai_provider_name",
                  "gen_ai_request_model",
                  "gen_ai_token_type");
      tokenUsage.withoutExemplars();
      usage = tokenUsage.classicOnly().classicUpperBounds(TOKEN_BOUNDS).register(registry);
    }

    AttemptSeries series(Key key) {
      return new AttemptSeries(this, key);
    }

    private static Counter.Builder counter(String name, String help) {
      var builder = Counter.builder().name(name).help(help);
      builder.withoutExemplars();
      return builder;
    }
  }
}
