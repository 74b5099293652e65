package dev.understudy.protocol.anthropic;

import dev.understudy.chat.Citation;
import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.chat.Role;
import dev.understudy.chat.Seal;
import dev.understudy.chat.Source;
import dev.understudy.json.Json;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the conversation: instructions apart, then turns of user and assistant that alternate,
 * tool results first in the turn that follows their calls.
 *
 * <p>Instructions later on stay where they are for models that take them there, right behind a
 * user's turn; for others they are told as the user's text, which is a loss of authority.
 */
final class ConversationWriter {
  private static final class Turn {
    final Role role;
    final List<ObjectNode> blocks = new ArrayList<>();

    Turn(Role role) {
      this.role = role;
    }
  }

  private final Dialect dialect;
  private final ClaudeModel model;
  private final CacheMarks marks;
  private final Losses losses;
  private final List<ObjectNode> system = new ArrayList<>();
  private final List<Turn> turns = new ArrayList<>();
  private boolean usesFiles;

  ConversationWriter(Dialect dialect, ClaudeModel model, CacheMarks marks, Losses losses) {
    this.dialect = dialect;
    this.model = model;
    this.marks = marks;
    this.losses = losses;
  }

  /** Sets {@code system} and {@code messages} in {@code body}. */
  void write(List<Message> messages, Optional<String> instruction, ObjectNode body) {
    for (int i = 0; i < messages.size(); i++) {
      Message message = messages.get(i);
      String path = "messages[" + i + "]";
      message.name().ifPresent(_ -> losses.add(path + ".name", "speakers have no names"));
      switch (message.role()) {
        case SYSTEM, DEVELOPER -> instructions(messages, i, path);
        case USER -> parts(message, path, turn(Role.USER).blocks);
        case ASSISTANT -> parts(message, path, turn(Role.ASSISTANT).blocks);
      }
    }
    instruction.ifPresent(text -> system.add(textBlock(text)));
    turns.removeIf(turn -> turn.blocks.isEmpty());
    if (turns.isEmpty() && !system.isEmpty()) {
      losses.add("messages", "at least one is needed; the last instruction is told as the user's");
      turn(Role.USER).blocks.add(system.removeLast());
    }
    if (!system.isEmpty()) {
      body.set("system", content(system));
    }
    ArrayNode array = body.putArray("messages");
    for (Turn turn : turns) {
      ObjectNode node = array.addObject().put("role", name(turn.role));
      node.set("content", content(resultsFirst(turn.blocks)));
    }
  }

  /** Whether a block names an uploaded file. */
  boolean usesFiles() {
    return usesFiles;
  }

  private void instructions(List<Message> messages, int i, String path) {
    Message message = messages.get(i);
    if (turns.isEmpty()) {
      parts(message, path, system);
    } else if (model.takesSystemMessages() && mayStandHere(messages, i)) {
      parts(message, path, turn(Role.SYSTEM).blocks);
    } else {
      losses.add(path + ".role", "a later instruction is told as the user's text");
      parts(message, path, turn(Role.USER).blocks);
    }
  }

  /** Only right behind a user's turn, and right before the assistant's or at the end. */
  private boolean mayStandHere(List<Message> messages, int i) {
    if (turns.getLast().role == Role.ASSISTANT) {
      return false;
    }
    for (Message next : messages.subList(i + 1, messages.size())) {
      if (next.role() == Role.USER) {
        return false;
      }
      if (next.role() == Role.ASSISTANT) {
        return true;
      }
    }
    return true;
  }

  private Turn turn(Role role) {
    if (turns.isEmpty() || turns.getLast().role != role) {
      turns.add(new Turn(role));
    }
    return turns.getLast();
  }

  private void parts(Message message, String messagePath, List<ObjectNode> blocks) {
    int index = 0;
    for (Part part : message.parts()) {
      String path = messagePath + ".content[" + index + "]";
      if (part instanceof Part.CachePoint(var ttl)) {
        marks.markLast(blocks, ttl, path);
      } else {
        block(part, message.role(), path).ifPresent(blocks::add);
      }
      index++;
    }
  }

  private Optional<ObjectNode> block(Part part, Role role, String path) {
    return switch (part) {
      case Part.Text text -> text(text, role, path);
      case Part.Refusal(String text) -> text(new Part.Text(text), role, path);
      case Part.Image image -> {
        noteFile(image.source());
        yield MediaBlocks.write(image, path, losses);
      }
      case Part.Document document -> {
        noteFile(document.source());
        yield MediaBlocks.write(document, path, losses);
      }
      case Part.Audio _ -> lost(path, "sounds cannot be sent");
      case Part.Video _ -> lost(path, "films cannot be sent");
      case Part.ToolCall call -> Optional.of(toolUse(call, path));
      case Part.ToolResult result -> Optional.of(toolResult(result, path));
      case Part.Reasoning reasoning -> reasoning(reasoning, path);
      case Part.Foreign(var origin, String json) ->
          origin.equals(Seals.HOME)
              ? Optional.of(Json.parseObject(json))
              : lost(path, "a block of " + origin + " is not known here");
      case Part.CachePoint _ -> Optional.empty();
    };
  }

  private Optional<ObjectNode> lost(String path, String reason) {
    losses.add(path, reason);
    return Optional.empty();
  }

  private void noteFile(Source source) {
    usesFiles |= source instanceof Source.FileId file && file.origin().equals(Seals.HOME);
  }

  /** The API refuses empty text, and blank text too but for what the model itself wrote. */
  private Optional<ObjectNode> text(Part.Text text, Role role, String path) {
    if (text.text().isEmpty()) {
      return Optional.empty();
    }
    if (text.text().isBlank() && role != Role.ASSISTANT) {
      return lost(path, "blank text is refused");
    }
    ObjectNode block = textBlock(text.text());
    for (Citation citation : text.citations()) {
      if (role != Role.ASSISTANT || !Citations.goesHome(citation)) {
        losses.add(path + ".citations", "a citation of another vendor is not known here");
      }
    }
    ArrayNode home = Citations.writeHome(role == Role.ASSISTANT ? text.citations() : List.of());
    if (!home.isEmpty()) {
      block.set("citations", home);
    }
    return Optional.of(block);
  }

  private static ObjectNode textBlock(String text) {
    return Json.object().put("type", "text").put("text", text);
  }

  private ObjectNode toolUse(Part.ToolCall call, String path) {
    call.seal()
        .ifPresent(
            seal -> losses.add(path + ".seal", "a seal of " + seal.protocol() + " stays behind"));
    if (!ToolInput.isObject(call.inputJson())) {
      losses.add(path + ".input", "is no JSON object; it is wrapped in " + ToolInput.INVALID);
    }
    ObjectNode block = Json.object().put("type", "tool_use");
    block.put("id", ToolIds.write(call.callId())).put("name", call.tool());
    block.set("input", ToolInput.write(call.inputJson()));
    return block;
  }

  private ObjectNode toolResult(Part.ToolResult result, String path) {
    var content = new ArrayList<ObjectNode>();
    parts(new Message(Role.USER, result.content()), path, content);
    ObjectNode block = Json.object().put("type", "tool_result");
    block.put("tool_use_id", ToolIds.write(result.callId()));
    if (!content.isEmpty()) {
      block.set("content", content(content));
    }
    if (result.failed()) {
      block.put("is_error", true);
    }
    return block;
  }

  /** Thoughts are taken back only as they were issued. */
  private Optional<ObjectNode> reasoning(Part.Reasoning reasoning, String path) {
    if (reasoning.seal().isEmpty()) {
      return reasoning.text().isEmpty()
          ? Optional.empty()
          : lost(path, "a thought without a signature is refused");
    }
    Seal seal = reasoning.seal().get();
    if (!seal.isAtHome(Seals.HOME, dialect.vendor())) {
      return lost(path, "a thought sealed by another vendor stays behind");
    }
    return Optional.of(
        Seals.isRedacted(seal)
            ? Json.object().put("type", "redacted_thinking").put("data", seal.data())
            : Json.object()
                .put("type", "thinking")
                .put("thinking", reasoning.text())
                .put("signature", seal.data()));
  }

  private static List<ObjectNode> resultsFirst(List<ObjectNode> blocks) {
    var sorted = new ArrayList<ObjectNode>();
    blocks.stream().filter(ConversationWriter::isToolResult).forEach(sorted::add);
    blocks.stream().filter(block -> !isToolResult(block)).forEach(sorted::add);
    return sorted;
  }

  private static boolean isToolResult(ObjectNode block) {
    return block.path("type").asString("").equals("tool_result");
  }

  /** A single plain text is written as text, anything else as an array. */
  private static JsonNode content(List<ObjectNode> blocks) {
    if (blocks.size() == 1
        && blocks.getFirst().size() == 2
        && blocks.getFirst().path("type").asString("").equals("text")) {
      return blocks.getFirst().get("text");
    }
    return Json.array().addAll(blocks);
  }

  private static String name(Role role) {
    return switch (role) {
      case SYSTEM, DEVELOPER -> "system";
      case USER -> "user";
      case ASSISTANT -> "assistant";
    };
  }
}
