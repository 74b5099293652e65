package dev.understudy.app.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.Feature;
import dev.understudy.routing.Affinity;
import dev.understudy.routing.Balance;
import dev.understudy.routing.Continuing;
import dev.understudy.routing.Resolution;
import dev.understudy.routing.Route;
import dev.understudy.routing.RouteTarget;
import dev.understudy.routing.Tier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What routes of a settings file come to. */
final class RoutesTest {
  private static final String VENDORS =
      """
      vendors:
        openai: {key: a-key}
        anthropic: {key: a-key}
        deepseek: {key: a-key}
        bedrock: {key: a-key, region: eu-west-1}
      """;

  @Test
  void theFullFormSaysEverything() throws BadSettings {
    Route route =
        route(
            """
            routes:
              chat:
                balance: latency
                regions: [eu]
                hold: 2s
                continuation: off
                continuations: 5
                timeouts: {first-token: 9s, idle: 30s}
                retries: {attempts: 4, share: 0.5, burst: 7, backoff: 100ms, backoff-max: 2s}
                hedge: {quantile: 0.95}
                targets:
                  - target: openai/gpt-5.1
                    weight: 2.5
                    region: eu
                    timeouts: {first-token: 3s}
                    set: {temperature: 0.2, metadata.team: search, stop: [a, "b"]}
                    drop: [logit_bias]
                  - target: bedrock/claude
                    when: {teams: [search], with: [images], tokens-max: 1000}
                  - {target: anthropic/claude-sonnet-4-5, priority: 2, region: us, cannot: [tools]}
            """,
            "chat");

    assertThat(route.regions()).containsExactly("eu");
    assertThat(route.hold()).contains(Duration.ofSeconds(2));
    assertThat(route.continuing()).isEqualTo(new Continuing(Continuing.What.OFF, 5));
    assertThat(route.retry().attempts()).isEqualTo(4);
    assertThat(route.retry().burst()).isEqualTo(7);
    assertThat(route.hedge().orElseThrow().quantile()).isEqualTo(0.95);
    Tier first = route.tiers().getFirst();
    assertThat(first.balance()).isEqualTo(Balance.LATENCY);
    assertThat(first.affinity()).isEqualTo(Affinity.NONE);
    RouteTarget gpt = first.targets().getFirst();
    assertThat(gpt.weight()).isEqualTo(2.5);
    assertThat(gpt.waits().firstToken()).contains(Duration.ofSeconds(3));
    assertThat(gpt.waits().idle()).contains(Duration.ofSeconds(30));
    assertThat(gpt.overrides().set())
        .containsExactly(
            Map.entry("temperature", "0.2"),
            Map.entry("metadata.team", "\"search\""),
            Map.entry("stop", "[\"a\",\"b\"]"));
    assertThat(gpt.overrides().drop()).containsExactly("logit_bias");
    RouteTarget claude = first.targets().getLast();
    assertThat(claude.region()).isEqualTo("eu-west-1");
    assertThat(claude.when().teams()).containsExactly("search");
    assertThat(claude.when().with()).containsExactly(Feature.IMAGES);
    assertThat(claude.when().bytesMax()).isEqualTo(4_003);
    RouteTarget last = route.tiers().getLast().targets().getFirst();
    assertThat(last.lacks()).contains(Feature.TOOLS, Feature.AUDIO);
  }

  @Test
  void weightedTargetsKeepSessionsTogetherUnlessToldOtherwise() throws BadSettings {
    String targets = "targets: [{target: openai/a}, {target: openai/b}]";

    assertThat(route("routes: {r: {" + targets + "}}", "r").affinity()).isEqualTo(Affinity.AUTO);
    assertThat(route("routes: {r: {affinity: none, " + targets + "}}", "r").affinity())
        .isEqualTo(Affinity.NONE);
    assertThat(route("routes: {r: {balance: cheapest, " + targets + "}}", "r").affinity())
        .isEqualTo(Affinity.NONE);
  }

  @Test
  void aFallbackMayBeARouteWithAllItsTargets() throws BadSettings {
    Route route =
        route(
            """
            routes:
              best: {serve: openai/a, fallback: [cheap, anthropic/z]}
              cheap:
                balance: least-busy
                targets: [{target: openai/a}, {target: deepseek/b}, {target: deepseek/c}]
                fallback: [anthropic/y]
            """,
            "best");

    assertThat(route.tiers())
        .extracting(tier -> tier.targets().stream().map(RouteTarget::name).toList())
        .containsExactly(
            List.of("openai/a"),
            List.of("deepseek/b", "deepseek/c"),
            List.of("anthropic/y"),
            List.of("anthropic/z"));
    assertThat(route.tiers().get(1).balance()).isEqualTo(Balance.LEAST_BUSY);
  }

  @Test
  void theCatalogueKnowsWhatModelsLackAndASettingKnowsBetter() throws BadSettings {
    Route route =
        route(
            "routes: {r: {targets: [{target: deepseek/deepseek-chat}, {target: deepseek/deepseek-vl,"
                + " can: [images]}]}}",
            "r");

    assertThat(route.tiers().getFirst().targets())
        .extracting(RouteTarget::lacks)
        .containsExactly(
            Set.of(Feature.IMAGES, Feature.AUDIO, Feature.VIDEO, Feature.DOCUMENTS),
            Set.of(Feature.AUDIO, Feature.VIDEO, Feature.DOCUMENTS));
    // A name that no route has knows it as well.
    assertThat(route("", "deepseek/deepseek-chat").tiers().getFirst().targets().getFirst().lacks())
        .contains(Feature.IMAGES);
  }

  @Test
  void breakersAreSet() throws BadSettings {
    var breakers =
        Settings.read(
                Path.of("understudy.yaml"),
                "breakers: {consecutive: 2, failures: 0.25, out: 5m, slow-after: 8s, probe: 1s}"
                    .getBytes(StandardCharsets.UTF_8),
                Map.of())
            .plan()
            .breakers();

    assertThat(breakers.consecutive()).isEqualTo(2);
    assertThat(breakers.share()).isEqualTo(0.25);
    assertThat(breakers.out()).isEqualTo(Duration.ofMinutes(5));
    assertThat(breakers.outMax()).isEqualTo(Duration.ofMinutes(5));
    assertThat(breakers.slowAfter()).isEqualTo(Duration.ofSeconds(8));
    assertThat(breakers.probe()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void theExampleOfThePageIsUnderstood() throws Exception {
    String page = Files.readString(Path.of("docs/reference/routes.md"));
    String example = page.substring(page.indexOf("```yaml\n") + 8);
    example = example.substring(0, example.indexOf("```"));

    Route route =
        route(
            """
              azure-eu: {kind: azure-openai, url: "https://x.openai.azure.com", key: a-key}
              mai: {protocol: openai-chat, url: "http://127.0.0.1:8000/v1", key: none}
            """
                + example,
            "chat");

    assertThat(route.tiers()).hasSize(2);
    assertThat(route.tiers().getLast().targets().getFirst().lacks()).contains(Feature.IMAGES);
  }

  private static Route route(String routes, String name) throws BadSettings {
    Settings settings =
        Settings.read(
            Path.of("understudy.yaml"),
            (VENDORS + routes).getBytes(StandardCharsets.UTF_8),
            Map.of());
    return ((Resolution.Found) settings.plan().resolve(name)).route();
  }
}
