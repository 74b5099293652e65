package dev.understudy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.exchange.Attempt;
import dev.understudy.routing.Plan;
import dev.understudy.routing.Route;
import dev.understudy.routing.Target;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class MetricsTest {
  private static final Plan PLAN =
      new Plan(
          List.of(
              new Route(
                  "assistant",
                  new Target("openai", "gpt-5.1"),
                  List.of(new Target("claude", "claude-sonnet-4-5")))),
          List.of());

  private final Metrics metrics = new Metrics("0.1.0", PLAN, () -> 3, () -> 7);

  @Test
  void countsAttemptsThatWentOn() {
    metrics.append(
        Samples.exchange(
            "id", "mai/mai-1", List.of(Samples.wentOn("mai-1", Attempt.Outcome.ANSWERED))));

    assertThat(lines())
        .contains(
            "understudy_continuations_total{model=\"mai-1\",outcome=\"answered\",vendor=\"mai\"} 1.0");
  }

  @Test
  void countsExchangesAttemptsAndTokens() {
    metrics.append(Samples.exchange());
    metrics.append(Samples.exchange());

    assertThat(lines())
        .contains(
            "understudy_exchanges_total{outcome=\"answered\",protocol=\"anthropic-messages\",route=\"assistant\",status_class=\"2xx\"} 2.0",
            "understudy_attempts_total{model=\"gpt-5.1\",outcome=\"refused\",protocol=\"openai-responses\",relayed=\"false\",vendor=\"openai\"} 2.0",
            "understudy_attempts_total{model=\"claude-sonnet-4-5\",outcome=\"answered\",protocol=\"anthropic-messages\",relayed=\"true\",vendor=\"claude\"} 2.0",
            "understudy_tokens_total{leaf=\"input.text.read\",model=\"claude-sonnet-4-5\",vendor=\"claude\"} 2000.0",
            "understudy_tokens_total{leaf=\"output.text.reasoning\",model=\"claude-sonnet-4-5\",vendor=\"claude\"} 0.0",
            "understudy_usage_violations_total{model=\"claude-sonnet-4-5\",vendor=\"claude\"} 2.0",
            "understudy_losses_total{protocol=\"anthropic-messages\",route=\"assistant\"} 2.0",
            "understudy_exchange_duration_seconds_count{protocol=\"anthropic-messages\",stream=\"true\"} 2",
            "understudy_exchange_duration_seconds_bucket{protocol=\"anthropic-messages\",stream=\"true\",le=\"1.28\"} 0",
            "understudy_exchange_duration_seconds_bucket{protocol=\"anthropic-messages\",stream=\"true\",le=\"2.56\"} 2",
            "understudy_exchange_first_byte_seconds_count{protocol=\"anthropic-messages\",stream=\"true\"} 2",
            "understudy_open_calls 3.0",
            "understudy_log_lines_dropped_total 7.0",
            "understudy_build_info{version=\"0.1.0\"} 1");
  }

  @Test
  void speaksOpenTelemetrysNamesForAttempts() {
    metrics.append(Samples.exchange());

    assertThat(lines())
        .contains(
            "gen_ai_client_token_usage_sum{gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"anthropic\",gen_ai_request_model=\"claude-sonnet-4-5\",gen_ai_token_type=\"input\"} 1042.0",
            "gen_ai_client_token_usage_sum{gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"anthropic\",gen_ai_request_model=\"claude-sonnet-4-5\",gen_ai_token_type=\"output\"} 200.0",
            "gen_ai_client_operation_duration_seconds_count{error_type=\"refused\",gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"openai\",gen_ai_request_model=\"gpt-5.1\"} 1",
            "gen_ai_client_operation_time_to_first_chunk_seconds_count{gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"anthropic\",gen_ai_request_model=\"claude-sonnet-4-5\"} 1");
  }

  @Test
  void tellsWhatTheProcessTakes() {
    assertThat(text())
        .contains("jvm_memory_used_bytes{area=\"heap\"} ")
        .contains("jvm_threads_current ")
        .contains("process_uptime_seconds ")
        .contains("process_cpu_seconds_total ");
  }

  @Test
  void routesThatLedNowhereAreOneLabelValue() {
    for (int i = 0; i < 500; i++) {
      metrics.append(Samples.unknown("made-up-" + i));
    }

    assertThat(text()).doesNotContain("made-up");
    assertThat(lines())
        .contains(
            "understudy_exchanges_total{outcome=\"refused\",protocol=\"openai-chat\",route=\"other\",status_class=\"4xx\"} 500.0");
  }

  @Test
  void modelsThatAVendorDoesNotHaveAreOneLabelValue() {
    for (int i = 0; i < 50; i++) {
      var attempt = Samples.attempt("made-up-" + i, 404, Attempt.Outcome.REFUSED);
      metrics.append(Samples.exchange("id", "mai/made-up-" + i, List.of(attempt)));
    }

    assertThat(text()).doesNotContain("made-up");
  }

  @Test
  void namesBeyondTheBoundAreOneLabelValueButConfiguredRoutesAreKept() {
    for (int i = 0; i < 1_000; i++) {
      var attempt = Samples.attempt("model-" + i, 200, Attempt.Outcome.ANSWERED);
      metrics.append(Samples.exchange("id", "mai/model-" + i, List.of(attempt)));
    }
    metrics.append(Samples.exchange());

    assertThat(lines().filter(line -> line.startsWith("understudy_attempts_total{")))
        .hasSize(Metrics.NAMES_MAX + 3)
        .contains(
            "understudy_attempts_total{model=\"other\",outcome=\"answered\",protocol=\"openai-chat\",relayed=\"true\",vendor=\"mai\"} 800.0");
    assertThat(lines().filter(line -> line.startsWith("understudy_exchanges_total{")))
        .hasSize(Metrics.NAMES_MAX + 2)
        .anyMatch(line -> line.contains("route=\"assistant\""))
        .anyMatch(line -> line.contains("route=\"other\"") && line.endsWith(" 800.0"));
  }

  @Test
  void hostileNamesDoNotBreakTheFormat() {
    var attempt = Samples.attempt("a\"} 1\nevil 2\\", 200, Attempt.Outcome.ANSWERED);
    metrics.append(Samples.exchange("id", "r\"} 1\nevil 2", List.of(attempt)));

    assertThat(lines())
        .noneMatch(line -> line.startsWith("evil"))
        .allMatch(line ->
            line.startsWith("# ")
                || line.matches("[a-zA-Z_:][a-zA-Z0-9_:]*(\\{.*})? [-+0-9.eEInfNa]+"));
  }

  @Test
  void speaksOpenMetricsToWhoAsksForIt() {
    var plain = metrics.exposition("");
    var open = metrics.exposition("application/openmetrics-text;version=1.0.0,text/plain;q=0.5");

    assertThat(plain.contentType()).startsWith("text/plain; version=0.0.4");
    assertThat(open.contentType()).startsWith("application/openmetrics-text; version=1.0.0");
    assertThat(new String(open.body(), StandardCharsets.UTF_8)).endsWith("# EOF\n");
  }

  private String text() {
    return new String(metrics.exposition("").body(), StandardCharsets.UTF_8);
  }

  private Stream<String> lines() {
    return text().lines();
  }
}
