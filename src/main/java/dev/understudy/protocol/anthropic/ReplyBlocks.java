package dev.understudy.protocol.anthropic;

import dev.understudy.chat.Citation;
import dev.understudy.chat.Part;
import dev.understudy.chat.Seal;
import dev.understudy.chat.Source;
import dev.understudy.chat.TokenLogprob;
import dev.understudy.json.Json;
import dev.understudy.protocol.Unplaced;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the parts of an answer as content blocks for a caller.
 *
 * <p>Answers here are text, thoughts and calls. Pictures, sounds, films and documents of another
 * vendor's answer have no block; a line of text says that there was one.
 */
final class ReplyBlocks {
  private ReplyBlocks() {}

  /** The blocks of a part that came whole; none for what nobody but its own vendor understands. */
  static List<ObjectNode> whole(Part part, String fallbackCallId, Unplaced unplaced) {
    return switch (part) {
      case Part.Text text -> {
        logprobs(text.logprobs(), unplaced);
        text.citations().forEach(citation -> citation(citation, unplaced));
        yield text.text().isEmpty() && text.citations().isEmpty()
            ? List.of()
            : List.of(text(text.text(), text.citations()));
      }
      case Part.Refusal(String text) -> text.isEmpty() ? List.of() : List.of(text(text, List.of()));
      case Part.Reasoning(String text, Optional<Seal> seal) ->
          text.isEmpty() && seal.isEmpty() ? List.of() : List.of(thought(text, seal));
      case Part.ToolCall call -> {
        ObjectNode block = toolUse(call.callId(), call.tool(), fallbackCallId);
        block.set("input", ToolInput.write(call.inputJson()));
        yield call.seal()
            .map(seal -> List.of(thought("", Optional.of(seal)), block))
            .orElseGet(() -> List.of(block));
      }
      case Part.Foreign(var origin, String json) when origin.equals(Seals.HOME) ->
          List.of(Json.parseObject(json));
      case Part.Document(Source.PlainText(String text), _, _, _) -> List.of(text(text, List.of()));
      case Part.Audio(_, Optional<String> transcript) when transcript.isPresent() -> {
        unplaced.field("audio", "the sound stays behind, its words go as text");
        yield List.of(text(transcript.get(), List.of()));
      }
      case Part.Image _,
          Part.Audio _,
          Part.Video _,
          Part.Document _,
          Part.Foreign _,
          Part.ToolResult _,
          Part.CachePoint _ -> {
        unplaced.part(part);
        yield mentioned(part);
      }
    };
  }

  private static List<ObjectNode> mentioned(Part part) {
    return switch (part) {
      case Part.Image(Source source, _) -> List.of(mention("an image", source));
      case Part.Audio(Source source, _) -> List.of(mention("a sound", source));
      case Part.Video(Source source) -> List.of(mention("a film", source));
      case Part.Document document -> List.of(mention("a document", document.source()));
      case Part.Text _,
          Part.Refusal _,
          Part.Reasoning _,
          Part.ToolCall _,
          Part.ToolResult _,
          Part.CachePoint _,
          Part.Foreign _ ->
          List.of();
    };
  }

  static void logprobs(List<TokenLogprob> logprobs, Unplaced unplaced) {
    if (!logprobs.isEmpty()) {
      unplaced.field("logprobs", "this protocol tells no probabilities");
    }
  }

  /** What is not told of a citation that was made in another protocol. */
  static void citation(Citation citation, Unplaced unplaced) {
    unplaced.placeOf(citation);
    if (!citation.origin().equals(Seals.HOME)
        && (citation.start().isPresent() || citation.end().isPresent())) {
      unplaced.field("citations", "which words it supports is not told: it is of the whole text");
    }
  }

  static ObjectNode text(String text, List<Citation> citations) {
    ObjectNode block = Json.object().put("type", "text").put("text", text);
    if (!citations.isEmpty()) {
      ArrayNode array = block.putArray("citations");
      citations.forEach(citation -> array.add(Citations.write(citation)));
    }
    return block;
  }

  /** A thought; without a seal its signature is empty, because clients count on the field. */
  static ObjectNode thought(String text, Optional<Seal> seal) {
    if (text.isEmpty() && seal.filter(Seals::isRedacted).isPresent()) {
      return redacted(seal.get());
    }
    return Json.object()
        .put("type", "thinking")
        .put("thinking", text)
        .put("signature", seal.map(Seals::write).orElse(""));
  }

  static ObjectNode redacted(Seal seal) {
    return Json.object().put("type", "redacted_thinking").put("data", seal.data());
  }

  /** A call without its input. */
  static ObjectNode toolUse(String callId, String tool, String fallbackCallId) {
    return Json.object()
        .put("type", "tool_use")
        .put("id", callId.isEmpty() ? fallbackCallId : callId)
        .put("name", tool);
  }

  private static ObjectNode mention(String what, Source source) {
    String where =
        switch (source) {
          case Source.Inline(String mediaType, _) -> mediaType;
          case Source.Url(String url, _) -> url;
          case Source.FileId file -> "file " + file.id();
          case Source.PlainText _ -> "text/plain";
        };
    return text(
        "[The model answered with %s that the Messages protocol cannot carry: %s]"
            .formatted(what, where),
        List.of());
  }
}
