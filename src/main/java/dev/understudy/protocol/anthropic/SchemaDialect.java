package dev.understudy.protocol.anthropic;

import dev.understudy.json.Json;
import dev.understudy.protocol.Losses;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The dialect of JSON Schema that answers can be held to.
 *
 * <p>Objects must be closed, and bounds on numbers, texts and arrays are refused
 * (platform.claude.com/docs/en/build-with-claude/structured-outputs). Objects are closed here, and
 * bounds are told to the model in the description instead, each as a loss: they no longer hold.
 */
final class SchemaDialect {
  private static final Set<String> REFUSED =
      Set.of(
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "multipleOf",
          "minLength",
          "maxLength",
          "maxItems",
          "uniqueItems",
          "contains",
          "minContains",
          "maxContains",
          "minProperties",
          "maxProperties");

  /** Members whose values are schemas by name. */
  private static final List<String> NAMED = List.of("properties", "$defs", "definitions");

  /** Members whose value is a schema, or an array of them. */
  private static final List<String> NESTED =
      List.of("items", "prefixItems", "anyOf", "allOf", "oneOf");

  private SchemaDialect() {}

  static ObjectNode adapt(ObjectNode schema, String path, Losses losses) {
    ObjectNode adapted = schema.deepCopy();
    visit(adapted, path, losses);
    return adapted;
  }

  private static void visit(ObjectNode schema, String path, Losses losses) {
    for (String name : NAMED) {
      if (schema.get(name) instanceof ObjectNode byName) {
        for (Map.Entry<String, JsonNode> member : byName.properties()) {
          visitAny(member.getValue(), path + "." + name + "." + member.getKey(), losses);
        }
      }
    }
    for (String name : NESTED) {
      visitAny(
          Optional.ofNullable(schema.get(name)).orElseGet(Json::object), path + "." + name, losses);
    }
    close(schema, path, losses);
    tellBounds(schema, path, losses);
  }

  private static void visitAny(JsonNode value, String path, Losses losses) {
    if (value instanceof ObjectNode schema && !schema.isEmpty()) {
      visit(schema, path, losses);
    } else if (value instanceof ArrayNode schemas) {
      for (int i = 0; i < schemas.size(); i++) {
        visitAny(schemas.get(i), path + "[" + i + "]", losses);
      }
    }
  }

  private static void close(ObjectNode schema, String path, Losses losses) {
    boolean isObject =
        schema.path("type").asString("").equals("object") || schema.has("properties");
    JsonNode rest = schema.get("additionalProperties");
    if (!isObject || (rest != null && rest.isBoolean() && !rest.booleanValue())) {
      return;
    }
    if (rest != null) {
      losses.add(path + ".additionalProperties", "objects must be closed here");
    }
    schema.put("additionalProperties", false);
  }

  private static void tellBounds(ObjectNode schema, String path, Losses losses) {
    ObjectNode told = Json.object();
    for (String name : REFUSED) {
      if (schema.has(name)) {
        told.set(name, schema.get(name));
      }
    }
    if (schema.path("minItems").asInt(0) > 1) {
      told.set("minItems", schema.get("minItems"));
    }
    if (told.isEmpty()) {
      return;
    }
    var bounds = new StringBuilder(schema.path("description").asString(""));
    for (Map.Entry<String, JsonNode> bound : told.properties()) {
      bounds.append(bounds.isEmpty() ? "" : " ");
      bounds.append("(%s: %s)".formatted(bound.getKey(), Json.text(bound.getValue())));
      losses.add(path + "." + bound.getKey(), "is told in the description, but not enforced");
      schema.remove(bound.getKey());
    }
    schema.put("description", bounds.toString());
  }
}
