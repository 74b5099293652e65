package dev.understudy.protocol.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Part;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.json.Json;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.EventGrammar;
import dev.understudy.protocol.InboundCall;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.ReplyContext;
import dev.understudy.protocol.ReplyFold;
import dev.understudy.protocol.ReplyUnfold;
import dev.understudy.protocol.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Real traffic of the Gemini API and Vertex AI goes through readers and writers. */
class RecordedGeminiTest {
  private static final Dialect GOOGLE = Dialect.standard("google");
  private final GeminiInbound inbound = new GeminiInbound();
  private final GeminiOutbound outbound = new GeminiOutbound();

  /** What a request may hold that has no word outside this protocol, and why. */
  private static final List<String> REQUEST_LOSSES =
      List.of(
          "safetySettings: unknown field", // the vendor's own filters
          "cachedContent: unknown field", // a cache that was made before, at Google
          "modelArmorConfig: unknown field", // a Google Cloud product
          "toolConfig.includeServerSideToolInvocations: unknown field", // Google's own tools
          "toolConfig.functionCallingConfig.mode: VALIDATED is taken as AUTO");

  @Test
  void readsEveryRecordedRequest() {
    var lost = new TreeMap<String, Integer>();
    for (ObjectNode exchange : Recordings.generate()) {
      var losses = new Losses();
      request(exchange, losses);
      losses
          .kept()
          .forEach(loss -> lost.merge(loss.path() + ": " + loss.reason(), 1, Integer::sum));
    }
    lost.keySet().removeAll(REQUEST_LOSSES);
    assertThat(lost).isEmpty();
  }

  @Test
  void requestsReadTheSameAfterTheyWereWrittenForAVendor() {
    var lost = new TreeMap<String, Integer>();
    for (ObjectNode exchange : Recordings.generate()) {
      ChatRequest request = request(exchange, new Losses());
      var losses = new Losses();
      byte[] once = outbound.writeRequest(request, GOOGLE, losses).json();
      ChatRequest again = read(Json.parseObject(once), request.model(), request.stream());
      byte[] twice = outbound.writeRequest(again, GOOGLE, new Losses()).json();
      assertThat(new String(twice)).as(id(exchange)).isEqualTo(new String(once));
      assertThat(again.messages()).as(id(exchange)).hasSameSizeAs(merged(request));
      losses
          .kept()
          .forEach(loss ->
              lost.merge(
                  loss.path().replaceAll("\\d+", "n") + ": " + loss.reason(), 1, Integer::sum));
    }
  }

  @Test
  void readsEveryRecordedAnswerWithoutAnUnreadField() {
    var lost = new TreeMap<String, Integer>();
    int read = 0;
    for (ObjectNode exchange : Recordings.generate()) {
      if (exchange.path("response").path("status").intValue() >= 400) {
        var failure =
            outbound.readFailure(
                exchange.path("response").path("status").intValue(),
                Recordings.answer(exchange),
                GOOGLE);
        assertThat(failure.message()).isNotBlank();
        assertThat(failure.type()).matches("[A-Z_]+");
        continue;
      }
      var losses = new Losses();
      ChatReply reply;
      if (Recordings.isStream(exchange)) {
        reply = fold(Recordings.answer(exchange), 1 << 20, losses, id(exchange));
      } else {
        reply = outbound.readReply(Recordings.answer(exchange), GOOGLE, losses);
      }
      read++;
      assertThat(reply.usage().violations()).as(id(exchange)).isEmpty();
      losses
          .kept()
          .forEach(loss ->
              lost.merge(id(exchange) + loss.path() + ": " + loss.reason(), 1, Integer::sum));
    }
    assertThat(lost).isEmpty();
  }

  @Test
  void aStreamCutAnywhereReadsTheSame() {
    int seen = 0;
    for (ObjectNode exchange : Recordings.generate()) {
      if (!Recordings.isStream(exchange)
          || exchange.path("response").path("status").intValue() >= 400) {
        continue;
      }
      byte[] body = Recordings.answer(exchange);
      ChatReply whole = fold(body, body.length, new Losses(), id(exchange));
      int step = seen++ % 7 == 0 && body.length < 40_000 ? 1 : 61;
      assertThat(fold(body, step, new Losses(), id(exchange))).isEqualTo(whole);
    }
    assertThat(seen).isGreaterThan(50);
  }

  @Test
  void everyAnswerComesBackFromOurOwnWriters() {
    for (ObjectNode exchange : Recordings.generate()) {
      if (exchange.path("response").path("status").intValue() >= 400) {
        continue;
      }
      ChatReply reply =
          Recordings.isStream(exchange)
              ? fold(Recordings.answer(exchange), 1 << 20, new Losses(), id(exchange))
              : outbound.readReply(Recordings.answer(exchange), GOOGLE, new Losses());
      ChatRequest request = request(exchange, new Losses());
      var out = new Bytes();
      inbound.writeReply(reply, context(request, true), new Losses(), out);
      ChatReply unary = outbound.readReply(out.take(), GOOGLE, new Losses());
      assertThat(essence(unary)).as(id(exchange)).isEqualTo(essence(reply));
      for (boolean sse : List.of(true, false)) {
        var writer = inbound.streamWriter(context(request, sse), new Losses());
        ReplyUnfold.unfold(reply, event -> writer.write(event, out));
        ChatReply streamed = fold(out.take(), 1 << 20, new Losses(), id(exchange));
        assertThat(essence(streamed)).as(id(exchange)).isEqualTo(essence(reply));
      }
    }
  }

  @Test
  void readsEveryRecordedTokenCount() {
    var all = new ArrayList<>(Recordings.lines("exchanges/gemini-count-tokens.jsonl"));
    all.addAll(Recordings.lines("exchanges/vertex-count-tokens.jsonl"));
    for (ObjectNode exchange : all) {
      var losses = new Losses();
      ChatRequest request = request(exchange, losses);
      assertThat(losses.kept()).as(id(exchange)).isEmpty();
      assertThat(request.messages()).isNotEmpty();
      if (exchange.path("response").path("status").intValue() < 400) {
        assertThat(outbound.readCount(Recordings.answer(exchange)))
            .hasValue(exchange.path("response").path("body").path("totalTokens").longValue());
      }
    }
  }

  /** What must survive: everything but the citations' own JSON and the evidence of usage. */
  private static String essence(ChatReply reply) {
    var counts = new TreeMap<>(reply.usage().tokens().byLeaf());
    counts.values().removeIf(count -> count == 0);
    var text = new StringBuilder();
    for (Part part : reply.parts()) {
      if (part instanceof Part.Text said) {
        text.append("text ").append(said.text()).append(said.logprobs());
        said.citations()
            .forEach(c -> text.append(c.url()).append(c.title()).append(c.start()).append(c.end()));
      } else if (part instanceof Part.Refusal(String refused)) {
        // These callers know no refusal; it is text to them.
        text.append("text ").append(refused).append("[]");
      } else {
        text.append(part);
      }
    }
    return text + " " + reply.stop().reason() + counts + reply.model() + reply.id();
  }

  private ChatReply fold(byte[] body, int step, Losses losses, String id) {
    var fold = new ReplyFold();
    var grammar = new EventGrammar();
    var events = new ArrayList<ReplyEvent>();
    var reader =
        outbound.streamReader(
            GOOGLE,
            event -> {
              events.add(event);
              fold.accept(grammar.check(event));
            },
            losses);
    for (int i = 0; i < body.length; i += step) {
      reader.accept(body, i, Math.min(step, body.length - i));
    }
    reader.end();
    assertThat(fold.failure()).as(id).isEmpty();
    return fold.reply().orElseThrow();
  }

  private ChatRequest request(ObjectNode exchange, Losses losses) {
    return inbound.readRequest(
        new InboundCall(
            (ObjectNode) exchange.path("request").path("body"),
            Optional.of(Recordings.model(exchange)),
            exchange.path("stream").booleanValue(),
            true),
        losses);
  }

  private ChatRequest read(ObjectNode body, String model, boolean stream) {
    return inbound.readRequest(
        new InboundCall(body, Optional.of(model), stream, true), new Losses());
  }

  private static List<String> merged(ChatRequest request) {
    var roles = new ArrayList<String>();
    for (var message : request.messages()) {
      if (roles.isEmpty() || !roles.getLast().equals(message.role().name())) {
        roles.add(message.role().name());
      }
    }
    return roles;
  }

  static ReplyContext context(ChatRequest request, boolean sse) {
    return new ReplyContext(request, "x1", 0, sse, "google");
  }

  private static String id(ObjectNode exchange) {
    return exchange.path("id").stringValue();
  }
}
