package dev.understudy.protocol.openairesponses;

import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Role;
import dev.understudy.chat.Seal;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.SealText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gathers the items of a request into messages.
 *
 * <p>What a model said in one turn arrives as several items: thoughts, text, calls. They become one
 * message, and so do results of tools that follow one another.
 */
final class InputReader {
  private enum Turn {
    NONE,
    MODEL,
    RESULTS
  }

  private final Losses losses;
  private final PartPlaces places;
  private final List<Message> messages = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();
  private final Map<String, String> tools = new HashMap<>();
  private final Map<String, Seal> callSeals = new HashMap<>();
  private Turn turn = Turn.NONE;

  InputReader(Losses losses, PartPlaces places) {
    this.losses = losses;
    this.places = places;
  }

  void message(Role role, List<Part> content) {
    if (role == Role.ASSISTANT) {
      content.forEach(part -> part(Turn.MODEL, part));
    } else {
      flush();
      messages.add(new Message(role, content));
    }
  }

  void item(Fields item) {
    String type = item.text("type").orElse("message");
    switch (type) {
      case "message" -> {
        // Id and status are the vendor's bookkeeping of items that it stored.
        item.ignore("id", "status");
        Role role = role(item);
        List<Part> content = ContentReader.read(item, "content", places);
        message(role, content);
      }
      case "function_call" -> call(item);
      case "function_call_output" -> result(item);
      case "reasoning" -> reasoning(item);
      default -> foreign(type, item);
    }
  }

  List<Message> finish() {
    flush();
    for (String callId : callSeals.keySet()) {
      losses.add("input", "a seal names the tool call " + callId + ", which is not there");
    }
    return messages;
  }

  private static Role role(Fields item) {
    String role = item.requiredText("role");
    return switch (role) {
      case "user" -> Role.USER;
      case "assistant" -> Role.ASSISTANT;
      case "system" -> Role.SYSTEM;
      case "developer" -> Role.DEVELOPER;
      default ->
          throw new Malformed(
              item.pathOf("role"), "must be one of user, assistant, system and developer");
    };
  }

  private void call(Fields item) {
    item.ignore("id", "status");
    String callId = item.requiredText("call_id");
    String tool = item.requiredText("name");
    String arguments = item.text("arguments").orElse("");
    tools.put(callId, tool);
    part(
        item,
        Turn.MODEL,
        new Part.ToolCall(callId, tool, arguments, Optional.ofNullable(callSeals.remove(callId))));
  }

  private void result(Fields item) {
    item.ignore("id", "status");
    String callId = item.requiredText("call_id");
    Optional<String> name = item.text("name");
    Optional<String> tool = name.isPresent() ? name : Optional.ofNullable(tools.get(callId));
    List<Part> content = ContentReader.read(item, "output", places);
    part(item, Turn.RESULTS, new Part.ToolResult(callId, tool, content, false));
  }

  private void reasoning(Fields item) {
    item.ignore("id", "status", "summary", "content");
    Optional<String> encrypted = item.text("encrypted_content");
    String text = ReasoningSeal.text(item.node());
    if (encrypted.isEmpty() || !encrypted.get().startsWith(SealText.MARK)) {
      Optional<Seal> seal = ReasoningSeal.of(item.node(), Optional.empty());
      if (text.isEmpty() && seal.isEmpty()) {
        losses.add(item.path(), "thoughts that only their vendor's store knows");
        return;
      }
      part(item, Turn.MODEL, new Part.Reasoning(text, seal));
      return;
    }
    Optional<Seal> seal = SealText.unwrap(encrypted.get());
    if (seal.isEmpty()) {
      losses.add(item.pathOf("encrypted_content"), "a seal that was damaged on its way");
    }
    Optional<ReasoningSeal.OfCall> ofCall = seal.flatMap(ReasoningSeal::ofCall);
    if (ofCall.isPresent()) {
      callSeals.put(ofCall.get().callId(), ofCall.get().seal());
    } else if (!text.isEmpty() || seal.isPresent()) {
      part(item, Turn.MODEL, new Part.Reasoning(text, seal));
    }
  }

  /** Items of tools that a vendor runs, and of kinds that have no word here, stay as they are. */
  private void foreign(String type, Fields item) {
    item.ignoreRest();
    var part = new Part.Foreign(ProtocolName.OPENAI_RESPONSES, Json.text(item.node()));
    if (item.node().path("role").asString("").equals("developer")) {
      flush();
      places.note(part, item.path());
      messages.add(new Message(Role.DEVELOPER, List.of(part)));
    } else {
      boolean answer = type.endsWith("_output") || type.endsWith("_response");
      part(item, answer ? Turn.RESULTS : Turn.MODEL, part);
    }
  }

  private void part(Fields item, Turn whose, Part part) {
    places.note(part, item.path());
    part(whose, part);
  }

  private void part(Turn whose, Part part) {
    if (turn != whose) {
      flush();
      turn = whose;
    }
    parts.add(part);
  }

  private void flush() {
    if (turn != Turn.NONE) {
      messages.add(new Message(turn == Turn.MODEL ? Role.ASSISTANT : Role.USER, parts));
      parts.clear();
      turn = Turn.NONE;
    }
  }
}
