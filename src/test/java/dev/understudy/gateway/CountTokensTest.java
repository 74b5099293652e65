package dev.understudy.gateway;

import static dev.understudy.gateway.ScriptedVendor.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Callers;
import dev.understudy.chat.ProtocolName;
import dev.understudy.json.Json;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

class CountTokensTest {
  private static final String ASK =
      "{\"model\":\"v/m\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
          .formatted("word ".repeat(100));

  @Test
  void relaysACountToAVendorOfTheSameProtocol() throws Exception {
    try (var vendor = new ScriptedVendor(json(200, "{\"input_tokens\": 41}"));
        var house = house(vendor, ProtocolName.ANTHROPIC_MESSAGES)) {
      HttpResponse<String> response = house.post("/v1/messages/count_tokens", ASK);

      assertThat(response.body()).isEqualTo("{\"input_tokens\": 41}");
      assertThat(vendor.seen.getFirst().line()).startsWith("POST /v1/messages/count_tokens ");
    }
  }

  @Test
  void letsAVendorOfAnotherProtocolCount() throws Exception {
    try (var vendor = new ScriptedVendor(json(200, "{\"totalTokens\": 42}"));
        var house = house(vendor, ProtocolName.GEMINI)) {
      HttpResponse<String> response = house.post("/v1/messages/count_tokens", ASK);

      assertThat(Json.parseObject(response.body()).get("input_tokens").intValue()).isEqualTo(42);
      assertThat(vendor.seen.getFirst().line()).contains(":countTokens");
    }
  }

  @Test
  void estimatesWhereTheVendorCannotCountAndSaysSo() throws Exception {
    try (var vendor = new ScriptedVendor(json(500, "{}"));
        var house = house(vendor, ProtocolName.OPENAI_CHAT)) {
      HttpResponse<String> response = house.post("/v1/messages/count_tokens", ASK);

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("x-understudy-estimated")).contains("true");
      assertThat(Json.parseObject(response.body()).get("input_tokens").intValue())
          .isBetween(100, 160);
      assertThat(vendor.seen).isEmpty();
    }
  }

  private static House house(ScriptedVendor vendor, ProtocolName protocol) throws Exception {
    return new House(Callers.NONE, List.of(), House.vendor("v", vendor.port(), protocol));
  }
}
