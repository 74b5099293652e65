package dev.understudy.gateway;

import static dev.understudy.gateway.ScriptedVendor.chunk;
import static dev.understudy.gateway.ScriptedVendor.streamHead;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Callers;
import dev.understudy.chat.ProtocolName;
import dev.understudy.json.Json;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The error that ends a relayed stream of Responses has the number after the last that came. */
final class NumberedErrorsTest {
  private static final String BEGUN =
      """
      event: response.created
      data: {"type":"response.created","sequence_number":4,"response":{"id":"resp_1","object":"response","created_at":1,"status":"in_progress","model":"m","output":[]}}

      event: response.output_item.added
      data: {"type":"response.output_item.added","sequence_number":5,"output_index":0,"item":{"id":"msg_1","type":"message","status":"in_progress","role":"assistant","content":[]}}

      event: response.content_part.added
      data: {"type":"response.content_part.added","sequence_number":6,"item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":"","annotations":[]}}

      event: response.output_text.delta
      data: {"type":"response.output_text.delta","sequence_number":7,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"Hel"}

      """;

  private static final String MORE =
      """
      event: response.output_text.delta
      data: {"type":"response.output_text.delta","sequence_number":8,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"lo"}

      """;

  private static final String FAILED =
      """
      event: response.failed
      data: {"type":"response.failed","sequence_number":9,"response":{"id":"resp_1","object":"response","created_at":1,"status":"failed","model":"m","output":[],"error":{"code":"server_error","message":"gone"}}}

      """;

  static Stream<Arguments> ends() {
    return Stream.of(
        Arguments.of("cut", MORE, true),
        Arguments.of("cut in an event", MORE + MORE.substring(0, 60), true),
        Arguments.of("malformed", MORE + "data: {\"type\":\n\n", true),
        Arguments.of("cut", MORE, false),
        Arguments.of("malformed", "data: {\"type\":\n\n", false),
        Arguments.of("failed", FAILED.replace(":9", ":8"), true));
  }

  @ParameterizedTest(name = "{0}, alone {2}")
  @MethodSource("ends")
  void itGoesOnFromTheLastThatWasPassedOn(String name, String end, boolean alone) throws Exception {
    ScriptedVendor.Script breaks =
        (seen, socket, out) -> {
          streamHead(out);
          chunk(out, BEGUN);
          out.flush();
          Thread.sleep(200); // the beginning goes to the caller on its own
          chunk(out, end);
          socket.close();
        };
    try (var first = new ScriptedVendor(breaks);
        var second = new ScriptedVendor(ScriptedVendor.json(500, "{}"));
        var house =
            new House(
                Callers.NONE,
                alone ? List.of(House.route("r", "a/m")) : List.of(House.route("r", "a/m", "b/m")),
                House.vendor("a", first.port(), ProtocolName.OPENAI_RESPONSES),
                House.vendor("b", second.port(), ProtocolName.OPENAI_RESPONSES))) {
      String reply =
          house.post("/v1/responses", "{\"model\":\"r\",\"stream\":true,\"input\":\"x\"}").body();

      long last = -1;
      for (String line : reply.lines().filter(l -> l.startsWith("data: {")).toList()) {
        String data = line.substring("data: ".length());
        if (!data.endsWith("}")) {
          continue; // cut off
        }
        long number = Json.parse(data).path("sequence_number").asLong(-1);
        assertThat(number).as(reply).isEqualTo(last < 0 ? 4 : last + 1);
        last = number;
      }
      assertThat(reply).contains("\"type\":\"error\"", "Hel");
    }
  }
}
