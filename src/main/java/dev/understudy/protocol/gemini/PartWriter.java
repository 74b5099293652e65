package dev.understudy.protocol.gemini;

import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Seal;
import dev.understudy.chat.Source;
import dev.understudy.chat.TokenLogprob;
import dev.understudy.json.Json;
import dev.understudy.protocol.Unplaced;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes the parts of an answer for callers. */
final class PartWriter {
  private PartWriter() {}

  static ObjectNode text(String text) {
    return Json.object().put("text", text);
  }

  static ObjectNode thought(String text) {
    return text(text).put("thought", true);
  }

  /** A thought's seal on a part of its own: an empty thought, or an empty text where it belongs. */
  static ObjectNode seal(Seal seal) {
    ObjectNode part = Seals.belongsToPartBefore(seal) ? text("") : thought("");
    return part.put("thoughtSignature", Seals.toCaller(seal));
  }

  /** A call; empty if its input is no JSON object, which this protocol cannot show. */
  static Optional<ObjectNode> call(
      String callId, String tool, String inputJson, Optional<Seal> seal) {
    return ContentsWriter.arguments(inputJson)
        .map(args -> {
          var part = Json.object();
          ObjectNode call = part.putObject("functionCall");
          if (!callId.isEmpty()) {
            call.put("id", callId);
          }
          call.put("name", tool).set("args", args);
          seal.ifPresent(found -> part.put("thoughtSignature", Seals.toCaller(found)));
          return part;
        });
  }

  /** How the protocol itself tells of a call that is not well formed, which is no call there. */
  static String malformed(String tool, String inputJson, Unplaced unplaced) {
    unplaced.field("tool_call", "its input is no JSON object; the finish message tells it");
    return "Malformed function call: " + tool + " with input: " + inputJson;
  }

  /** A part that comes whole; empty where callers of this protocol have no eyes for it. */
  static Optional<ObjectNode> whole(Part part, Unplaced unplaced) {
    Optional<ObjectNode> written = written(part);
    if (written.isEmpty() && !(part instanceof Part.ToolCall)) {
      unplaced.part(part);
    } else if (part instanceof Part.Audio(_, var words) && words.isPresent()) {
      unplaced.field("audio.transcript", "sounds have no words beside them here");
    }
    return written;
  }

  private static Optional<ObjectNode> written(Part part) {
    return switch (part) {
      case Part.Image(Source source, _) -> Media.write(source);
      case Part.Audio(Source source, _) -> Media.write(source);
      case Part.Video(Source source) -> Media.write(source);
      case Part.Document document -> Media.write(document.source());
      case Part.Text text -> Optional.of(text(text.text()));
      case Part.Refusal(String text) -> Optional.of(text(text));
      case Part.Foreign(ProtocolName origin, String json) ->
          origin.equals(ProtocolName.GEMINI)
              ? Optional.of(Json.parseObject(json))
              : Optional.empty();
      case Part.ToolCall call -> call(call.callId(), call.tool(), call.inputJson(), call.seal());
      case Part.Reasoning _, Part.ToolResult _, Part.CachePoint _ -> Optional.empty();
    };
  }

  static ObjectNode logprobs(List<TokenLogprob> logprobs) {
    var result = Json.object();
    ArrayNode chosen = result.putArray("chosenCandidates");
    ArrayNode top = Json.array();
    boolean alternatives = false;
    for (TokenLogprob token : logprobs) {
      logprob(token, chosen.addObject());
      ArrayNode candidates = top.addObject().putArray("candidates");
      for (TokenLogprob other : token.alternatives()) {
        alternatives = true;
        logprob(other, candidates.addObject());
      }
    }
    if (alternatives) {
      result.set("topCandidates", top);
    }
    return result;
  }

  private static void logprob(TokenLogprob token, ObjectNode out) {
    out.put("token", token.token()).put("logProbability", token.logprob());
  }
}
