package dev.understudy.protocol.openairesponses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.Leaf;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Seal;
import dev.understudy.chat.Stop;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Usage;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.EventGrammar;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.ReplyContext;
import dev.understudy.protocol.ReplyFold;
import dev.understudy.protocol.ReplyUnfold;
import dev.understudy.protocol.SealText;
import dev.understudy.protocol.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is written for callers reads as what was to be said, streamed or whole. */
class WrittenRepliesTest {
  private static final OpenAiResponsesInbound INBOUND = new OpenAiResponsesInbound();
  private static final OpenAiResponsesOutbound OUTBOUND = new OpenAiResponsesOutbound();
  private static final Dialect GATEWAY = Dialect.standard("gateway");

  @Property(tries = 200)
  void streamedAndWholeAreTheSameAnswer(@ForAll("replies") ChatReply reply) {
    ChatReply whole = OUTBOUND.readReply(whole(reply), GATEWAY, new Losses());
    ChatReply streamed = streamed(reply);

    assertThat(streamed).isEqualTo(whole);
    assertThat(plain(whole)).isEqualTo(plain(reply.parts()));
    assertThat(whole.usage().tokens().input()).isEqualTo(reply.usage().tokens().input());
    assertThat(whole.usage().tokens().reasoning()).isEqualTo(reply.usage().tokens().reasoning());
    assertThat(whole.usage().violations()).isEmpty();
  }

  private static byte[] whole(ChatReply reply) {
    var out = new Bytes();
    INBOUND.writeReply(reply, context(), new Losses(), out);
    return out.take();
  }

  private static ChatReply streamed(ChatReply reply) {
    var out = new Bytes();
    var writer = INBOUND.streamWriter(context(), new Losses());
    ReplyUnfold.unfold(reply, event -> writer.write(event, out));
    var fold = new ReplyFold();
    var grammar = new EventGrammar();
    var losses = new Losses();
    var reader = OUTBOUND.streamReader(GATEWAY, event -> fold.accept(grammar.check(event)), losses);
    byte[] bytes = out.take();
    reader.accept(bytes, 0, bytes.length);
    reader.end();
    assertThat(losses.kept()).isEmpty();
    return fold.reply().orElseThrow();
  }

  private static ReplyContext context() {
    return OpenAiResponsesTest.context(
        INBOUND.readRequest(OpenAiResponsesTest.call(OpenAiResponsesTest.minimal()), new Losses()));
  }

  /** Parts as the next turn brings them home: seals unwrapped, carriers of seals taken off. */
  private static List<Part> plain(ChatReply reply) {
    var parts = new ArrayList<Part>();
    for (Part part : reply.parts()) {
      if (part instanceof Part.Reasoning(String text, var seal)) {
        Optional<Seal> inner =
            seal.flatMap(ReasoningSeal::item)
                .flatMap(item -> SealText.unwrap(item.path("encrypted_content").asString("")));
        if (inner.flatMap(ReasoningSeal::ofCall).isEmpty()) {
          parts.add(new Part.Reasoning(text, inner));
        }
      } else {
        parts.add(part);
      }
    }
    return parts;
  }

  /** What the protocol has no word for: thoughts that say nothing, and where calls keep seals. */
  private static List<Part> plain(List<Part> parts) {
    var plain = new ArrayList<Part>();
    for (Part part : parts) {
      switch (part) {
        case Part.ToolCall call ->
            plain.add(new Part.ToolCall(call.callId(), call.tool(), call.inputJson()));
        case Part.Reasoning(String text, var seal) when text.isEmpty() && seal.isEmpty() -> {}
        default -> plain.add(part);
      }
    }
    return plain;
  }

  @Provide
  Arbitrary<ChatReply> replies() {
    Arbitrary<String> words = Arbitraries.strings().ofMaxLength(12);
    Arbitrary<Optional<Seal>> seals =
        Arbitraries.of(
                new Seal(ProtocolName.GEMINI, Optional.of("google"), "thought_signature", "ab=="),
                new Seal(ProtocolName.ANTHROPIC_MESSAGES, Optional.empty(), "signature", "c.d~"),
                new Seal(
                    ProtocolName.OPENAI_RESPONSES,
                    Optional.of("openai"),
                    ReasoningSeal.KIND,
                    "{\"id\":\"rs_9\",\"encrypted_content\":\"gAAA\"}"))
            .optional();
    Arbitrary<Part> text = words.map(Part.Text::new);
    Arbitrary<Part> refusal = words.map(Part.Refusal::new);
    Arbitrary<Part> thought = Combinators.combine(words, seals).as(Part.Reasoning::new);
    Arbitrary<Part> call =
        Combinators.combine(words, seals)
            .as((json, seal) -> new Part.ToolCall("call_" + json.hashCode(), "f", json, seal));
    Arbitrary<Part> foreign =
        Arbitraries.just(
            new Part.Foreign(
                ProtocolName.OPENAI_RESPONSES,
                "{\"type\":\"web_search_call\",\"id\":\"ws_1\",\"status\":\"completed\"}"));
    Arbitrary<List<Part>> parts =
        Arbitraries.oneOf(text, refusal, thought, call, foreign).list().ofMaxSize(6);
    Arbitrary<Long> counts = Arbitraries.longs().between(0, 1_000_000);
    Arbitrary<Usage> usages =
        Combinators.combine(counts, counts, counts, counts)
            .as((input, cached, output, thoughts) ->
                new Usage(
                    Tokens.NONE
                        .with(Leaf.INPUT, input)
                        .with(Leaf.CACHE_READ, cached)
                        .with(Leaf.OUTPUT, output)
                        .with(Leaf.REASONING, thoughts),
                    Map.of(),
                    Optional.empty(),
                    Optional.empty(),
                    false,
                    List.of()));
    return Combinators.combine(parts, usages, Arbitraries.of(Stop.Reason.class))
        .as((list, usage, reason) -> new ChatReply("id", "model", list, new Stop(reason), usage));
  }
}
