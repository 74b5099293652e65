package dev.understudy.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.Seal;
import dev.understudy.chat.Stop;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class PartSequencerTest {
  private final EventGrammar grammar = new EventGrammar();
  private final ReplyFold fold = new ReplyFold();
  private final List<ReplyEvent> events = new ArrayList<>();
  private final PartSequencer parts = new PartSequencer(this::hear);

  PartSequencerTest() {
    hear(new ReplyEvent.Started("id", "model"));
  }

  private void hear(ReplyEvent event) {
    events.add(grammar.check(event));
    fold.accept(event);
  }

  private List<Part> folded() {
    parts.finish();
    hear(new ReplyEvent.Ended(new Stop(Stop.Reason.END)));
    return fold.reply().orElseThrow().parts();
  }

  @Test
  void opensAPartWhereTheKindChangesAndLosesNoDelta() {
    parts.reasoning("Hm");
    parts.reasoning("m.");
    parts.text("Yes");
    parts.text(".");
    parts.refusal("No.");

    assertThat(folded())
        .containsExactly(
            new Part.Reasoning("Hmm.", Optional.empty()),
            new Part.Text("Yes."),
            new Part.Refusal("No."));
  }

  @Test
  void passesPiecesOfTheFirstCallOnAtOnceAndKeepsThoseOfTheSecondUntilItIsDone() {
    parts.callOpened(0, "a", "left", Optional.empty());
    parts.callDelta(0, "{\"x\":");
    parts.callOpened(1, "b", "right", Optional.empty());
    parts.callDelta(1, "{\"y\":");
    assertThat(events.getLast()).isEqualTo(new ReplyEvent.Delta(0, "{\"x\":"));
    parts.callDelta(0, "1}");
    parts.callDelta(1, "2}");

    assertThat(folded())
        .containsExactly(
            new Part.ToolCall("a", "left", "{\"x\":1}"),
            new Part.ToolCall("b", "right", "{\"y\":2}"));
  }

  @Test
  void keepsTextThatComesBeforeTheFirstPieceOfACallsInput() {
    parts.callOpened(0, "a", "left", Optional.empty());
    parts.text("wait");
    parts.callDelta(0, "{}");

    assertThat(folded())
        .containsExactly(new Part.ToolCall("a", "left", "{}"), new Part.Text("wait"));
  }

  @Test
  void closesACallWhoseInputNeverBecameWhole() {
    parts.callOpened(0, "a", "left", Optional.empty());
    parts.callDelta(0, "{\"x\":");

    assertThat(folded()).containsExactly(new Part.ToolCall("a", "left", "{\"x\":"));
  }

  @Test
  void sealsTheOpenThoughtOrAnEmptyOne() {
    var first = new Seal(ProtocolName.GEMINI, Optional.of("google"), "signature", "1");
    var second = new Seal(ProtocolName.GEMINI, Optional.of("google"), "signature", "2");
    parts.reasoning("Hm.");
    parts.seal(first);
    parts.seal(second);

    assertThat(folded())
        .containsExactly(
            new Part.Reasoning("Hm.", Optional.of(first)),
            new Part.Reasoning("", Optional.of(second)));
  }

  @Test
  void refusesMoreInputForACallThatWasWhole() {
    parts.callOpened(0, "a", "left", Optional.empty());
    parts.callDelta(0, "{}");
    parts.callOpened(1, "b", "right", Optional.empty());
    parts.callDelta(0, "\n");

    assertThatThrownBy(() -> parts.callDelta(0, "{}"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("complete");
    assertThatThrownBy(() -> parts.callDelta(7, "{}")).isInstanceOf(IllegalStateException.class);
  }

  @Property(tries = 300)
  void keepsTheGrammarAndEveryPieceHoweverCallsAndTextsAlternate(
      @ForAll @Size(max = 60) List<@IntRange(max = 5) Integer> moves) {
    // Fields outlive one try.
    new PartSequencerTest().play(moves);
  }

  private void play(List<Integer> moves) {
    var inputs = new TreeMap<Integer, StringBuilder>();
    var text = new StringBuilder();
    var thought = new StringBuilder();
    for (int i = 0; i < moves.size(); i++) {
      int move = moves.get(i);
      switch (move) {
        case 0 -> {
          parts.text("t" + i);
          text.append("t").append(i);
        }
        case 1 -> {
          parts.reasoning("r" + i);
          thought.append("r").append(i);
        }
        default -> {
          if (!parts.hasCall(move)) {
            parts.callOpened(move, "id" + move, "tool", Optional.empty());
            parts.callDelta(move, "[");
            inputs.put(move, new StringBuilder("["));
          }
          String piece = "\"]{" + i + "\\\"\",";
          parts.callDelta(move, piece);
          inputs.get(move).append(piece);
        }
      }
    }
    inputs.forEach((key, input) -> {
      parts.callDelta(key, "0]");
      input.append("0]");
    });

    List<Part> folded = folded();

    assertThat(joined(folded, Part.Text.class)).isEqualTo(text.toString());
    assertThat(joined(folded, Part.Reasoning.class)).isEqualTo(thought.toString());
    var calls =
        folded.stream()
            .filter(Part.ToolCall.class::isInstance)
            .map(Part.ToolCall.class::cast)
            .collect(Collectors.toMap(Part.ToolCall::callId, Part.ToolCall::inputJson));
    assertThat(calls).hasSize(inputs.size());
    inputs.forEach((key, input) -> assertThat(calls).containsEntry("id" + key, input.toString()));
  }

  private static String joined(List<Part> parts, Class<? extends Part> kind) {
    var all = new StringBuilder();
    for (Part part : parts) {
      if (kind.isInstance(part)) {
        all.append(
            switch (part) {
              case Part.Text text -> text.text();
              case Part.Reasoning thought -> thought.text();
              case Part.Image _,
                  Part.Audio _,
                  Part.Video _,
                  Part.Document _,
                  Part.ToolCall _,
                  Part.ToolResult _,
                  Part.Refusal _,
                  Part.CachePoint _,
                  Part.Foreign _ ->
                  "";
            });
      }
    }
    return all.toString();
  }
}
