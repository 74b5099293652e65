package dev.understudy.protocol.openairesponses;

import dev.understudy.json.Json;
import dev.understudy.protocol.Trail;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a relayed stream has told of a response so far: its head, its items, the open message. */
final class ToldItems {
  private final ArrayNode items = Json.array();
  private final String openText;
  private final boolean open;
  private @Nullable ObjectNode response;
  private @Nullable ObjectNode message;

  ToldItems(Trail trail) {
    openText = trail.openText();
    open = trail.isOpen();
    for (byte[] kept : trail.kept()) {
      event(Json.parseObject(kept));
    }
    if (message != null) {
      items.add(message);
    }
  }

  private void event(ObjectNode event) {
    switch (event.path("type").asString("")) {
      case "response.created" -> {
        if (event.get("response") instanceof ObjectNode object) {
          response = object;
        }
      }
      case "response.output_item.added" -> {
        if (event.get("item") instanceof ObjectNode item
            && item.path("type").asString("").equals("message")) {
          message = item;
          if (!(item.get("content") instanceof ArrayNode)) {
            item.putArray("content");
          }
        }
      }
      case "response.content_part.done" -> {
        if (message != null && message.get("content") instanceof ArrayNode content) {
          content.add(event.path("part"));
        }
      }
      case "response.output_item.done" -> {
        message = null;
        items.add(event.path("item"));
      }
      default -> {}
    }
  }

  /** The response object as it began. */
  Optional<ObjectNode> response() {
    return Optional.ofNullable(response);
  }

  /** All items, the open message last. */
  ArrayNode items() {
    return items;
  }

  /** The message that is not complete yet. */
  Optional<ObjectNode> message() {
    return Optional.ofNullable(message);
  }

  /** Whether a text of it is under way. */
  boolean isTextOpen() {
    return open && message != null;
  }

  /** That text so far. */
  String openText() {
    return openText;
  }
}
