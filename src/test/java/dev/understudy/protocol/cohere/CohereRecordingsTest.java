package dev.understudy.protocol.cohere;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.Citation;
import dev.understudy.chat.Leaf;
import dev.understudy.chat.Part;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.json.Json;
import dev.understudy.protocol.CloudExchanges;
import dev.understudy.protocol.CloudExchanges.Recorded;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.ReplyFold;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Reads all recorded traffic of Cohere's chat, version 2. */
final class CohereRecordingsTest {
  private static final CohereChatOutbound COHERE = new CohereChatOutbound();
  private static final Dialect DIALECT = Dialect.standard("cohere");

  @Test
  void readsEveryRecordedReplyWithoutAnUnknownField() {
    var unread = new TreeMap<String, String>();
    int replies = 0;
    for (Recorded recorded : recordings()) {
      if (recorded.status() != 200 || recorded.stream()) {
        continue;
      }
      var losses = new Losses();
      ChatReply reply = COHERE.readReply(recorded.body(), DIALECT, losses);
      losses.kept().forEach(loss -> unread.put(loss.path(), recorded.id()));
      JsonNode body = Json.parse(recorded.body());
      var text = new StringBuilder();
      body.at("/message/content").forEach(block -> text.append(block.path("text").stringValue("")));
      assertThat(CloudExchanges.text(reply)).isEqualTo(text.toString());
      assertThat(reply.usage().tokens().of(Leaf.OUTPUT))
          .isEqualTo(body.at("/usage/billed_units/output_tokens").longValue(-1));
      assertCitationsFit(recorded, reply);
      replies++;
    }
    assertThat(unread).isEmpty();
    assertThat(replies).isPositive();
  }

  @Test
  void readsEveryRecordedStreamWholeAndCut() {
    var unread = new TreeMap<String, String>();
    int streams = 0;
    for (Recorded recorded : recordings()) {
      if (recorded.status() != 200 || !recorded.stream()) {
        continue;
      }
      var losses = new Losses();
      byte[] body = recorded.body();
      List<ReplyEvent> whole = CloudExchanges.events(COHERE, DIALECT, body, body.length, losses);
      losses.kept().forEach(loss -> unread.put(loss.path(), recorded.id()));
      assertThat(CloudExchanges.events(COHERE, DIALECT, body, 1, new Losses())).isEqualTo(whole);
      for (int cut = 0; cut < body.length; cut += 1 + body.length / 24) {
        assertThat(CloudExchanges.eventsCut(COHERE, DIALECT, body, cut)).isEqualTo(whole);
      }
      ReplyFold fold = CloudExchanges.fold(whole);
      if (fold.failure().isPresent()) {
        assertThat(fold.failure().get().type()).isEqualTo("INVALID_TOOL_GENERATION");
      } else {
        assertThat(fold.usage().tokens().of(Leaf.OUTPUT)).as(recorded.id()).isPositive();
        assertCitationsFit(recorded, fold.reply().orElseThrow());
      }
      streams++;
    }
    assertThat(unread).isEmpty();
    assertThat(streams).isPositive();
  }

  @Test
  void readsEveryRecordedErrorWithItsMessage() {
    for (Recorded recorded : recordings()) {
      if (recorded.status() >= 400) {
        assertThat(COHERE.readFailure(recorded.status(), recorded.body(), DIALECT).message())
            .isEqualTo(Json.parse(recorded.body()).get("message").stringValue());
      }
    }
  }

  /** The recordings hold a few calls of version 1, which is another protocol. */
  private static List<Recorded> recordings() {
    return CloudExchanges.read("cohere-chat.jsonl").stream()
        .filter(recorded -> recorded.path().startsWith("/v2/"))
        .toList();
  }

  private static void assertCitationsFit(Recorded recorded, ChatReply reply) {
    for (Part part : reply.parts()) {
      if (part instanceof Part.Text text) {
        for (Citation citation : text.citations()) {
          String cited = Json.parse(citation.json()).path("text").stringValue("");
          assertThat(
                  text.text()
                      .substring(
                          citation.start().orElseThrow().intValue(),
                          citation.end().orElseThrow().intValue()))
              .as(recorded.id())
              .isEqualTo(cited);
        }
      }
    }
  }
}
