package dev.understudy.gateway;

import static dev.understudy.gateway.ScriptedVendor.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Callers;
import dev.understudy.chat.ProtocolName;
import dev.understudy.json.Json;
import java.util.List;
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
      assertThat(anthropic.path("last_id").asString()).isEqualTo("assistant");

      for (String path : List.of("/v1beta/models", "/v1/models")) {
        ObjectNode google = Json.parseObject(house.get(path, GOOGLE).body());
        assertThat(google.path("models").path(0).path("name").asString())
            .isEqualTo("models/assistant");
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

  private static House house(ScriptedVendor vendor) throws Exception {
    return new House(
        Callers.NONE,
        List.of(House.route("assistant", "a/m")),
        House.vendor("a", vendor.port(), ProtocolName.OPENAI_CHAT));
  }
}
