package dev.understudy.settlement.focus;

import dev.understudy.json.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * As much of JSON Schema as the specification's own schemas use; what it does not know it refuses.
 */
final class Schema {
  private static final Set<String> WORDS =
      Set.of(
          "$schema",
          "$id",
          "title",
          "description",
          "default",
          "$defs",
          "$ref",
          "type",
          "properties",
          "required",
          "additionalProperties",
          "patternProperties",
          "items",
          "minItems",
          "maxItems",
          "contains",
          "enum",
          "const",
          "minimum",
          "maximum",
          "allOf",
          "anyOf",
          "oneOf",
          "not",
          "if",
          "then",
          "else",
          "minLength",
          "pattern",
          "examples");

  private final JsonNode root;

  Schema(Path file) throws IOException {
    root = Json.parse(Files.readAllBytes(file));
  }

  boolean accepts(String json) {
    return accepts(root, Json.parse(json));
  }

  private boolean accepts(JsonNode schema, JsonNode value) {
    if (schema.isBoolean()) {
      return schema.booleanValue();
    }
    for (String word : schema.propertyNames()) {
      if (!WORDS.contains(word)) {
        throw new IllegalStateException("a word of JSON Schema that is not known here: " + word);
      }
    }
    if (schema.has("$ref")) {
      String name = schema.path("$ref").stringValue();
      if (!accepts(root.at(name.substring(1)), value)) {
        return false;
      }
    }
    return type(schema, value)
        && object(schema, value)
        && array(schema, value)
        && number(schema, value)
        && choice(schema, value);
  }

  private static boolean type(JsonNode schema, JsonNode value) {
    if (!schema.has("type")) {
      return true;
    }
    JsonNode types = schema.path("type");
    if (types.isString()) {
      return is(types.stringValue(), value);
    }
    for (JsonNode one : types) {
      if (is(one.stringValue(), value)) {
        return true;
      }
    }
    return false;
  }

  private static boolean is(String type, JsonNode value) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isString();
      case "number" -> value.isNumber();
      case "integer" -> value.isIntegralNumber();
      case "boolean" -> value.isBoolean();
      case "null" -> value.isNull();
      default -> throw new IllegalStateException("no type: " + type);
    };
  }

  private boolean object(JsonNode schema, JsonNode value) {
    if (!value.isObject()) {
      return true;
    }
    for (JsonNode name : schema.path("required")) {
      if (!value.has(name.stringValue())) {
        return false;
      }
    }
    for (String name : value.propertyNames()) {
      boolean known = false;
      if (schema.path("properties").has(name)) {
        known = true;
        if (!accepts(schema.path("properties").path(name), value.path(name))) {
          return false;
        }
      }
      for (String pattern : schema.path("patternProperties").propertyNames()) {
        known |= Pattern.compile(pattern).matcher(name).find();
      }
      if (!known
          && schema.path("additionalProperties").isBoolean()
          && !schema.path("additionalProperties").booleanValue()) {
        return false;
      }
    }
    return true;
  }

  private boolean array(JsonNode schema, JsonNode value) {
    if (!value.isArray()) {
      return true;
    }
    if (value.size() < schema.path("minItems").asInt(0)
        || value.size() > schema.path("maxItems").asInt(Integer.MAX_VALUE)) {
      return false;
    }
    boolean found = !schema.has("contains");
    for (JsonNode item : value) {
      if (schema.has("items") && !accepts(schema.path("items"), item)) {
        return false;
      }
      found = found || accepts(schema.path("contains"), item);
    }
    return found;
  }

  private static boolean number(JsonNode schema, JsonNode value) {
    if (!value.isNumber()) {
      return true;
    }
    BigDecimal number = value.decimalValue();
    return (!schema.has("minimum") || number.compareTo(schema.path("minimum").decimalValue()) >= 0)
        && (!schema.has("maximum") || number.compareTo(schema.path("maximum").decimalValue()) <= 0);
  }

  private boolean choice(JsonNode schema, JsonNode value) {
    if (schema.has("const") && !schema.path("const").equals(value)) {
      return false;
    }
    if (schema.has("enum")) {
      Set<JsonNode> all = new HashSet<>();
      schema.path("enum").forEach(all::add);
      if (!all.contains(value)) {
        return false;
      }
    }
    for (JsonNode one : schema.path("allOf")) {
      if (!accepts(one, value)) {
        return false;
      }
    }
    if (schema.has("not") && accepts(schema.path("not"), value)) {
      return false;
    }
    if (schema.has("if")) {
      String then = accepts(schema.path("if"), value) ? "then" : "else";
      if (schema.has(then) && !accepts(schema.path(then), value)) {
        return false;
      }
    }
    return (!schema.has("anyOf") || count(schema.path("anyOf"), value) > 0)
        && (!schema.has("oneOf") || count(schema.path("oneOf"), value) == 1);
  }

  private int count(JsonNode schemas, JsonNode value) {
    int count = 0;
    for (JsonNode one : schemas) {
      count += accepts(one, value) ? 1 : 0;
    }
    return count;
  }
}
