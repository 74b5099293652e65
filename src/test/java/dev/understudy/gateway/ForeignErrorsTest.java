package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Callers;
import dev.understudy.chat.ProtocolName;
import dev.understudy.json.Json;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Errors of vendors who are relayed, some of which are not their own but a proxy's. */
final class ForeignErrorsTest {
  private static final String WORDS = "Wrong key.";

  private enum Door {
    CHAT("/v1/chat/completions", ProtocolName.OPENAI_CHAT),
    RESPONSES("/v1/responses", ProtocolName.OPENAI_RESPONSES),
    MESSAGES("/v1/messages", ProtocolName.ANTHROPIC_MESSAGES),
    GEMINI("/v1beta/models/a/m:generateContent", ProtocolName.GEMINI);

    private final String path;
    private final ProtocolName protocol;

    Door(String path, ProtocolName protocol) {
      this.path = path;
      this.protocol = protocol;
    }
  }

  static Stream<Arguments> foreign() {
    return everywhere("<html><head><title>Wrong key.</title></head></html>", "Wrong key.");
  }

  private static Stream<Arguments> everywhere(String... bodies) {
    return Stream.of(Door.values())
        .flatMap(door -> Stream.of(bodies).map(body -> Arguments.of(door, body)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("foreign")
  void anErrorThatIsNoDocumentIsToldInTheCallersForm(Door door, String error) throws Exception {
    HttpResponse<String> reply = reply(door, error);

    assertThat(reply.statusCode()).isEqualTo(422);
    assertThat(reply.headers().firstValue("content-type")).contains("application/json");
    assertThat(reply.headers().firstValue("x-vendor")).contains("yes");
    JsonNode told = Json.parse(reply.body());
    assertThat(told.path("error").path("message").asString("")).contains(WORDS);
    assertThat(reply.body()).contains("\"vendor\":\"a\"");
  }

  static Stream<Arguments> own() {
    String google = "{\"error\":{\"code\":422,\"message\":\"Wrong key.\",\"status\":\"X\"}}";
    return everywhere(
        "{ \"error\": {\"message\":\"Wrong key.\",\"code\":1} }\n",
        "{\"error\":{\"message\":\"Wrong key.\",\"message\":\"no\"}}",
        "{\"code\":\"x\",\"error\":\"Wrong key.\"}",
        "{\"type\":\"error\",\"error\":{\"type\":\"t\",\"message\":\"Wrong key.\"}}",
        "{\"message\":\"Wrong key.\"}",
        "{\"detail\":\"Wrong key.\"}",
        "{\"detail\":[{\"loc\":[\"body\"],\"msg\":\"Wrong key.\"}]}",
        google,
        "[" + google + "\n]");
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("own")
  void anErrorThatIsADocumentIsRelayedAsItIs(Door door, String error) throws Exception {
    HttpResponse<String> reply = reply(door, error);

    assertThat(reply.statusCode()).isEqualTo(422);
    assertThat(reply.body()).isEqualTo(error);
    assertThat(reply.headers().firstValue("content-type")).contains("text/html");
  }

  private static HttpResponse<String> reply(Door door, String error) throws Exception {
    ScriptedVendor.Script script =
        (seen, socket, out) ->
            out.write(ScriptedVendor.response(422, "text/html", error, "x-vendor: yes"));
    try (var vendor = new ScriptedVendor(script);
        var house =
            new House(Callers.NONE, List.of(), House.vendor("a", vendor.port(), door.protocol))) {
      return house.post(
          door.path,
          door == Door.GEMINI
              ? "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"x\"}]}]}"
              : "{\"model\":\"a/m\",\"max_tokens\":9,\"input\":\"x\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
    }
  }
}
