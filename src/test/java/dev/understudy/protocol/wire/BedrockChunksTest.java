package dev.understudy.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.json.Json;
import dev.understudy.protocol.CloudExchanges;
import dev.understudy.protocol.CloudExchanges.Recorded;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BedrockChunksTest {

  @Test
  void tellsEachChunkAsTheEventItHolds() {
    String start = "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\"}}";
    String stop =
        "{\"type\":\"message_stop\",\"amazon-bedrock-invocationMetrics\":{\"inputTokenCount\":3}}";
    byte[] frames = frames(start, stop);

    for (int size = 1; size <= frames.length; size++) {
      assertThat(unwrap(frames, size))
          .isEqualTo(
              "event: message_start\ndata: "
                  + start
                  + "\n\nevent: message_stop\ndata: "
                  + stop
                  + "\n\n");
    }
  }

  @Test
  void keepsAnEventOnOneLine() {
    assertThat(unwrap(frames("{\n \"type\": \"ping\"\n}"), 999))
        .isEqualTo("event: ping\ndata: {\"type\":\"ping\"}\n\n");
  }

  @Test
  void tellsAnExceptionAsAnthropicWould() {
    var out = new Bytes();
    out.writeBytes(frames("{\"type\":\"ping\"}"));
    AwsEventWriter.exception(
        "throttlingException", Json.object().put("message", "Too many tokens"), out);
    out.writeBytes(frames("{\"type\":\"ping\"}"));

    assertThat(unwrap(out.take(), 7))
        .isEqualTo(
            "event: ping\ndata: {\"type\":\"ping\"}\n\n"
                + "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\","
                + "\"message\":\"throttlingException: Too many tokens\"}}\n\n");
  }

  @Test
  void tellsATornOrFalseStreamAsAnError() {
    byte[] good = frames("{\"type\":\"ping\"}");
    byte[] torn = Arrays.copyOf(good, good.length - 1);
    byte[] wrong = good.clone();
    wrong[good.length - 1] ^= 1;

    assertThat(unwrap(torn, 9)).startsWith("event: error\n").contains("api_error");
    assertThat(unwrap(wrong, 9)).startsWith("event: error\n").contains("checksum");
    assertThat(unwrap(frames("not json"), 9)).startsWith("event: error\n");
  }

  @Test
  void unwrapsEveryRecordedStream() {
    int streams = 0;
    for (Recorded recorded : CloudExchanges.read("bedrock-invoke.jsonl")) {
      if (recorded.status() != 200 || !recorded.stream() || !recorded.path().contains("claude")) {
        continue;
      }
      byte[] body = recorded.body();
      String whole = unwrap(body, body.length);
      assertThat(whole).as(recorded.id()).doesNotContain("event: error");
      var names = new ArrayList<String>();
      new SseReader(
              (name, data, offset, length) -> {
                names.add(name);
                assertThat(Json.parseObject(data, offset, length).path("type").stringValue(""))
                    .isEqualTo(name);
              })
          .accept(whole.getBytes(StandardCharsets.UTF_8), 0, utf8(whole));
      if (!names.contains("")) {
        assertThat(names).as(recorded.id()).startsWith("message_start").endsWith("message_stop");
      }
      for (int size : List.of(1, 13, 1000)) {
        assertThat(unwrap(body, size)).isEqualTo(whole);
      }
      streams++;
    }
    assertThat(streams).isPositive();
  }

  private static int utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static String unwrap(byte[] bytes, int size) {
    var chunks = new BedrockChunks();
    var out = new Bytes();
    for (int at = 0; at < bytes.length; at += size) {
      chunks.accept(bytes, at, Math.min(size, bytes.length - at), out);
    }
    chunks.end(out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static byte[] frames(String... events) {
    var out = new Bytes();
    for (String event : events) {
      String base64 = Base64.getEncoder().encodeToString(event.getBytes(StandardCharsets.UTF_8));
      AwsEventWriter.event("chunk", Json.object().put("bytes", base64).put("p", "abc"), out);
    }
    return out.take();
  }
}
