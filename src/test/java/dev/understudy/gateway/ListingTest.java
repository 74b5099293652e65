package dev.understudy.gateway;

import static dev.understudy.gateway.ScriptedVendor.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Caller;
import dev.understudy.access.Callers;
import dev.understudy.access.Glob;
import dev.understudy.access.Reach;
import dev.understudy.chat.ProtocolName;
import dev.understudy.contract.Rules;
import dev.understudy.json.Json;
import dev.understudy.routing.BreakerRule;
import dev.understudy.routing.Health;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** What is on offer is told in the form of the protocol that is asked in. */
class ListingTest {
  private static final String[] OPENAI = {"authorization", "Bearer any"};
  private static final String[] ANTHROPIC = {"x-api-key", "any", "anthropic-version", "2023-06-01"};
  private static final String[] GOOGLE = {"x-goog-api-key", "any"};

  @Test
  void allRoutesInEachForm() throws Exception {
    try (var vendor = new ScriptedVendor(json(200, "{}"));
        var house = house(vendor)) {
      ObjectNode openai = Json.parseObject(house.get("/v1/models", OPENAI).body());
      assertThat(openai.path("object").asString()).isEqualTo("list");
      assertThat(openai.path("data").path(0).path("id").asString()).isEqualTo("assistant");
      assertThat(openai.path("data").path(0).path("object").asString()).isEqualTo("model");

      ObjectNode anthropic = Json.parseObject(house.get("/v1/models", ANTHROPIC).body());
      assertThat(anthropic.path("data").path(0).path("type").asString()).isEqualTo("model");
      assertThat(anthropic.path("has_more").asBoolean(true)).isFalse();
      assertThat(anthropic.path("first_id").asString()).isEqualTo("assistant");
      assertThat(anthropic.path("last_id").asString()).isEqualTo("a/second");

      for (String path : List.of("/v1beta/models", "/v1/models")) {
        ObjectNode google = Json.parseObject(house.get(path, GOOGLE).body());
        assertThat(google.path("models").path(0).path("name").asString())
            .isEqualTo("models/assistant");
      }
    }
  }

  /** The first thing that a newcomer's library is asked. */
  @Test
  void behindTheRoutesTheModelsOfVendorsThatAreOn() throws Exception {
    try (var vendor = new ScriptedVendor(json(200, "{}"));
        var house = house(vendor, Callers.NONE)) {
      ObjectNode openai = Json.parseObject(house.get("/v1/models", OPENAI).body());

      assertThat(openai.path("data").findValuesAsString("id"))
          .containsExactly("assistant", "a/m", "a/first", "a/second");
      assertThat(openai.path("data").findValuesAsString("owned_by"))
          .containsExactly("understudy", "a", "a", "a");
    }
  }

  @Test
  void noMoreThanAThousandNames() throws Exception {
    List<String> many = IntStream.range(0, 5_000).mapToObj(i -> "m" + i).toList();
    try (var vendor = new ScriptedVendor(json(200, "{}"));
        var house = house(vendor, Callers.NONE, many)) {
      ObjectNode openai = Json.parseObject(house.get("/v1/models", OPENAI).body());

      assertThat(openai.path("data").size()).isEqualTo(1_000);
    }
  }

  @Test
  void onlyWhatTheCallerMayAskFor() throws Exception {
    for (Reach reach :
        List.of(
            Reach.of(List.of(new Glob("assistant")), List.of()),
            Reach.of(List.of(), List.of(new Glob("b"))))) {
      try (var vendor = new ScriptedVendor(json(200, "{}"));
          var house = house(vendor, reaching(reach))) {
        ObjectNode openai = Json.parseObject(house.get("/v1/models", OPENAI).body());

        assertThat(openai.path("data").findValuesAsString("id")).containsExactly("assistant");
      }
    }
  }

  /** Anthropic's library encodes the slash; Google's asks below {@code /v1} as well. */
  @Test
  void oneModelInEachForm() throws Exception {
    try (var vendor = new ScriptedVendor(json(200, "{}"));
        var house = house(vendor)) {
      for (String name : List.of("a/some-model", "a%2Fsome-model")) {
        assertThat(house.get("/v1/models/" + name, OPENAI).body())
            .contains("\"id\":\"a/some-model\"", "\"object\":\"model\"");
        assertThat(house.get("/v1/models/" + name, ANTHROPIC).body())
            .contains("\"id\":\"a/some-model\"", "\"type\":\"model\"", "\"created_at\":");
        for (String version : List.of("v1", "v1beta", "v1alpha")) {
          assertThat(house.get("/" + version + "/models/" + name, GOOGLE).body())
              .contains("\"name\":\"models/a/some-model\"", "supportedGenerationMethods");
        }
      }
      assertThat(house.get("/v1beta/models/assistant").body())
          .contains("\"name\":\"models/assistant\"");
    }
  }

  /** Vercel's library leaves {@code models/} out before a name that has a slash in it. */
  @Test
  void aModelIsAskedThroughGooglesDoorWithoutTheWordBeforeIt() throws Exception {
    try (var vendor =
            new ScriptedVendor(
                json(
                    200,
                    "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\","
                        + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                        + "\"content\":\"hello\"},\"finish_reason\":\"stop\"}]}"));
        var house = house(vendor)) {
      var reply =
          house.post(
              "/v1beta/a/m:generateContent",
              "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}]}");

      assertThat(reply.statusCode()).isEqualTo(200);
      assertThat(reply.body()).contains("hello");
      assertThat(house.get("/v1beta/a/m", GOOGLE).statusCode()).isEqualTo(404);
    }
  }

  @Test
  void aModelThatIsNotThereInEachForm() throws Exception {
    try (var vendor = new ScriptedVendor(json(200, "{}"));
        var house = house(vendor)) {
      var openai = house.get("/v1/models/nobody", OPENAI);
      var anthropic = house.get("/v1/models/nobody", ANTHROPIC);
      var google = house.get("/v1/models/nobody", GOOGLE);

      assertThat(List.of(openai.statusCode(), anthropic.statusCode(), google.statusCode()))
          .containsOnly(404);
      assertThat(openai.body()).startsWith("{\"error\":{\"message\":");
      assertThat(anthropic.body()).startsWith("{\"type\":\"error\"");
      assertThat(google.body()).startsWith("{\"error\":{\"code\":404");
    }
  }

  /** Callers of this machine, who may use so much. */
  private static Callers reaching(Reach reach) {
    return new Callers(List.of(), new Caller("k", "k", "t", "o", Map.of(), reach, List.of()));
  }

  private static House house(ScriptedVendor vendor) throws Exception {
    return house(vendor, Callers.NONE);
  }

  private static House house(ScriptedVendor vendor, Callers callers) throws Exception {
    return house(vendor, callers, List.of("first", "m", "second"));
  }

  private static House house(ScriptedVendor vendor, Callers callers, List<String> models)
      throws Exception {
    return new House(
        Patience.USUAL,
        Gateway.Limits.none(),
        callers,
        new Counsel(
            Gate.OPEN,
            Health.Headrooms.UNKNOWN,
            Health.Prices.UNKNOWN,
            () -> Rules.NONE,
            _ -> models),
        BreakerRule.USUAL,
        List.of(House.route("assistant", "a/m")),
        House.vendor("a", vendor.port(), ProtocolName.OPENAI_CHAT));
  }
}
