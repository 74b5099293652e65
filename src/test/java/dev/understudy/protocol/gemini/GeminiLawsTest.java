package dev.understudy.protocol.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.Leaf;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Seal;
import dev.understudy.chat.Stop;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Usage;
import dev.understudy.json.Json;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.ReplyUnfold;
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

class GeminiLawsTest {

  @Property(tries = 300)
  void whatOurWritersSayOurReadersHear(@ForAll("replies") ChatReply reply, @ForAll byte cut) {
    var out = new Bytes();
    new GeminiInbound().writeReply(reply, Samples.context(true), new Losses(), out);
    assertThat(essence(Samples.reply(out.take()))).isEqualTo(essence(reply));
    for (boolean sse : List.of(true, false)) {
      var writer = new GeminiInbound().streamWriter(Samples.context(sse), new Losses());
      ReplyUnfold.unfold(reply, event -> writer.write(event, out));
      ChatReply heard = Samples.fold(out.take(), 1 + Math.abs((int) cut)).reply().orElseThrow();
      assertThat(essence(heard)).isEqualTo(essence(reply));
    }
  }

  /** Neighbouring texts, and neighbouring thoughts without a seal, are one to this protocol. */
  private static List<Object> essence(ChatReply reply) {
    var found = new ArrayList<Object>();
    for (Part part : reply.parts()) {
      if (part instanceof Part.Text text) {
        if (!found.isEmpty() && found.getLast() instanceof StringBuilder before) {
          before.append(text.text());
        } else if (!text.text().isEmpty()) {
          found.add(new StringBuilder(text.text()));
        }
      } else {
        found.add(part);
      }
    }
    var all = new ArrayList<Object>();
    found.forEach(each -> all.add(each instanceof StringBuilder text ? text.toString() : each));
    all.add(reply.stop().reason());
    all.add(reply.usage().tokens());
    all.add(reply.id());
    all.add(reply.model());
    return all;
  }

  @Provide
  Arbitrary<ChatReply> replies() {
    // Whole characters: half a surrogate pair has no bytes to travel in.
    Arbitrary<String> words =
        Arbitraries.of("a", "Å", "€", "😀", "\"", "\\", "\n", "{", "}", "[", "]", ",", " ")
            .list()
            .ofMinSize(1)
            .ofMaxSize(12)
            .map(letters -> String.join("", letters));
    Arbitrary<Seal> seals =
        Combinators.combine(
                words,
                Arbitraries.of(ProtocolName.ANTHROPIC_MESSAGES, ProtocolName.OPENAI_RESPONSES))
            .as((data, protocol) -> new Seal(protocol, Optional.of("v"), "k", data));
    Arbitrary<Part> text = words.map(Part.Text::new);
    Arbitrary<Part> thought =
        Combinators.combine(words, seals)
            .as((said, seal) -> new Part.Reasoning(said, Optional.of(seal)));
    Arbitrary<Part> call =
        Combinators.combine(words, seals.optional())
            .as((value, seal) ->
                new Part.ToolCall(
                    "c" + Integer.toHexString(value.hashCode()),
                    "tool",
                    Json.text(Json.object().put("v", value)),
                    seal));
    Arbitrary<Part> foreign =
        Arbitraries.just(
            new Part.Foreign(
                ProtocolName.GEMINI,
                "{\"executableCode\":{\"code\":\"1\",\"language\":\"PYTHON\"}}"));
    Arbitrary<List<Part>> parts =
        Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(4, text),
                net.jqwik.api.Tuple.of(2, thought),
                net.jqwik.api.Tuple.of(3, call),
                net.jqwik.api.Tuple.of(1, foreign))
            .list()
            .ofMinSize(1)
            .ofMaxSize(6);
    Arbitrary<Tokens> tokens =
        Arbitraries.longs()
            .between(0, 1_000)
            .map(n ->
                Tokens.NONE.with(Leaf.INPUT, n).with(Leaf.OUTPUT, n + 1).with(Leaf.REASONING, 7));
    return Combinators.combine(parts, tokens, Arbitraries.of(true, false))
        .as((all, counted, full) -> {
          boolean calls = all.stream().anyMatch(part -> part instanceof Part.ToolCall);
          Stop.Reason reason =
              full ? Stop.Reason.MAX_TOKENS : calls ? Stop.Reason.TOOL_CALLS : Stop.Reason.END;
          return new ChatReply(
              "r1",
              "m1",
              all,
              new Stop(reason),
              new Usage(counted, Map.of(), Optional.empty(), Optional.empty(), false, List.of()));
        });
  }
}
