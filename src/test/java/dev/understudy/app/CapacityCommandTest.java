package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.app.settings.Settings;
import dev.understudy.capacity.Burn;
import dev.understudy.capacity.Capacity;
import dev.understudy.capacity.CapacityReport;
import dev.understudy.capacity.Dimension;
import dev.understudy.capacity.HeaderDialect;
import dev.understudy.capacity.Hours;
import dev.understudy.capacity.Load;
import dev.understudy.capacity.Observation;
import dev.understudy.capacity.Priority;
import dev.understudy.capacity.Provisioned;
import dev.understudy.capacity.Pushback;
import dev.understudy.capacity.Terms;
import dev.understudy.exchange.Journal;
import dev.understudy.routing.Plan;
import dev.understudy.routing.Queue;
import dev.understudy.telemetry.Metrics;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class CapacityCommandTest {
  private final Capacity capacity = new Capacity(CapacityCommandTest::terms, Instant::now);

  private static Terms terms(String vendor, String model) {
    Optional<Provisioned> bought =
        vendor.equals("azure")
            ? Optional.of(
                new Provisioned(
                    10, 100, Burn.PLAIN, Hours.ALWAYS, 0.95, 0.8, Provisioned.Beyond.REFUSED))
            : Optional.empty();
    return new Terms(
        vendor.equals("openai") ? Map.of(Dimension.REQUESTS, 100L) : Map.of(),
        0,
        Burn.PLAIN,
        0.2,
        HeaderDialect.NONE,
        bought);
  }

  @Test
  void showsHowThingsStandAsATable() {
    use();

    List<String> lines = CapacityCommand.lines(CapacityReport.json(capacity, 0));

    assertThat(lines.getFirst())
        .isEqualTo("TARGET        KEY  HEADROOM  LIMITS                   STATE");
    assertThat(lines.get(1))
        .isEqualTo(
            "azure/ptu     K2   3 %       provisioned 30 of 1000   provisioned 97 % in use,"
                + " spilling");
    assertThat(lines.get(2)).startsWith("openai/gpt-5  K1   0 %       requests 0 of 6 learned");
    assertThat(lines.get(2)).endsWith("blocked for 7 s (rate)");
    assertThat(lines.getLast())
        .isEqualTo("queue: 0 wait; 0 were served, 0 waited in vain, 0 left, 0 found no place");
    assertThat(
            CapacityCommand.lines(
                CapacityReport.json(new Capacity(Capacity.EMPTY, Instant::now), 0)))
        .startsWith("no vendor was asked yet");
  }

  @Test
  void metricsShowTheSame() {
    use();
    var metrics = new Metrics("1", Plan.EMPTY, () -> 0, () -> 0);
    metrics.show(capacity);

    String page = new String(metrics.exposition("").body(), StandardCharsets.UTF_8);

    assertThat(page)
        .contains("understudy_capacity_headroom{credential=\"K2\",model=\"ptu\",vendor=\"azure\"}")
        .contains("understudy_capacity_provisioned_in_use{")
        .contains("understudy_capacity_limit{credential=\"K1\",dimension=\"requests\"")
        .contains(
            "understudy_capacity_pushbacks_total{cause=\"rate\",credential=\"K1\",model=\"gpt-5\","
                + "vendor=\"openai\"} 1.0")
        .contains("understudy_queue_length 0.0");
    assertThat(metrics).isInstanceOf(Journal.class);
  }

  @Test
  void asksARunningGatewayWhatTheSettingsAndRepliesCameTo(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("understudy.yaml");
    Files.writeString(
        file,
        """
        sandbox: true
        vendors:
          own: {protocol: openai-chat, url: "http://127.0.0.1:1/v1", key: none, capacity: {"*": {requests: 7}}}
        routes:
          r: {serve: own/m, fallback: [openai/gpt-5.1], queue: {max: 3, deadline: 2s}}
        """);
    var environment = Map.of("UNDERSTUDY_ADMIN_TOKEN", "a-token-for-operators");
    Settings settings = Settings.read(file, environment).withPorts(0, 0);
    assertThat(settings.routes().getFirst().queue()).hasValue(new Queue(3, Duration.ofSeconds(2)));
    try (var running =
            Running.start(
                settings, environment, OutputStream.nullOutputStream(), folder.resolve("data"));
        var client = HttpClient.newHttpClient()) {
      var reply =
          client.send(
              HttpRequest.newBuilder(
                      URI.create(
                          "http://127.0.0.1:" + running.gateway().port() + "/v1/chat/completions"))
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          "{\"model\":\"r\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);

      var out = new StringWriter();
      int code =
          new CommandLine(new CapacityCommand(environment))
              .setOut(new PrintWriter(out))
              .execute("--admin", "http://127.0.0.1:" + running.adminPort());

      assertThat(code).isZero();
      assertThat(out.toString().lines())
          .anyMatch(line -> line.startsWith("own/m") && line.contains("requests 7 of 7"))
          .anyMatch(line -> line.startsWith("openai/gpt-5.1") && line.contains("of 10000"))
          .anyMatch(line -> line.startsWith("queue: 0 wait"));
    }
  }

  private void use() {
    var one = capacity.of("openai", "gpt-5", "K1", 0);
    one.reserve(new Load(1, 0, 1), 0, Priority.INTERACTIVE, 0, 0)
        .orElseThrow()
        .served(new Load(1, 0, 1), 0);
    one.reserve(new Load(1, 0, 1), 0, Priority.INTERACTIVE, 0, 0)
        .orElseThrow()
        .pushedBack(
            new Pushback(
                Pushback.Cause.RATE, Optional.of(Dimension.REQUESTS), OptionalLong.of(7_000)),
            Load.NONE,
            Observation.NOTHING,
            0);
    capacity
        .of("azure", "ptu", "K2", 0)
        .reserve(new Load(970, 0, 0), 0, Priority.INTERACTIVE, 0, 0)
        .orElseThrow()
        .served(new Load(970, 0, 0), 0);
  }
}
