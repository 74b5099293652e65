package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.app.settings.Settings;
import dev.understudy.json.Json;
import dev.understudy.limits.redis.RedisServer;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** Limits set by the command line, met at the callers' door, shown and reset by operators. */
final class LimitsAtTheDoorTest {
  private static final String TOKEN = "a-token-for-operators";
  private static final Map<String, String> ENVIRONMENT = Map.of("UNDERSTUDY_ADMIN_TOKEN", TOKEN);
  private static final String ASK =
      "{\"model\":\"openai/gpt-5.1\",\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  @TempDir private Path data;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Running> gateways = new ArrayList<>();

  @AfterEach
  void stop() {
    gateways.forEach(Running::close);
    client.close();
  }

  private Running gateway(String name, String more) throws Exception {
    Path folder = Files.createDirectories(data.resolve(name));
    Path file = Files.writeString(folder.resolve("u.yaml"), "sandbox: true\n" + more);
    Settings settings = Settings.read(file, Map.of()).withPorts(0, 0);
    Running running = Running.start(settings, ENVIRONMENT, OutputStream.nullOutputStream(), folder);
    gateways.add(running);
    return running;
  }

  private String run(Running gateway, int code, String... words) {
    var out = new StringWriter();
    var err = new StringWriter();
    var all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--admin", "http://127.0.0.1:" + gateway.adminPort()));
    CommandLine line = Commands.line(ENVIRONMENT);
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    assertThat(line.execute(all.toArray(String[]::new))).as("%s%s", out, err).isEqualTo(code);
    return code == 0 ? out.toString() : err.toString();
  }

  private String key(Running gateway, String... options) {
    var words = new ArrayList<>(List.of("keys", "create"));
    words.addAll(List.of(options));
    return run(gateway, 0, words.toArray(String[]::new)).lines().findFirst().orElseThrow();
  }

  private HttpResponse<String> ask(Running gateway, String key) throws Exception {
    return client.send(asking(gateway, key, ASK), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest asking(Running gateway, String key, String body) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + gateway.gateway().port() + "/v1/chat/completions"))
        .header("authorization", "Bearer " + key)
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private String metrics(Running gateway) throws Exception {
    return client
        .send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + gateway.adminPort() + "/metrics"))
                .header("authorization", "Bearer " + TOKEN)
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Test
  void aBudgetOfATeamIsHeldShownAndStartedAnew() throws Exception {
    Running gateway = gateway("a", "");
    run(gateway, 0, "teams", "create", "search", "--budget", "0.008USD/month");
    String key = key(gateway, "--team", "search", "--rpm", "100");

    HttpResponse<String> first = ask(gateway, key);
    assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
    assertThat(first.headers().firstValue("x-ratelimit-remaining-requests")).contains("99");
    int asked = 1;
    HttpResponse<String> last = first;
    while (last.statusCode() == 200 && asked++ < 100) {
      last = ask(gateway, key);
    }
    assertThat(last.statusCode()).isEqualTo(429);
    assertThat(last.body()).contains("team:search has").contains("budget of 0.008USD/month");

    String shown = run(gateway, 0, "limits");
    assertThat(shown).contains("SCOPE").contains("team:search").contains("0.008USD/month");
    assertThat(shown).contains("100 requests per minute");
    var page = Json.parse(run(gateway, 0, "limits", "--scope", "team:search", "--json"));
    assertThat(Double.parseDouble(page.at("/scopes/0/budgets/0/spent").asString()))
        .isBetween(0.000001, 0.008);
    assertThat(page.at("/shared").asBoolean()).isFalse();
    assertThat(metrics(gateway))
        .contains("understudy_limit_refusals_total{limit=\"budget\"} 1.0")
        .contains("understudy_limit_used_ratio{limit=\"0.008USD/month\",scope=\"team:search\"}");

    assertThat(run(gateway, 1, "limits", "reset", "team:nobody", "--reason", "a test"))
        .contains("no scope of this name has such a budget: team:nobody");
    run(gateway, 0, "limits", "reset", "team:search", "--reason", "agreed with the team");
    assertThat(ask(gateway, key).statusCode()).isEqualTo(200);
  }

  @Test
  void aBudgetThatCouldNeverBeCountedIsRefusedWhenItIsSet() throws Exception {
    Running gateway = gateway("a", "limits: {currencies: {EUR: {usd: 1.08, on: '2026-11-01'}}}\n");

    assertThat(run(gateway, 1, "keys", "create", "--budget", "5CHF/day"))
        .contains("the budget 5CHF/day is in CHF, prices are in USD")
        .contains("limits.currencies.CHF");
    key(gateway, "--budget", "5EUR/day");
  }

  @Test
  void fault4TwoGatewaysOnOneRedisHoldOneLimitAndNotTwo() throws Exception {
    try (var redis = RedisServer.startOrSkip()) {
      String shared = "limits: {redis: {url: \"" + redis.url() + "\", lease: 2s}}\n";
      Running one = gateway("one", shared);
      Running two = gateway("two", shared);
      String[] keys = new String[2];
      for (Running gateway : List.of(one, two)) {
        run(gateway, 0, "teams", "create", "search", "--rpm", "20");
        keys[gateway == one ? 0 : 1] = key(gateway, "--team", "search");
      }
      int served = 0;
      for (int i = 0; i < 40; i++) {
        HttpResponse<String> reply = ask(i % 2 == 0 ? one : two, keys[i % 2]);
        served += reply.statusCode() == 200 ? 1 : 0;
        if (reply.statusCode() != 200) {
          assertThat(reply.body()).contains("team:search is at its limit of 20 requests");
        }
      }
      assertThat(served).isEqualTo(20);
      // Each hears of the other when it next renews what it holds.
      for (Running gateway : List.of(one, two)) {
        JsonNode page = limits(gateway);
        for (int i = 0; page.at("/replicas").asInt() != 2 && i < 100; i++) {
          Thread.sleep(100);
          page = limits(gateway);
        }
        assertThat(page.at("/shared").asBoolean()).isTrue();
        assertThat(page.at("/replicas").asInt()).isEqualTo(2);
      }

      redis.kill();
      key(one, "--team", "search"); // keys do not need it
      run(one, 0, "teams", "create", "other", "--rpm", "20");
      String other = key(one, "--team", "other");
      int without = 0;
      for (int i = 0; i < 20; i++) {
        without += ask(one, other).statusCode() == 200 ? 1 : 0;
      }
      // No outage: a replica of two has half of a limit that is new to it.
      assertThat(without).isEqualTo(10);
      assertThat(metrics(one)).contains("understudy_limits_in_trouble 1.0");
    }
  }

  @Test
  void twentyCallsAtOnceAfterAPauseFindTheRoomThatThereIs() throws Exception {
    try (var redis = RedisServer.startOrSkip()) {
      String shared = "limits: {redis: {url: \"" + redis.url() + "\"}}\n";
      Running one = gateway("one", shared);
      Running two = gateway("two", shared);
      for (Running gateway : List.of(one, two)) {
        run(gateway, 0, "teams", "create", "a", "--concurrent", "20", "--budget", "0.5USD/day");
      }
      String key = key(one, "--team", "a", "--concurrent", "20", "--budget", "0.5USD/day");
      String slow = ASK.replace("gpt-5.1", "gpt-5.1-sandbox-slow-millis-1500");
      for (int round = 0; round < 2; round++) {
        Thread.sleep(3_000); // until nothing is held for the key any more
        var replies = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        for (int i = 0; i < 20; i++) {
          replies.add(
              client.sendAsync(asking(one, key, slow), HttpResponse.BodyHandlers.ofString()));
        }
        for (CompletableFuture<HttpResponse<String>> reply : replies) {
          assertThat(reply.join().statusCode()).as(reply.join().body()).isEqualTo(200);
        }
      }
    }
  }

  private JsonNode limits(Running gateway) throws Exception {
    return Json.parse(run(gateway, 0, "limits", "--json"));
  }
}
