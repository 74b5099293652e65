package dev.understudy.protocol.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.Failure;
import dev.understudy.chat.Leaf;
import dev.understudy.chat.Part;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.Stop;
import dev.understudy.json.Json;
import dev.understudy.protocol.CloudExchanges;
import dev.understudy.protocol.CloudExchanges.Recorded;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads all recorded traffic of Bedrock Converse. */
final class ConverseRecordingsTest {
  private static final BedrockConverseOutbound BEDROCK = new BedrockConverseOutbound();
  private static final Dialect DIALECT = Dialect.standard("bedrock");

  @Test
  void readsEveryRecordedReplyWithoutAnUnknownField() {
    var unread = new TreeMap<String, String>();
    int replies = 0;
    for (Recorded recorded : CloudExchanges.read("bedrock-converse.jsonl")) {
      if (recorded.status() != 200 || recorded.stream()) {
        continue;
      }
      var losses = new Losses();
      ChatReply reply = BEDROCK.readReply(recorded.body(), DIALECT, losses);
      losses.kept().forEach(loss -> unread.put(loss.path(), recorded.id()));
      assertThat(CloudExchanges.text(reply)).as(recorded.id()).isEqualTo(textIn(recorded));
      assertThat(reply.stop().vendorReason()).isPresent();
      assertThat(reply.usage().violations()).as(recorded.id()).isEmpty();
      replies++;
    }
    assertThat(unread).isEmpty();
    assertThat(replies).isPositive();
  }

  @Test
  void readsEveryRecordedStreamWholeAndCut() {
    var unread = new TreeMap<String, String>();
    int streams = 0;
    for (Recorded recorded : CloudExchanges.read("bedrock-converse.jsonl")) {
      if (recorded.status() != 200 || !recorded.stream()) {
        continue;
      }
      var losses = new Losses();
      byte[] body = recorded.body();
      List<ReplyEvent> whole = CloudExchanges.events(BEDROCK, DIALECT, body, body.length, losses);
      losses.kept().forEach(loss -> unread.put(loss.path(), recorded.id()));
      assertThat(CloudExchanges.events(BEDROCK, DIALECT, body, 1, new Losses()))
          .as(recorded.id())
          .isEqualTo(whole);
      for (int cut = 0; cut < body.length; cut += 1 + body.length / 24) {
        assertThat(CloudExchanges.eventsCut(BEDROCK, DIALECT, body, cut)).isEqualTo(whole);
      }
      ChatReply reply = CloudExchanges.fold(whole).reply().orElseThrow();
      assertThat(reply.usage().tokens().of(Leaf.OUTPUT)).as(recorded.id()).isPositive();
      assertThat(reply.usage().violations()).isEmpty();
      streams++;
    }
    assertThat(unread).isEmpty();
    assertThat(streams).isPositive();
  }

  @Test
  void readsEveryRecordedErrorWithItsMessage() {
    for (Recorded recorded : CloudExchanges.read("bedrock-converse.jsonl")) {
      if (recorded.status() < 400) {
        continue;
      }
      Failure failure = BEDROCK.readFailure(recorded.status(), recorded.body(), DIALECT);
      assertThat(failure.status()).isEqualTo(recorded.status());
      assertThat(failure.message())
          .isEqualTo(Json.parse(recorded.body()).get("message").stringValue());
      assertThat(failure.vendor()).contains("bedrock");
    }
  }

  /** Each request is read by a reader of this test's own, then written again. */
  @Test
  void writesEveryRecordedRequestAgainAsItWas() {
    var differences = new ArrayList<String>();
    int requests = 0;
    for (Recorded recorded : CloudExchanges.read("bedrock-converse.jsonl")) {
      if (!(recorded.request() instanceof ObjectNode request) || recorded.status() != 200) {
        continue;
      }
      var reader = new ConverseRequestReader(modelOf(recorded.path()), recorded.stream());
      if (!reader.canCarry(request)) {
        continue;
      }
      var losses = new Losses();
      JsonNode written =
          Json.parse(BEDROCK.writeRequest(reader.read(request), DIALECT, losses).json());
      JsonNode expected = ConverseRequestReader.normal(request);
      if (!ConverseRequestReader.normal((ObjectNode) written).equals(expected)
          || !losses.isEmpty()) {
        differences.add(
            recorded.id() + "\n  " + expected + "\n  " + written + "\n  " + losses.kept());
      }
      requests++;
    }
    assertThat(differences).isEmpty();
    assertThat(requests).isPositive();
  }

  @Test
  void readsRecordedTokenCounts() {
    for (Recorded recorded : CloudExchanges.read("bedrock-count-tokens.jsonl")) {
      if (recorded.status() == 200) {
        assertThat(BEDROCK.readCount(recorded.body()))
            .hasValue(Json.parse(recorded.body()).get("inputTokens").longValue());
      } else {
        assertThat(BEDROCK.readCount(recorded.body())).isEmpty();
      }
    }
  }

  @Test
  void toolCallsAndStopsAgree() {
    for (Recorded recorded : CloudExchanges.read("bedrock-converse.jsonl")) {
      if (recorded.status() != 200 || recorded.stream()) {
        continue;
      }
      ChatReply reply = BEDROCK.readReply(recorded.body(), DIALECT, new Losses());
      boolean calls = reply.parts().stream().anyMatch(Part.ToolCall.class::isInstance);
      if (reply.stop().reason() == Stop.Reason.TOOL_CALLS) {
        assertThat(calls).as(recorded.id()).isTrue();
      }
    }
  }

  static String modelOf(String path) {
    String[] segments = path.split("/", -1);
    return URLDecoder.decode(segments[2], StandardCharsets.UTF_8);
  }

  private static String textIn(Recorded recorded) {
    var text = new StringBuilder();
    for (JsonNode block : Json.parse(recorded.body()).at("/output/message/content")) {
      text.append(block.path("text").stringValue(""));
      for (JsonNode piece : block.path("citationsContent").path("content")) {
        text.append(piece.path("text").stringValue(""));
      }
    }
    return text.toString();
  }
}
