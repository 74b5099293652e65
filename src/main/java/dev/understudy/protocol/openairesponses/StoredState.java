package dev.understudy.protocol.openairesponses;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Says whether a request leans on something that a vendor keeps: only the vendor that keeps it can
 * answer such a request.
 *
 * <p>Source: <a href="https://platform.openai.com/docs/guides/conversation-state">conversation
 * state</a> and the schema {@code CreateResponse}.
 */
public final class StoredState {
  private StoredState() {}

  /** The first member that leans on stored state, such as {@code input[2]}; empty if none does. */
  public static Optional<String> find(ObjectNode body) {
    for (String name : new String[] {"previous_response_id", "conversation", "prompt"}) {
      JsonNode value = body.get(name);
      if (value != null && !value.isNull()) {
        return Optional.of(name);
      }
    }
    JsonNode background = body.get("background");
    if (background != null && background.isBoolean() && background.booleanValue()) {
      return Optional.of("background");
    }
    if (body.get("input") instanceof ArrayNode items) {
      for (int i = 0; i < items.size(); i++) {
        if (isReference(items.get(i))) {
          return Optional.of("input[" + i + "]");
        }
      }
    }
    return Optional.empty();
  }

  /** A reference may leave out its type; then its id is all it has. */
  private static boolean isReference(JsonNode item) {
    JsonNode type = item.get("type");
    if (type != null && type.isString()) {
      return type.stringValue().equals("item_reference");
    }
    return item.has("id") && !item.has("role") && !item.has("content");
  }
}
