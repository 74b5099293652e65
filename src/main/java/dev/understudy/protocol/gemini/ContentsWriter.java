package dev.understudy.protocol.gemini;

import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Role;
import dev.understudy.chat.Seal;
import dev.understudy.chat.Source;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the turns of a conversation for a vendor.
 *
 * <p>Turns of one speaker in a row become one; function responses stand first in theirs, in the
 * order of the calls, because the API wants exactly one for each call of the turn before. A call of
 * the current turn that nobody signed gets the documented placeholder where the model would refuse
 * it otherwise.
 */
final class ContentsWriter {
  private record Placed(Part part, String path) {}

  private record Turn(Role role, List<Placed> parts) {}

  private final ModelName model;
  private final Dialect dialect;
  private final Losses losses;
  private final Map<String, Integer> orderOfCalls = new HashMap<>();
  private final Map<String, String> toolOfCall = new HashMap<>();

  ContentsWriter(ModelName model, Dialect dialect, Losses losses) {
    this.model = model;
    this.dialect = dialect;
    this.losses = losses;
  }

  ArrayNode write(List<Message> messages) {
    List<Turn> turns = turns(messages);
    int current = currentTurn(turns);
    var contents = Json.array();
    for (int i = 0; i < turns.size(); i++) {
      Turn turn = turns.get(i);
      ArrayNode parts = Json.array();
      if (turn.role() == Role.ASSISTANT) {
        spoken(turn, parts);
        if (i > current && model.isThree()) {
          signFirstCall(parts);
        }
      } else {
        brought(turn, parts);
      }
      if (!parts.isEmpty()) {
        contents
            .addObject()
            .put("role", turn.role() == Role.ASSISTANT ? "model" : "user")
            .set("parts", parts);
      }
    }
    return contents;
  }

  private List<Turn> turns(List<Message> messages) {
    var turns = new ArrayList<Turn>();
    int at = 0;
    for (Message message : messages) {
      String path = "messages[" + at + "]";
      at++;
      if (message.role() == Role.SYSTEM || message.role() == Role.DEVELOPER) {
        continue; // Instructions have a place of their own.
      }
      if (message.name().isPresent()) {
        losses.add(path + ".name", "speakers have no names");
      }
      Role role = message.role() == Role.ASSISTANT ? Role.ASSISTANT : Role.USER;
      if (turns.isEmpty() || turns.getLast().role() != role) {
        turns.add(new Turn(role, new ArrayList<>()));
      }
      int number = 0;
      for (Part part : message.parts()) {
        turns.getLast().parts().add(new Placed(part, path + ".parts[" + number + "]"));
        number++;
        if (part instanceof Part.ToolCall call) {
          orderOfCalls.put(call.callId(), orderOfCalls.size());
          toolOfCall.put(call.callId(), call.tool());
        }
      }
    }
    return turns;
  }

  /** The last turn in which a person says something: what follows is the current turn. */
  private static int currentTurn(List<Turn> turns) {
    for (int i = turns.size() - 1; i >= 0; i--) {
      Turn turn = turns.get(i);
      if (turn.role() == Role.USER
          && turn.parts().stream().noneMatch(placed -> placed.part() instanceof Part.ToolResult)) {
        return i;
      }
    }
    return -1;
  }

  private static void signFirstCall(ArrayNode parts) {
    for (JsonNode part : parts) {
      if (part instanceof ObjectNode object && object.has("functionCall")) {
        if (!object.has("thoughtSignature")) {
          object.put("thoughtSignature", Seals.SKIP);
        }
        return;
      }
    }
  }

  private void spoken(Turn turn, ArrayNode parts) {
    Optional<ObjectNode> before = Optional.empty();
    for (Placed placed : turn.parts()) {
      int count = parts.size();
      if (placed.part() instanceof Part.Reasoning thought) {
        reasoning(thought, before, placed.path(), parts);
      } else {
        part(placed, parts);
      }
      if (parts.size() > count && parts.get(parts.size() - 1) instanceof ObjectNode last) {
        before = last.has("functionCall") ? Optional.empty() : Optional.of(last);
      }
    }
  }

  private void reasoning(
      Part.Reasoning thought, Optional<ObjectNode> before, String path, ArrayNode parts) {
    Optional<Seal> seal = thought.seal();
    if (seal.isPresent() && !seal.get().isAtHome(ProtocolName.GEMINI, dialect.vendor())) {
      losses.add(path, "a thought that only " + seal.get().protocol() + " can read");
      return;
    }
    if (seal.isPresent() && Seals.belongsToPartBefore(seal.get())) {
      ObjectNode holder =
          before
              .filter(part -> !part.has("thoughtSignature") && !part.has("thought"))
              .orElseGet(() -> parts.addObject().put("text", ""));
      holder.put("thoughtSignature", seal.get().data());
      return;
    }
    if (thought.text().isEmpty() && seal.isEmpty()) {
      return;
    }
    ObjectNode part = parts.addObject().put("text", thought.text()).put("thought", true);
    seal.ifPresent(found -> part.put("thoughtSignature", found.data()));
  }

  /** Responses first, in the order of their calls, then everything else. */
  private void brought(Turn turn, ArrayNode parts) {
    var results = new ArrayList<Placed>();
    for (Placed placed : turn.parts()) {
      if (placed.part() instanceof Part.ToolResult) {
        results.add(placed);
      }
    }
    results.sort((a, b) ->
        Integer.compare(orderOf((Part.ToolResult) a.part()), orderOf((Part.ToolResult) b.part())));
    var beside = Json.array();
    for (Placed placed : results) {
      result((Part.ToolResult) placed.part(), placed.path(), parts, beside);
    }
    parts.addAll(beside);
    for (Placed placed : turn.parts()) {
      if (!(placed.part() instanceof Part.ToolResult)) {
        part(placed, parts);
      }
    }
  }

  private int orderOf(Part.ToolResult result) {
    return orderOfCalls.getOrDefault(result.callId(), Integer.MAX_VALUE);
  }

  private void part(Placed placed, ArrayNode parts) {
    String path = placed.path();
    switch (placed.part()) {
      case Part.Text text -> {
        if (!text.text().isEmpty()) {
          parts.addObject().put("text", text.text());
        }
      }
      case Part.Image(Source source, Optional<String> detail) -> {
        media(source, path, parts);
        if (detail.isPresent() && !detail.get().equals("auto")) {
          losses.add(path + ".detail", "cannot be asked of one image");
        }
      }
      case Part.Audio(Source source, Optional<String> transcript) -> {
        media(source, path, parts);
        if (transcript.isPresent()) {
          losses.add(path + ".transcript", "is not carried beside the sound");
        }
      }
      case Part.Video(Source source) -> media(source, path, parts);
      case Part.Document document -> document(document, path, parts);
      case Part.ToolCall call -> call(call, path, parts);
      case Part.ToolResult result -> {
        var beside = Json.array();
        result(result, path, parts, beside);
        parts.addAll(beside);
      }
      case Part.Reasoning thought -> reasoning(thought, Optional.empty(), path, parts);
      case Part.Refusal(String text) -> {
        if (!text.isEmpty()) {
          parts.addObject().put("text", text);
        }
      }
      case Part.CachePoint(Optional<String> ttl) -> cachePoint(ttl, path, losses);
      case Part.Foreign(ProtocolName origin, String json) -> {
        if (origin.equals(ProtocolName.GEMINI)) {
          parts.add(Json.parse(json));
        } else {
          losses.add(path, "a block that only " + origin + " knows");
        }
      }
    }
  }

  /** These models cache by themselves; for how long cannot be wished for. */
  static void cachePoint(Optional<String> ttl, String path, Losses losses) {
    if (ttl.isPresent()) {
      losses.add(path, "how long a prompt is cached cannot be asked for");
    }
  }

  private void document(Part.Document document, String path, ArrayNode parts) {
    media(document.source(), path, parts);
    if (document.title().isPresent()) {
      losses.add(path + ".title", "documents have no titles");
    }
    if (document.context().isPresent()) {
      losses.add(path + ".context", "documents have no context");
    }
    if (document.citable()) {
      losses.add(path + ".citable", "documents cannot be cited");
    }
  }

  private void media(Source source, String path, ArrayNode parts) {
    Optional<ObjectNode> part = Media.write(source);
    if (part.isEmpty()) {
      losses.add(path, "a file that another protocol's vendor keeps");
      return;
    }
    parts.add(part.get());
    if (part.get().get("fileData") instanceof ObjectNode file
        && !file.has("mimeType")
        && !Media.isYouTube(file.path("fileUri").asString(""))) {
      losses.add(path, "the media type cannot be told from the address");
    }
  }

  private void call(Part.ToolCall call, String path, ArrayNode parts) {
    ObjectNode part = parts.addObject();
    ObjectNode written = part.putObject("functionCall");
    if (!call.callId().isEmpty()) {
      written.put("id", call.callId());
    }
    written.put("name", call.tool());
    Optional<ObjectNode> args = arguments(call.inputJson());
    if (args.isEmpty()) {
      losses.add(path + ".input", "is no JSON object and goes as text");
    }
    written.set(
        "args", args.orElseGet(() -> Json.object().put("malformed_input", call.inputJson())));
    if (call.seal().isPresent()) {
      if (call.seal().get().isAtHome(ProtocolName.GEMINI, dialect.vendor())) {
        part.put("thoughtSignature", call.seal().get().data());
      } else {
        losses.add(path + ".seal", "only " + call.seal().get().protocol() + " can read it");
      }
    }
  }

  /** A call's input as an object; empty if it is none. */
  static Optional<ObjectNode> arguments(String json) {
    if (json.isBlank()) {
      return Optional.of(Json.object());
    }
    try {
      return Json.parse(json) instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
    } catch (Malformed e) {
      return Optional.empty();
    }
  }

  /**
   * @param beside takes what models before 3 cannot read inside a response
   */
  private void result(Part.ToolResult result, String path, ArrayNode parts, ArrayNode beside) {
    ObjectNode response = parts.addObject().putObject("functionResponse");
    if (!result.callId().isEmpty()) {
      response.put("id", result.callId());
    }
    String tool = result.tool().orElse(toolOfCall.getOrDefault(result.callId(), ""));
    if (tool.isEmpty()) {
      losses.add(path + ".tool", "no call of this id is in the conversation");
      tool = "unknown";
    }
    response.put("name", tool);
    var texts = new ArrayList<String>();
    var media = Json.array();
    int at = 0;
    for (Part part : result.content()) {
      String place = path + ".content[" + at + "]";
      if (part instanceof Part.Text text) {
        texts.add(text.text());
      } else {
        part(new Placed(part, place), media);
      }
      at++;
    }
    response.set("response", output(String.join("\n", texts), result.failed()));
    var inside = Json.array();
    for (JsonNode part : media) {
      (model.isThree() && fitsResponse(part) ? inside : beside).add(part);
    }
    if (!inside.isEmpty()) {
      response.set("parts", inside);
    }
  }

  /** Responses hold images, PDF and plain text (ai.google.dev, "Multimodal function responses"). */
  private static boolean fitsResponse(JsonNode part) {
    JsonNode holder = part.has("inlineData") ? part.get("inlineData") : part.path("fileData");
    String type = holder.path("mimeType").asString("");
    return type.startsWith("image/") || type.equals("application/pdf") || type.equals("text/plain");
  }

  /** An object stands for itself; anything else is wrapped as Google documents. */
  private static ObjectNode output(String text, boolean failed) {
    JsonNode value = Json.array().add(text).get(0);
    String trimmed = text.strip();
    if (trimmed.startsWith("{") || trimmed.startsWith("[")) {
      try {
        value = Json.parse(text);
      } catch (Malformed e) {
        // Text that only begins like JSON.
      }
    }
    if (!failed
        && value instanceof ObjectNode object
        && !object.has("output")
        && !object.has("error")) {
      return object;
    }
    ObjectNode wrapped = Json.object();
    wrapped.set(failed ? "error" : "output", value);
    return wrapped;
  }
}
