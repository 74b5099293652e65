package dev.understudy.protocol.openairesponses;

import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.util.HashSet;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Says whether a schema is one that strict mode accepts: every object names all its properties as
 * required and forbids others.
 *
 * <p>Source: <a
 * href="https://platform.openai.com/docs/guides/structured-outputs#supported-schemas">supported
 * schemas</a>.
 */
final class StrictSchema {
  private StrictSchema() {}

  static boolean accepts(String schemaJson) {
    try {
      return Json.parse(schemaJson) instanceof ObjectNode root
          && root.path("type").asString("").equals("object")
          && accepts(root);
    } catch (Malformed e) {
      return false;
    }
  }

  private static boolean accepts(JsonNode schema) {
    if (!(schema instanceof ObjectNode object)) {
      return false;
    }
    if (isObject(object) && !isClosed(object)) {
      return false;
    }
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      boolean fits =
          switch (member.getKey()) {
            case "properties", "$defs", "definitions" -> allAccepted(member.getValue());
            case "items" -> accepts(member.getValue());
            case "anyOf" ->
                member.getValue() instanceof ArrayNode && allAccepted(member.getValue());
            case "allOf", "oneOf", "not", "if", "then", "else", "patternProperties", "default" ->
                false;
            default -> true;
          };
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  private static boolean allAccepted(JsonNode schemas) {
    for (JsonNode schema : schemas) {
      if (!accepts(schema)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isObject(ObjectNode schema) {
    JsonNode type = schema.get("type");
    if (type instanceof ArrayNode types) {
      for (JsonNode one : types) {
        if (one.asString("").equals("object")) {
          return true;
        }
      }
      return false;
    }
    return schema.has("properties") || (type != null && type.asString("").equals("object"));
  }

  private static boolean isClosed(ObjectNode schema) {
    JsonNode more = schema.get("additionalProperties");
    if (more == null || !more.isBoolean() || more.booleanValue()) {
      return false;
    }
    var required = new HashSet<String>();
    if (schema.get("required") instanceof ArrayNode names) {
      names.forEach(name -> required.add(name.asString("")));
    }
    return !(schema.get("properties") instanceof ObjectNode properties)
        || required.containsAll(properties.propertyNames());
  }
}
