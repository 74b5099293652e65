package dev.understudy.protocol.openaichat;

import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells whether strict mode takes a JSON Schema: every object in it must forbid further members and
 * require all that it names.
 *
 * @see <a
 *     href="https://platform.openai.com/docs/guides/structured-outputs#supported-schemas">OpenAI's
 *     guide</a>
 */
final class StrictSchema {
  private StrictSchema() {}

  static boolean takes(String schemaJson) {
    try {
      return takes(Json.parse(schemaJson));
    } catch (Malformed e) {
      return false;
    }
  }

  private static boolean takes(JsonNode schema) {
    if (schema instanceof ObjectNode object && object.path("properties").isObject()) {
      JsonNode further = object.path("additionalProperties");
      if (!further.isBoolean() || further.booleanValue()) {
        return false;
      }
      Set<String> required = new HashSet<>();
      object.path("required").forEach(name -> required.add(name.asString("")));
      if (!required.containsAll(object.path("properties").propertyNames())) {
        return false;
      }
    }
    for (JsonNode inner : schema) {
      if (inner.isContainer() && !takes(inner)) {
        return false;
      }
    }
    return true;
  }
}
