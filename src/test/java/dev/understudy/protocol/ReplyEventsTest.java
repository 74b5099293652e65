package dev.understudy.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.Citation;
import dev.understudy.chat.Failure;
import dev.understudy.chat.Leaf;
import dev.understudy.chat.Part;
import dev.understudy.chat.PartStart;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.Seal;
import dev.understudy.chat.Source;
import dev.understudy.chat.Stop;
import dev.understudy.chat.TokenLogprob;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Usage;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The grammar of events, and the way from a whole answer to events and back. */
final class ReplyEventsTest {
  private static final Seal SEAL =
      new Seal(ProtocolName.ANTHROPIC_MESSAGES, Optional.of("anthropic"), "thinking", "c2lnbmVk");

  @Test
  void aWholeAnswerToldAsEventsFoldsToItself() {
    var reply =
        new ChatReply(
            "r1",
            "m1",
            List.of(
                new Part.Reasoning("Hm.", Optional.of(SEAL)),
                new Part.Reasoning("", Optional.of(SEAL)),
                new Part.Text(
                    "Yes",
                    List.of(
                        new Citation(
                            Optional.of("https://example.com"),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of(0L),
                            Optional.of(3L),
                            ProtocolName.GEMINI,
                            "{}")),
                    List.of(
                        new TokenLogprob(
                            "Yes", new BigDecimal("-0.10"), Optional.empty(), List.of()))),
                new Part.Text(""),
                new Part.Refusal("No."),
                new Part.ToolCall("c1", "look", "{\"b\":1, \"a\":2}", Optional.of(SEAL)),
                new Part.ToolCall("c2", "look", ""),
                new Part.Image(new Source.Inline("image/png", "AAAA"), Optional.empty())),
            new Stop(Stop.Reason.TOOL_CALLS, "tool_use"),
            new Usage(
                Tokens.NONE.with(Leaf.INPUT, 3),
                Map.of(),
                Optional.empty(),
                Optional.of("{}"),
                false,
                List.of()));
    var grammar = new EventGrammar();
    var fold = new ReplyFold();

    ReplyUnfold.unfold(reply, event -> fold.accept(grammar.check(event)));

    assertThat(fold.reply()).contains(reply);
    assertThat(grammar.isOver()).isTrue();
  }

  @Test
  void aStreamThatBrokeHasNoReplyButItsUsage() {
    var usage =
        new Usage(
            Tokens.NONE.with(Leaf.OUTPUT, 1),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            false,
            List.of());
    var fold = new ReplyFold();
    fold.accept(new ReplyEvent.Started("r", "m"));
    fold.accept(new ReplyEvent.Counted(usage));
    fold.accept(new ReplyEvent.Broken(Failure.of(502, "cut", "gone")));

    assertThat(fold.reply()).isEmpty();
    assertThat(fold.failure().map(Failure::message)).contains("gone");
    assertThat(fold.usage()).isEqualTo(usage);
  }

  @Test
  void refusesEventsOutOfPlace() {
    assertThatThrownBy(() -> new EventGrammar().check(new ReplyEvent.Delta(0, "x")))
        .isInstanceOf(IllegalStateException.class);
    var grammar = new EventGrammar();
    grammar.check(new ReplyEvent.Started("r", "m"));
    assertThatThrownBy(() -> grammar.check(new ReplyEvent.Opened(1, new PartStart.Text())))
        .isInstanceOf(IllegalStateException.class);
    grammar.check(new ReplyEvent.Opened(0, new PartStart.Text()));
    assertThatThrownBy(() -> grammar.check(new ReplyEvent.Ended(new Stop(Stop.Reason.END))))
        .isInstanceOf(IllegalStateException.class);
    grammar.check(new ReplyEvent.Broken(Failure.of(502, "cut", "gone")));
    assertThatThrownBy(() -> grammar.check(new ReplyEvent.Heartbeat()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Property(tries = 200)
  void aSealComesBackFromAnyCallerAsItWas(
      @ForAll String vendor, @ForAll String kind, @ForAll String data) {
    // Unpaired surrogates cannot be sent in JSON in the first place.
    if (!isText(vendor + kind + data)) {
      return;
    }
    var seal =
        new Seal(
            ProtocolName.GEMINI,
            vendor.isEmpty() ? Optional.empty() : Optional.of(vendor),
            kind,
            data);

    String abroad = SealText.write(seal, ProtocolName.OPENAI_CHAT);

    assertThat(abroad).startsWith(SealText.MARK).matches("[~A-Za-z0-9._-]+");
    assertThat(SealText.read(abroad, ProtocolName.OPENAI_CHAT, "bare")).isEqualTo(seal);
    assertThat(SealText.write(seal, ProtocolName.GEMINI)).isEqualTo(data);
  }

  @Test
  void aSealThatIsNotOursIsLeftAsItIs() {
    assertThat(SealText.read("abc", ProtocolName.GEMINI, "signature"))
        .isEqualTo(new Seal(ProtocolName.GEMINI, Optional.empty(), "signature", "abc"));
    assertThat(SealText.unwrap(SealText.MARK + "a.b")).isEmpty();
    assertThat(SealText.unwrap(SealText.MARK + "gemini.*.*.*")).isEmpty();
  }

  private static boolean isText(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }
}
