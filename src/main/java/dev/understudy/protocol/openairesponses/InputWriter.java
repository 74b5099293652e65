package dev.understudy.protocol.openairesponses;

import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Role;
import dev.understudy.chat.Seal;
import dev.understudy.json.Json;
import dev.understudy.protocol.Losses;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes messages as the items of a request. */
final class InputWriter {
  private final String vendor;
  private final ContentWriter content;
  private final Losses losses;
  private final ArrayNode items = Json.array();
  private boolean sealed;

  InputWriter(String vendor, boolean marksCache, Losses losses) {
    this.vendor = vendor;
    this.content = new ContentWriter(marksCache, losses);
    this.losses = losses;
  }

  ArrayNode items() {
    return items;
  }

  /** Whether sealed thoughts went home, so that more of them are wanted. */
  boolean isSealed() {
    return sealed;
  }

  void message(Message message, String path) {
    if (message.name().isPresent()) {
      losses.add(path + ".name", "speakers have no names in this protocol");
    }
    List<Part> parts = message.parts();
    int start = 0;
    for (int i = 0; i < parts.size(); i++) {
      if (standsAlone(parts.get(i))) {
        run(message.role(), parts, start, i, path);
        alone(parts.get(i), partPath(path, i));
        start = i + 1;
      }
    }
    run(message.role(), parts, start, parts.size(), path);
  }

  /** Whether a part is an item of its own rather than content of a message. */
  private static boolean standsAlone(Part part) {
    return switch (part) {
      case Part.ToolCall _, Part.ToolResult _, Part.Reasoning _, Part.Foreign _ -> true;
      case Part.Text _,
          Part.Refusal _,
          Part.Image _,
          Part.Audio _,
          Part.Video _,
          Part.Document _,
          Part.CachePoint _ ->
          false;
    };
  }

  private void run(Role role, List<Part> parts, int from, int to, String path) {
    if (from == to) {
      return;
    }
    if (role != Role.ASSISTANT && to - from == 1 && parts.get(from) instanceof Part.Text text) {
      item(role).put("content", text.text());
      return;
    }
    ArrayNode written = Json.array();
    for (int i = from; i < to; i++) {
      if (role == Role.ASSISTANT) {
        content.said(parts.get(i), partPath(path, i), written);
      } else {
        content.given(parts.get(i), partPath(path, i), written);
      }
    }
    if (!written.isEmpty()) {
      item(role).set("content", written);
    }
  }

  private ObjectNode item(Role role) {
    return items
        .addObject()
        .put("type", "message")
        .put("role", role.name().toLowerCase(Locale.ROOT));
  }

  private void alone(Part part, String path) {
    switch (part) {
      case Part.ToolCall call -> {
        if (call.seal().isPresent()) {
          losses.add(path, "a call's seal is for " + call.seal().get().protocol());
        }
        items
            .addObject()
            .put("type", "function_call")
            .put("call_id", call.callId())
            .put("name", call.tool())
            .put("arguments", call.inputJson());
      }
      case Part.ToolResult result -> result(result, path);
      case Part.Reasoning(String text, var seal) -> thought(text, seal, path);
      case Part.Foreign(var origin, String json) -> foreign(origin, json, path);
      case Part.Text _,
          Part.Refusal _,
          Part.Image _,
          Part.Audio _,
          Part.Video _,
          Part.Document _,
          Part.CachePoint _ ->
          throw new IllegalStateException("content of a message stands alone");
    }
  }

  private void result(Part.ToolResult result, String path) {
    if (result.failed()) {
      losses.add(path, "a tool's failure is told by its output alone");
    }
    ObjectNode item =
        items.addObject().put("type", "function_call_output").put("call_id", result.callId());
    List<Part> parts = result.content();
    if (parts.isEmpty()) {
      item.put("output", "");
    } else if (parts.size() == 1 && parts.getFirst() instanceof Part.Text text) {
      item.put("output", text.text());
    } else {
      ArrayNode output = item.putArray("output");
      for (int i = 0; i < parts.size(); i++) {
        content.given(parts.get(i), path + ".content[" + i + "]", output);
      }
    }
  }

  private void thought(String text, Optional<Seal> seal, String path) {
    if (seal.isEmpty()) {
      if (!text.isEmpty()) {
        losses.add(path, "thoughts without a seal cannot be given back");
      }
      return;
    }
    if (!seal.get().isAtHome(ProtocolName.OPENAI_RESPONSES, vendor)) {
      losses.add(path, "thoughts sealed by another vendor");
      return;
    }
    Optional<ObjectNode> item = ReasoningSeal.item(seal.get());
    if (item.isEmpty()) {
      losses.add(path, "a seal of unknown kind");
      return;
    }
    sealed = true;
    items.add(item.get());
  }

  private void foreign(ProtocolName origin, String json, String path) {
    if (origin.equals(ProtocolName.OPENAI_RESPONSES)) {
      items.add(Json.parseObject(json));
    } else {
      losses.add(path, "a block that only " + origin + " knows");
    }
  }

  private static String partPath(String path, int index) {
    return path + ".parts[" + index + "]";
  }
}
