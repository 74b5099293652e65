package dev.understudy.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.understudy.json.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What a run would cost, and what is wrong with it, is told before anything is paid. */
final class QualifyBeforehandTest extends Qualifying {
  @Test
  void aDryRunAsksNothing() throws IOException {
    Ended ended = run(arguments(suite(10, "{type: is-json}"), "mai/mai-1", "--dry-run"));

    assertThat(ended.code()).isZero();
    assertThat(ended.err()).contains("20 questions").contains("an equal candidate would qualify");
    assertThat(folder.resolve("data/qualify")).isDirectoryNotContaining("glob:**report.html");
  }

  @Test
  void mistakesAreToldBeforeAnythingIsAsked() throws IOException {
    Ended bad = run(arguments(suite(1, "{type: containz, value: x}"), "mai/mai-1"));
    assertThat(bad.code()).isEqualTo(1);
    assertThat(bad.err()).contains("suite.yaml:6:49: ").contains("unknown check \"containz\"");

    assertThat(run(arguments(suite(1, "{type: is-json}"), "anthropic/claude-sonnet-4-5")).code())
        .isEqualTo(2);
    assertThat(run("qualify", "--candidate", "a/b").code()).isEqualTo(2);
    Ended missing = run(arguments(folder.resolve("none.yaml").toString(), "mai/mai-1"));
    assertThat(missing.code()).isEqualTo(1);
    assertThat(missing.err()).contains("there is no file");
  }

  @Test
  void whoIsNotThereIsToldBeforeAnythingIsPaid() throws IOException {
    Ended ended = run(arguments(suite(3, "{type: is-json}"), "maii/mai-1"));

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).contains("there is no target and no route \"maii/mai-1\"");
    assertThat(ended.out()).isEmpty();
    assertThat(runs()).isEmpty();
  }

  @Test
  void aCandidateThatCannotDoWhatCasesOrTheRouteAskIsToldBeforeAnythingIsPaid() throws IOException {
    var asked = new ArrayList<String>();
    HttpServer server = model(Qualifying::said, asked);
    try {
      String config =
          Files.writeString(
                  folder.resolve("understudy.yaml"),
                  """
                  sandbox: false
                  vendors:
                    own: {protocol: openai-chat, url: "http://127.0.0.1:%1$d/v1", key: none}
                    perplexity: {url: "http://127.0.0.1:%1$d", key: none}
                  routes:
                    assistant: {serve: own/plain}
                  """
                      .formatted(server.getAddress().getPort()))
              .toString();
      String suite =
          Files.writeString(
                  folder.resolve("tools.yaml"),
                  """
                  suite: tools
                  metric: pass
                  margin: 0.05
                  checks: [{type: not-is-refusal}]
                  cases:
                    - {id: plain, input: Hello}
                    - {id: order, input: Where is it?, tools: '[{"type":"function","function":{"name":"f"}}]'}
                  """)
              .toString();

      Ended ended =
          run(
              "qualify",
              suite,
              "--config",
              config,
              "--data",
              folder.resolve("data").toString(),
              "--candidate",
              "perplexity/sonar",
              "--incumbent",
              "assistant");

      assertThat(ended.code()).isEqualTo(1);
      assertThat(ended.err())
          .contains(
              "perplexity/sonar does not take tools, which 1 of 2 cases offer, the first of them"
                  + " order")
          .contains(
              "warning: perplexity/sonar does not take audio, tools, video, which own/plain on route"
                  + " assistant does");
      assertThat(asked).isEmpty();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aGatewayElsewhereThatDoesNotKnowTheCandidateIsNotPaidForTheIncumbent() throws IOException {
    var asked = new CopyOnWriteArrayList<String>();
    var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/v1/chat/completions",
        exchange -> {
          asked.add(Json.parse(exchange.getRequestBody().readAllBytes()).path("model").asString());
          byte[] bytes = "{\"error\":{\"message\":\"unknown model gone\"}}".getBytes(UTF_8);
          exchange.sendResponseHeaders(404, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    try {
      String door = "http://127.0.0.1:" + server.getAddress().getPort();
      String suite = suite(30, "{type: is-json}");

      Ended ended = run(arguments(suite, "gone", "--gateway", door));

      assertThat(ended.code()).isEqualTo(1);
      assertThat(ended.err())
          .contains("gone cannot be asked: unknown model gone")
          .contains(
              "note: costs are by the price books here; those of the gateway at "
                  + door
                  + " may differ");
      assertThat(asked).containsExactly("gone");
      Ended typed = run(arguments(suite, "gone", "--gateway", "ftp:door"));
      assertThat(typed.code()).isEqualTo(2);
      assertThat(typed.err()).contains("--gateway must be an address");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aRouteIsEstimatedAtThePriceOfItsFirstTarget() throws IOException {
    String config =
        Files.writeString(
                folder.resolve("understudy.yaml"),
                "sandbox: true\nroutes: {assistant: {serve: openai/gpt-5.1}}\n")
            .toString();

    Ended ended =
        run(arguments(suite(2, "{type: is-json}"), "assistant", "--config", config, "--dry-run"));

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.err()).containsPattern("it would cost about .*assistant [0-9.]+ USD");
  }

  @Test
  void aCheckOfTheCostWantsAPriceOfEverybodyItIsPutTo() throws IOException {
    Ended ended = run(arguments(suite(3, "{type: cost, value: 0.5}"), "mai/unpriced"));

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err())
        .contains(
            "no price is known of mai/unpriced, so that the check cost of 3 of 3 cases cannot be"
                + " judged, the first of them c0");
    assertThat(runs()).isEmpty();
  }
}
