package dev.understudy.protocol.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.Citation;
import dev.understudy.chat.Leaf;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Seal;
import dev.understudy.chat.Stop;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Usage;
import dev.understudy.json.Json;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.ReplyFold;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every answer, whoever gave it. */
final class ReplyLawsTest {

  @Property(tries = 300)
  void aWrittenReplyReadsAsTheSame(@ForAll("replies") ChatReply reply) {
    byte[] written = Fixtures.replyBytes(reply);
    var losses = new Losses();
    ChatReply again = Fixtures.OUTBOUND.readReply(written, Fixtures.ANTHROPIC, losses);
    assertThat(Normal.reply(again)).isEqualTo(Normal.reply(reply));
    assertThat(losses.kept()).isEmpty();
  }

  @Property(tries = 300)
  void aWrittenStreamReadsAsTheSameWhereverItIsCut(
      @ForAll("replies") ChatReply reply, @ForAll("steps") int step) {
    byte[] stream = Fixtures.stream(reply);
    var losses = new Losses();
    var events = Fixtures.events(stream, step, losses);
    var fold = new ReplyFold();
    events.forEach(fold);
    assertThat(Normal.reply(fold.reply().orElseThrow())).isEqualTo(Normal.reply(reply));
    assertThat(losses.kept()).isEmpty();
  }

  @Provide
  Arbitrary<Integer> steps() {
    return Arbitraries.integers().between(1, 200);
  }

  @Provide
  Arbitrary<ChatReply> replies() {
    return Combinators.combine(
            parts().list().ofMaxSize(6),
            Arbitraries.of(
                Stop.Reason.MAX_TOKENS,
                Stop.Reason.TOOL_CALLS,
                Stop.Reason.PAUSE,
                Stop.Reason.REFUSAL,
                Stop.Reason.CONTEXT_WINDOW),
            tokens())
        .as((parts, reason, tokens) ->
            new ChatReply(
                "msg_1",
                "claude-sonnet-4-5",
                parts,
                new Stop(reason),
                new Usage(tokens, Map.of(), Optional.empty(), Optional.empty(), false, List.of())));
  }

  private static Arbitrary<Part> parts() {
    Arbitrary<String> text = Arbitraries.strings().ofMaxLength(20).filter(ReplyLawsTest::isUnicode);
    return Arbitraries.oneOf(
        Combinators.combine(text, citations().list().ofMaxSize(2))
            .as((t, citations) -> new Part.Text(t, citations, List.of())),
        Combinators.combine(text, thoughtSeals().optional()).as(ReplyLawsTest::reasoning),
        Combinators.combine(inputs(), callSeals().optional())
            .as((input, seal) -> new Part.ToolCall("toolu_1", "f", input, seal)),
        Arbitraries.of(
                "{\"type\":\"server_tool_use\",\"id\":\"s\",\"name\":\"web_search\",\"input\":{\"q\":1}}",
                "{\"type\":\"mcp_tool_use\",\"id\":\"s\",\"name\":\"ask\",\"input\":{}}",
                "{\"type\":\"brand_new\",\"content\":[{\"a\":null}]}")
            .map(json -> new Part.Foreign(ProtocolName.ANTHROPIC_MESSAGES, json)));
  }

  /** A redacted thought has no words. */
  private static Part reasoning(String text, Optional<Seal> seal) {
    boolean redacted = seal.filter(Seals::isRedacted).isPresent();
    return new Part.Reasoning(redacted ? "" : text, seal);
  }

  private static Arbitrary<Seal> thoughtSeals() {
    return Arbitraries.of(
        new Seal(ProtocolName.ANTHROPIC_MESSAGES, Optional.of("anthropic"), "signature", "s1"),
        new Seal(ProtocolName.ANTHROPIC_MESSAGES, Optional.of("anthropic"), "redacted", "r1"),
        new Seal(ProtocolName.OPENAI_RESPONSES, Optional.of("openai"), "encrypted", "e1"));
  }

  private static Arbitrary<Seal> callSeals() {
    return Arbitraries.of(
        new Seal(ProtocolName.GEMINI, Optional.of("google"), "call:signature", "g1"));
  }

  private static Arbitrary<String> inputs() {
    return Arbitraries.of(
        "{}", "", "{\"a\": 1e3, \"b\":\"\\u00e9\"}", "{\"deep\":{\"x\":[1,{\"input\":{}}]}}");
  }

  private static Arbitrary<Citation> citations() {
    return Arbitraries.of(
        Citations.read(
            Json.parseObject(
                "{\"type\":\"char_location\",\"cited_text\":\"c\",\"document_index\":0,"
                    + "\"document_title\":null,\"start_char_index\":0,\"end_char_index\":1}")),
        Citations.read(
            Json.parseObject(
                "{\"type\":\"web_search_result_location\",\"cited_text\":\"c\",\"url\":\"https://a\","
                    + "\"title\":\"t\",\"encrypted_index\":\"e\"}")));
  }

  private static Arbitrary<Tokens> tokens() {
    Arbitrary<Long> count = Arbitraries.longs().between(1, 1_000_000);
    return Combinators.combine(count, count, count, count)
        .as((input, read, write, output) ->
            Tokens.NONE
                .with(Leaf.INPUT, input)
                .with(Leaf.CACHE_READ, read)
                .with(Leaf.CACHE_WRITE_1H, write)
                .with(Leaf.OUTPUT, output));
  }

  private static boolean isUnicode(String text) {
    return text.chars().noneMatch(c -> Character.isSurrogate((char) c));
  }
}
