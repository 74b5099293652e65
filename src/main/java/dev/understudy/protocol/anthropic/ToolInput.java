package dev.understudy.protocol.anthropic;

import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/**
 * The input of a tool call, which this protocol has as an object and models elsewhere as any text.
 *
 * <p>Text that is a JSON object is written as it is, byte for byte. Blank text is a call without
 * arguments, an empty object. Any other text, such as JSON that was cut off, is written as an
 * object with the one member {@value #INVALID} that holds the text; read back, it is the text
 * again.
 */
final class ToolInput {
  static final String INVALID = "_invalid_input";

  private ToolInput() {}

  static boolean isObject(String json) {
    return json.isBlank() || parse(json).isPresent();
  }

  /** The value of {@code input}; only good for being written. */
  static JsonNode write(String json) {
    if (json.isBlank()) {
      return Json.object();
    }
    if (parse(json).isPresent()) {
      return JsonNodeFactory.instance.rawValueNode(new RawValue(json.strip()));
    }
    return Json.object().put(INVALID, json);
  }

  /** The text of an {@code input}, taken from {@code raw} where that is known. */
  static String read(JsonNode input, Optional<String> raw) {
    if (input instanceof ObjectNode object && object.size() == 1) {
      JsonNode text = object.get(INVALID);
      if (text != null && text.isString()) {
        return text.stringValue();
      }
    }
    return raw.orElseGet(() -> Json.text(input));
  }

  private static Optional<ObjectNode> parse(String json) {
    try {
      return Optional.of(Json.parseObject(json));
    } catch (Malformed e) {
      return Optional.empty();
    }
  }
}
