package dev.understudy.protocol.anthropic;

import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A block of a kind that has no word in {@code chat}, put together from its start and its deltas.
 *
 * <p>Inputs and citations have deltas of their own form. Any other delta, also of a kind that came
 * later, is taken member by member: text is appended, all else replaces.
 */
final class BlockInProgress {
  private final ObjectNode block;
  private final StringBuilder input = new StringBuilder();

  BlockInProgress(ObjectNode start) {
    this.block = start.deepCopy();
  }

  void add(ObjectNode delta) {
    switch (delta.path("type").asString("")) {
      case "input_json_delta" -> input.append(delta.path("partial_json").asString(""));
      case "citations_delta" -> {
        JsonNode citation = delta.get("citation");
        if (citation != null) {
          ArrayNode before =
              block.get("citations") instanceof ArrayNode found
                  ? found
                  : block.putArray("citations");
          before.add(citation);
        }
      }
      default -> {
        for (Map.Entry<String, JsonNode> member : delta.properties()) {
          if (!member.getKey().equals("type")) {
            append(member.getKey(), member.getValue());
          }
        }
      }
    }
  }

  private void append(String name, JsonNode value) {
    JsonNode before = block.get(name);
    if (value.isString() && before != null && before.isString()) {
      block.put(name, before.stringValue() + value.stringValue());
    } else if (!value.isNull()) {
      block.set(name, value);
    }
  }

  String json() {
    if (!input.isEmpty()) {
      String text = input.toString();
      try {
        block.set("input", Json.parse(text));
      } catch (Malformed e) {
        block.set("input", ToolInput.write(text));
      }
    }
    return Json.text(block);
  }
}
