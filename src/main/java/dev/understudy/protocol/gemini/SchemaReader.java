package dev.understudy.protocol.gemini;

import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns Google's schema dialect, a subset of OpenAPI 3.0, into JSON Schema.
 *
 * <p>Types lose their capitals, {@code nullable} becomes the type {@code null}, and the order of
 * properties is the order in which they stand. Source: ai.google.dev/api/caching, "Schema".
 */
final class SchemaReader {
  /** The numbers of {@code Type}, for callers that send enumerations as numbers. */
  private static final List<String> TYPES =
      List.of("", "string", "number", "integer", "boolean", "array", "object", "null");

  private static final Map<String, String> CAMEL =
      Map.ofEntries(
          Map.entry("any_of", "anyOf"),
          Map.entry("max_items", "maxItems"),
          Map.entry("min_items", "minItems"),
          Map.entry("max_length", "maxLength"),
          Map.entry("min_length", "minLength"),
          Map.entry("max_properties", "maxProperties"),
          Map.entry("min_properties", "minProperties"),
          Map.entry("property_ordering", "propertyOrdering"));

  private SchemaReader() {}

  static JsonNode read(JsonNode schema) {
    if (!(schema instanceof ObjectNode object)) {
      return schema;
    }
    var out = Json.object();
    boolean nullable = false;
    List<String> order = List.of();
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      String name = CAMEL.getOrDefault(member.getKey(), member.getKey());
      JsonNode value = member.getValue();
      if (value.isNull() && !name.equals("default")) {
        continue;
      }
      switch (name) {
        case "type" -> {
          JsonNode type = type(value);
          if (type.isArray() || !type.asString().isEmpty()) {
            out.set("type", type);
          }
        }
        case "nullable" -> nullable = value.asBoolean(false);
        case "propertyOrdering" -> order = strings(value);
        case "properties" -> out.set("properties", each(value));
        case "$defs", "defs" -> out.set(name, each(value));
        case "items", "additionalProperties" -> out.set(name, read(value));
        case "anyOf", "oneOf", "allOf", "prefixItems" -> out.set(name, list(value));
        case "example" -> out.putArray("examples").add(value);
        case "maxItems", "minItems", "maxLength", "minLength", "maxProperties", "minProperties" ->
            out.set(name, number(value));
        case "format" -> {
          // "enum" only says that an enumeration follows.
          if (!value.asString("").equals("enum")) {
            out.set("format", value);
          }
        }
        default -> out.set(name, value);
      }
    }
    numbers(out);
    if (nullable) {
      allowNull(out);
    }
    inOrder(out, order);
    return out;
  }

  private static JsonNode type(JsonNode value) {
    if (value.isIntegralNumber()) {
      int number = value.asInt(0);
      return Json.array().add(number > 0 && number < TYPES.size() ? TYPES.get(number) : "").get(0);
    }
    if (value instanceof ArrayNode several) {
      var all = Json.array();
      several.forEach(each -> all.add(type(each)));
      return all;
    }
    String text = value.asString("").toLowerCase(Locale.ROOT);
    return Json.array().add(text.equals("type_unspecified") ? "" : text).get(0);
  }

  /** Enumerated numbers are strings in this dialect. */
  private static void numbers(ObjectNode out) {
    String type = out.path("type").isString() ? out.path("type").asString() : "";
    if (!(out.get("enum") instanceof ArrayNode words)
        || !(type.equals("integer") || type.equals("number"))) {
      return;
    }
    var values = Json.array();
    words.forEach(word -> values.add(number(word)));
    out.set("enum", values);
  }

  private static JsonNode number(JsonNode value) {
    if (!value.isString()) {
      return value;
    }
    try {
      JsonNode parsed = Json.parse(value.stringValue());
      return parsed.isNumber() ? parsed : value;
    } catch (Malformed e) {
      return value;
    }
  }

  private static void allowNull(ObjectNode out) {
    JsonNode type = out.path("type");
    if (type.isString()) {
      if (!type.stringValue().equals("null")) {
        var both = Json.array().add(type).add("null");
        out.set("type", both);
      }
    } else if (out.get("anyOf") instanceof ArrayNode alternatives) {
      alternatives.addObject().put("type", "null");
    }
    if (out.get("enum") instanceof ArrayNode words) {
      words.addNull();
    }
  }

  private static void inOrder(ObjectNode out, List<String> order) {
    if (order.isEmpty() || !(out.get("properties") instanceof ObjectNode properties)) {
      return;
    }
    var sorted = Json.object();
    for (String name : order) {
      if (properties.has(name)) {
        sorted.set(name, properties.get(name));
      }
    }
    properties
        .properties()
        .forEach(member -> sorted.putIfAbsent(member.getKey(), member.getValue()));
    out.set("properties", sorted);
  }

  private static ObjectNode each(JsonNode value) {
    var out = Json.object();
    value.properties().forEach(member -> out.set(member.getKey(), read(member.getValue())));
    return out;
  }

  private static ArrayNode list(JsonNode value) {
    var out = Json.array();
    value.forEach(each -> out.add(read(each)));
    return out;
  }

  private static List<String> strings(JsonNode value) {
    var out = new ArrayList<String>();
    value.forEach(each -> out.add(each.asString("")));
    return out;
  }
}
