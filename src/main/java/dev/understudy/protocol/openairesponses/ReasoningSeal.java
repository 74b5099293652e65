package dev.understudy.protocol.openairesponses;

import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Seal;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.SealText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps a reasoning item as a seal, so that it can be written again as its vendor wrote it.
 *
 * <p>The seal's data is the item as JSON without its type and status: {@code id}, {@code summary},
 * {@code content}, {@code encrypted_content}. The id belongs to it because the encrypted content is
 * bound to its item's id.
 */
final class ReasoningSeal {
  static final String KIND = "reasoning_item";

  /** Kind of the wrapping in which a tool call's own seal travels through a caller. */
  private static final String CALL_KIND = "tool_call";

  private static final List<String> KEPT = List.of("id", "summary", "content", "encrypted_content");

  private ReasoningSeal() {}

  /** The seal of an item; empty if a summary is all it holds, which nobody wants back. */
  static Optional<Seal> of(ObjectNode item, Optional<String> vendor) {
    if (!isText(item.get("encrypted_content")) && texts(item.get("content")).isEmpty()) {
      return Optional.empty();
    }
    var data = Json.object();
    for (String name : KEPT) {
      JsonNode value = item.get(name);
      if (value != null && !value.isNull()) {
        data.set(name, value);
      }
    }
    return Optional.of(new Seal(ProtocolName.OPENAI_RESPONSES, vendor, KIND, Json.text(data)));
  }

  /** The item that a seal keeps; empty if it keeps none. */
  static Optional<ObjectNode> item(Seal seal) {
    if (!seal.kind().equals(KIND)) {
      return Optional.empty();
    }
    try {
      var item = Json.object().put("type", "reasoning");
      ObjectNode data = Json.parseObject(seal.data());
      item.setAll(data);
      if (!item.has("summary")) {
        item.putArray("summary");
      }
      return Optional.of(item);
    } catch (Malformed e) {
      return Optional.empty();
    }
  }

  /** What was thought: the summary, then the thoughts themselves, parts apart by an empty line. */
  static String text(ObjectNode item) {
    String summary = String.join("\n\n", texts(item.get("summary")));
    String content = String.join("\n\n", texts(item.get("content")));
    if (summary.isEmpty()) {
      return content;
    }
    return content.isEmpty() ? summary : summary + "\n\n" + content;
  }

  /** A tool call's seal as the encrypted content of a reasoning item. */
  static String forCall(String callId, Seal seal) {
    var data = Json.object().put("call_id", callId).put("seal", SealText.wrap(seal));
    return SealText.wrap(
        new Seal(ProtocolName.OPENAI_RESPONSES, Optional.empty(), CALL_KIND, Json.text(data)));
  }

  /** A seal on its way home to a tool call. */
  record OfCall(String callId, Seal seal) {}

  /** Reads what {@link #forCall} wrote. */
  static Optional<OfCall> ofCall(Seal seal) {
    if (!seal.kind().equals(CALL_KIND) || !seal.protocol().equals(ProtocolName.OPENAI_RESPONSES)) {
      return Optional.empty();
    }
    try {
      ObjectNode data = Json.parseObject(seal.data());
      return SealText.unwrap(data.path("seal").asString(""))
          .map(inner -> new OfCall(data.path("call_id").asString(""), inner));
    } catch (Malformed e) {
      return Optional.empty();
    }
  }

  private static boolean isText(JsonNode value) {
    return value != null && value.isString() && !value.stringValue().isEmpty();
  }

  private static List<String> texts(JsonNode parts) {
    var found = new ArrayList<String>();
    if (parts != null && parts.isArray()) {
      for (JsonNode part : parts) {
        if (isText(part.get("text"))) {
          found.add(part.get("text").stringValue());
        }
      }
    }
    return found;
  }
}
