package dev.understudy.protocol.openairesponses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Part;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.Seal;
import dev.understudy.chat.TokenLogprob;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.EventGrammar;
import dev.understudy.protocol.InboundCall;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.ReplyFold;
import dev.understudy.protocol.VendorBody;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Every recorded exchange with a vendor of this protocol is understood. */
class RecordedResponsesTest {
  private static final OpenAiResponsesInbound INBOUND = new OpenAiResponsesInbound();
  private static final OpenAiResponsesOutbound OUTBOUND = new OpenAiResponsesOutbound();

  /** Fields of recorded requests that have no counterpart, each with the reason. */
  private static final Map<String, String> REQUEST_LOSSES =
      Map.ofEntries(
          Map.entry("moderation", "a check that only OpenAI runs beside the answer"),
          Map.entry("prompt_cache_options", "one lifetime for all marks of one vendor's cache"),
          Map.entry("provider", "OpenRouter's own choice among hosts"),
          Map.entry("truncation", "dropping old items is asked of the vendor"),
          Map.entry("include", "results of tools that the vendor runs"),
          Map.entry("reasoning.mode", "a mode of execution that only OpenAI has"),
          Map.entry("reasoning.context", "which earlier thoughts are shown to the model"),
          Map.entry("tool_choice", "a tool that the vendor runs"),
          Map.entry("input[].phase", "commentary and answer are told apart by OpenAI only"),
          Map.entry("input[].namespace", "groups of tools, for OpenAI's tool search"),
          Map.entry("tools[].defer_loading", "tools that OpenAI's tool search loads"),
          Map.entry("input[]", "thoughts that only the vendor's store knows"));

  /** The same for recorded replies. */
  private static final Map<String, String> REPLY_LOSSES =
      Map.of(
          "output.message.phase", "commentary and answer are told apart by OpenAI only",
          "output.function_call.namespace", "groups of tools, for OpenAI's tool search",
          "moderation", "a check that only OpenAI runs beside the answer",
          "content_filters", "Azure's report of its filters");

  @Test
  void readsEveryRequestOrSaysWhoseStateItNeeds() {
    var unexplained = new TreeMap<String, String>();
    Recordings.all()
        .filter(recording -> recording.status() == 200)
        .forEach(recording -> {
          var losses = new Losses();
          try {
            INBOUND.readRequest(InboundCall.of(recording.request()), losses);
          } catch (Malformed e) {
            assertThat(StoredState.find(recording.request()))
                .as("%s: %s", recording.id(), e.getMessage())
                .isPresent();
          }
          unexplained(losses, REQUEST_LOSSES, recording, unexplained);
        });
    assertThat(unexplained).isEmpty();
  }

  @Test
  void readsEveryReply() {
    var unexplained = new TreeMap<String, String>();
    Recordings.all()
        .filter(recording -> recording.status() == 200 && !recording.isStream())
        .forEach(recording -> {
          var losses = new Losses();
          ChatReply reply =
              OUTBOUND.readReply(Json.bytes(recording.response()), recording.dialect(), losses);
          assertThat(reply.usage().violations()).as(recording.id()).isEmpty();
          unexplained(losses, REPLY_LOSSES, recording, unexplained);
        });
    assertThat(unexplained).isEmpty();
  }

  @Test
  void readsEveryStreamAsTheReplyItEndsIn() {
    var unexplained = new TreeMap<String, String>();
    Recordings.all()
        .filter(recording -> recording.status() == 200 && recording.isStream())
        .forEach(recording -> {
          var losses = new Losses();
          List<ReplyEvent> events = events(recording, recording.stream().length, losses);
          var fold = new ReplyFold();
          var grammar = new EventGrammar();
          events.forEach(event -> fold.accept(grammar.check(event)));
          unexplained(losses, REPLY_LOSSES, recording, unexplained);
          Optional<ObjectNode> last = lastResponse(recording);
          if (last.isEmpty()) {
            assertThat(fold.failure()).as(recording.id()).isPresent();
            return;
          }
          var whole = OUTBOUND.readReply(Json.bytes(last.get()), recording.dialect(), new Losses());
          assertThat(fold.reply().map(RecordedResponsesTest::plain))
              .as(recording.id())
              .contains(plain(whole));
        });
    assertThat(unexplained).isEmpty();
  }

  @Test
  void readsAStreamTheSameHoweverItIsCut() {
    Recordings.all()
        .filter(recording -> recording.status() == 200 && recording.isStream())
        .forEach(recording -> {
          byte[] bytes = recording.stream();
          List<ReplyEvent> whole = events(recording, bytes.length, new Losses());
          assertThat(events(recording, 1, new Losses())).isEqualTo(whole);
          assertThat(events(recording, 7, new Losses())).isEqualTo(whole);
        });
  }

  @Test
  void writesEveryRequestSoThatItReadsTheSame() {
    Recordings.all()
        .filter(recording -> recording.status() == 200)
        .filter(recording -> StoredState.find(recording.request()).isEmpty())
        .forEach(recording -> {
          ChatRequest read = INBOUND.readRequest(InboundCall.of(recording.request()), new Losses());
          ObjectNode first = written(read, recording);
          ChatRequest again = INBOUND.readRequest(InboundCall.of(first), new Losses());
          assertThat(again.messages()).as(recording.id()).isEqualTo(read.messages());
          assertThat(written(again, recording)).as(recording.id()).isEqualTo(first);
        });
  }

  @Test
  void readsTokenCounts() {
    Recordings.of("openai-count-tokens")
        .forEach(recording -> {
          assertThat(OUTBOUND.readCount(Json.bytes(recording.response())))
              .hasValue(recording.response().path("input_tokens").asLong());
          var losses = new Losses();
          ChatRequest request = INBOUND.readRequest(InboundCall.of(recording.request()), losses);
          VendorBody body = OUTBOUND.writeCountRequest(request, recording.dialect(), losses);
          assertThat(Json.parseObject(body.json()).path("input").isEmpty()).isFalse();
          assertThat(losses.kept()).isEmpty();
        });
  }

  @Test
  void readsEveryError() {
    Recordings.all()
        .filter(recording -> recording.status() >= 400)
        .forEach(recording -> {
          var failure =
              OUTBOUND.readFailure(
                  recording.status(), Json.bytes(recording.response()), recording.dialect());
          assertThat(failure.status()).isEqualTo(recording.status());
          assertThat(failure.message()).isNotBlank().doesNotContain("without saying");
          assertThat(failure.vendor()).contains(recording.vendor());
        });
  }

  private static ObjectNode written(ChatRequest request, Recordings recording) {
    return Json.parseObject(
        OUTBOUND.writeRequest(request, recording.dialect(), new Losses()).json());
  }

  private static List<ReplyEvent> events(Recordings recording, int step, Losses losses) {
    var events = new ArrayList<ReplyEvent>();
    var reader = OUTBOUND.streamReader(recording.dialect(), events::add, losses);
    byte[] bytes = recording.stream();
    for (int i = 0; i < bytes.length; i += step) {
      reader.accept(bytes, i, Math.min(step, bytes.length - i));
    }
    reader.end();
    return events;
  }

  private static Optional<ObjectNode> lastResponse(Recordings recording) {
    Optional<ObjectNode> last = Optional.empty();
    for (String line : recording.response().path("sse").asString().split("\r?\n")) {
      if (line.startsWith("data:") && line.contains("\"response\"")) {
        ObjectNode event = Json.parseObject(line.substring(5).strip());
        String type = event.path("type").asString();
        if (type.equals("response.completed") || type.equals("response.incomplete")) {
          last = Optional.of((ObjectNode) event.path("response"));
        }
      }
    }
    return last;
  }

  /**
   * Vendors encrypt anew for the last event, and OpenRouter gives items new temporary ids there: of
   * a seal, what stays the same is compared. Probabilities are rounded otherwise there.
   */
  private static ChatReply plain(ChatReply reply) {
    var parts = new ArrayList<Part>();
    for (Part part : reply.parts()) {
      parts.add(
          switch (part) {
            case Part.Reasoning(String text, var seal) ->
                new Part.Reasoning(text, seal.map(RecordedResponsesTest::plain));
            case Part.Text(String text, var citations, var logprobs) ->
                new Part.Text(
                    text, citations, logprobs.stream().map(RecordedResponsesTest::plain).toList());
            default -> part;
          });
    }
    return new ChatReply(reply.id(), reply.model(), parts, reply.stop(), reply.usage());
  }

  private static TokenLogprob plain(TokenLogprob logprob) {
    return new TokenLogprob(
        logprob.token(),
        logprob.logprob().setScale(3, RoundingMode.HALF_EVEN),
        logprob.bytes(),
        logprob.alternatives());
  }

  private static Seal plain(Seal seal) {
    ObjectNode data = Json.parseObject(seal.data());
    data.remove("id");
    if (data.has("encrypted_content")) {
      data.put("encrypted_content", "encrypted");
    }
    return new Seal(seal.protocol(), seal.vendor(), seal.kind(), Json.text(data));
  }

  private static void unexplained(
      Losses losses,
      Map<String, String> reasons,
      Recordings recording,
      Map<String, String> unexplained) {
    for (Losses.Loss loss : losses.kept()) {
      String path = loss.path().replaceAll("\\[\\d+]", "[]");
      if (!reasons.containsKey(path)) {
        unexplained.put(path + ": " + loss.reason(), recording.id());
      }
    }
  }
}
