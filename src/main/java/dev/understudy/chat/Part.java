package dev.understudy.chat;

import java.util.List;
import java.util.Optional;

/** One piece of a message: what a person, a model or a tool put on the table. */
public sealed interface Part {

  /** Plain text, with what supports it and how likely it was where a vendor said so. */
  record Text(String text, List<Citation> citations, List<TokenLogprob> logprobs) implements Part {
    public Text {
      citations = List.copyOf(citations);
      logprobs = List.copyOf(logprobs);
    }

    public Text(String text) {
      this(text, List.of(), List.of());
    }
  }

  /** A picture. {@code detail} is a wish for its resolution: {@code low}, {@code high}, … */
  record Image(Source source, Optional<String> detail) implements Part {}

  /** A sound. {@code transcript} is what is said in it, where known. */
  record Audio(Source source, Optional<String> transcript) implements Part {}

  /** A film. */
  record Video(Source source) implements Part {}

  /** A document: a PDF, a text. */
  record Document(Source source, Optional<String> title, Optional<String> context, boolean citable)
      implements Part {}

  /**
   * A model asks for a tool. The input stays JSON text, byte for byte: models may send it
   * malformed, and a tool may care about the order of members.
   *
   * @param seal what the vendor wants to see again with this very call
   */
  record ToolCall(String callId, String tool, String inputJson, Optional<Seal> seal)
      implements Part {
    public ToolCall(String callId, String tool, String inputJson) {
      this(callId, tool, inputJson, Optional.empty());
    }
  }

  /**
   * What a tool answered.
   *
   * @param tool the tool's name where the protocol says it, else as found by the call's id; may be
   *     empty when neither is known
   */
  record ToolResult(String callId, Optional<String> tool, List<Part> content, boolean failed)
      implements Part {
    public ToolResult {
      content = List.copyOf(content);
    }
  }

  /**
   * What a model thought before it answered. Text is empty where the vendor keeps it to itself and
   * shows only the seal.
   */
  record Reasoning(String text, Optional<Seal> seal) implements Part {}

  /** A model's refusal, where the protocol keeps it apart from text. */
  record Refusal(String text) implements Part {}

  /** A mark behind a part: the vendor may cache everything up to here for {@code ttl}. */
  record CachePoint(Optional<String> ttl) implements Part {}

  /** A block that has no word here, kept so that its own protocol can carry it on. */
  record Foreign(ProtocolName origin, String json) implements Part {}
}
