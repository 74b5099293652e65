package dev.understudy.sandbox;

import dev.understudy.json.Json;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes a document that a JSON schema accepts, for the part of JSON Schema that models are asked
 * in: types, enum, const, required, properties, items, anyOf, oneOf, allOf, $ref, the usual bounds,
 * formats and simple patterns. Gemini's upper-case types and {@code nullable} are understood.
 */
final class SchemaExample {
  /** Below this depth only what is required is filled in. */
  private static final int OPTIONAL_DEPTH_MAX = 5;

  /** Below this depth nothing is followed any more: the schema only allows endless documents. */
  private static final int DEPTH_MAX = 24;

  private static final int ITEMS_MAX = 1_000;

  private final JsonNode root;

  private SchemaExample(JsonNode root) {
    this.root = root;
  }

  static JsonNode of(JsonNode schema) {
    return new SchemaExample(schema).value(schema, "value", 0);
  }

  private JsonNode value(JsonNode given, String name, int depth) {
    if (depth > DEPTH_MAX || given.isBoolean() || !given.isObject()) {
      return given.isObject() || depth > DEPTH_MAX
          ? JsonNodeFactory.instance.nullNode()
          : text("sandbox " + name);
    }
    JsonNode schema = resolved(given, 0);
    if (schema.has("const")) {
      return schema.get("const");
    }
    if (schema.path("enum").isArray() && !schema.get("enum").isEmpty()) {
      return schema.get("enum").get(0);
    }
    for (String choice : List.of("anyOf", "oneOf", "any_of")) {
      if (schema.path(choice).isArray() && !schema.get(choice).isEmpty()) {
        return value(merged(schema, choice, chosen(schema.get(choice), depth)), name, depth + 1);
      }
    }
    if (schema.path("allOf").isArray()) {
      JsonNode all = schema;
      for (JsonNode part : schema.get("allOf")) {
        all = merged(all, "allOf", resolved(part, 0));
      }
      return value(all, name, depth + 1);
    }
    return switch (type(schema)) {
      case "object" -> object(schema, depth);
      case "array" -> array(schema, name, depth);
      case "integer" -> number(schema, true);
      case "number" -> number(schema, false);
      case "boolean" -> JsonNodeFactory.instance.booleanNode(true);
      case "null" -> JsonNodeFactory.instance.nullNode();
      default -> text(SchemaText.of(schema, "sandbox " + name.replace('_', ' ')));
    };
  }

  private JsonNode object(JsonNode schema, int depth) {
    ObjectNode object = Json.object();
    JsonNode properties = schema.path("properties");
    List<String> required = new ArrayList<>();
    schema.path("required").forEach(name -> required.add(name.asString()));
    properties
        .properties()
        .forEach(property -> {
          if (depth < OPTIONAL_DEPTH_MAX || required.contains(property.getKey())) {
            object.set(property.getKey(), value(property.getValue(), property.getKey(), depth + 1));
          }
        });
    JsonNode others = schema.path("additionalProperties");
    for (String name : required) {
      if (!object.has(name)) {
        object.set(name, value(others, name, depth + 1));
      }
    }
    int needed = Math.min(schema.path("minProperties").asInt(0), ITEMS_MAX);
    for (int i = 1; object.size() < needed; i++) {
      object.set("sandbox" + i, value(others, "value", depth + 1));
    }
    return object;
  }

  private JsonNode array(JsonNode schema, String name, int depth) {
    ArrayNode array = Json.array();
    JsonNode prefix = schema.path("prefixItems");
    prefix.forEach(item -> array.add(value(item, name, depth + 1)));
    int min = bound(schema, "minItems", 0);
    int max = bound(schema, "maxItems", ITEMS_MAX);
    boolean endless = depth >= OPTIONAL_DEPTH_MAX;
    boolean closed = schema.path("items").isBoolean() && !schema.get("items").asBoolean();
    int wanted = Math.min(max, Math.max(min, endless || closed ? 0 : Math.max(1, array.size())));
    JsonNode items = schema.path("items");
    boolean unique = schema.path("uniqueItems").asBoolean(false);
    while (array.size() < wanted) {
      JsonNode item = value(items, name, depth + 1);
      array.add(unique ? distinct(item, items, array.size()) : item);
    }
    return array;
  }

  /** An item that differs from those before it, as far as its schema's kind lets it. */
  private JsonNode distinct(JsonNode item, JsonNode items, int index) {
    if (index == 0) {
      return item;
    }
    JsonNode schema = resolved(items, 0);
    if (schema.path("enum").size() > index) {
      return schema.get("enum").get(index);
    }
    if (item.isString()) {
      return text(item.stringValue() + " " + (index + 1));
    }
    return item.isNumber()
        ? JsonNodeFactory.instance.numberNode(item.decimalValue().add(BigDecimal.valueOf(index)))
        : item;
  }

  private static JsonNode number(JsonNode schema, boolean whole) {
    BigDecimal step = schema.path("multipleOf").decimalValueOpt().orElse(BigDecimal.ONE);
    BigDecimal value = BigDecimal.ONE;
    JsonNode low = schema.path("minimum");
    JsonNode above = schema.path("exclusiveMinimum");
    JsonNode high = schema.path("maximum");
    JsonNode below = schema.path("exclusiveMaximum");
    BigDecimal half = whole ? BigDecimal.ONE : new BigDecimal("0.5");
    if (high.isNumber()) {
      value = value.min(high.decimalValue());
    }
    if (below.isNumber()) {
      value = value.min(below.decimalValue().subtract(half));
    }
    if (low.isNumber()) {
      value = value.max(low.decimalValue());
    }
    if (above.isNumber() && value.compareTo(above.decimalValue()) <= 0) {
      value = above.decimalValue().add(half);
      if (below.isNumber() && value.compareTo(below.decimalValue()) >= 0) {
        value = above.decimalValue().add(below.decimalValue()).divide(BigDecimal.TWO);
      }
    }
    if (whole || schema.has("multipleOf")) {
      BigDecimal unit = step.signum() > 0 ? step : BigDecimal.ONE;
      value = value.divide(unit, 0, RoundingMode.CEILING).multiply(unit);
    }
    return whole
        ? JsonNodeFactory.instance.numberNode(value.toBigInteger())
        : JsonNodeFactory.instance.numberNode(value);
  }

  private JsonNode chosen(JsonNode options, int depth) {
    boolean deep = depth >= OPTIONAL_DEPTH_MAX;
    JsonNode plain = options.get(0);
    for (JsonNode option : options) {
      JsonNode schema = resolved(option, 0);
      String type = type(schema);
      if (deep == (type.equals("null") || !(type.equals("object") || type.equals("array")))) {
        return schema;
      }
      if (!deep && !type.equals("null")) {
        return schema;
      }
    }
    return resolved(plain, 0);
  }

  private static JsonNode merged(JsonNode schema, String without, JsonNode part) {
    ObjectNode all = Json.object();
    schema.properties().forEach(member -> all.set(member.getKey(), member.getValue()));
    all.remove(without);
    part.properties()
        .forEach(member -> {
          String name = member.getKey();
          JsonNode had = all.get(name);
          if (name.equals("properties") && had != null) {
            all.set(name, merged(had, "", member.getValue()));
          } else if (name.equals("required") && had != null) {
            ArrayNode both = Json.array();
            had.forEach(both::add);
            member.getValue().forEach(both::add);
            all.set(name, both);
          } else {
            all.set(name, member.getValue());
          }
        });
    return all;
  }

  private JsonNode resolved(JsonNode schema, int hops) {
    String reference = schema.path("$ref").asString("");
    if (reference.isEmpty() || hops > DEPTH_MAX) {
      return schema;
    }
    JsonNode target = reference.equals("#") ? root : root.at(reference.replaceFirst("^#", ""));
    return target.isMissingNode()
        ? merged(schema, "$ref", Json.object())
        : resolved(merged(schema, "$ref", target), hops + 1);
  }

  private static String type(JsonNode schema) {
    JsonNode type = schema.path("type");
    if (type.isArray()) {
      for (JsonNode one : type) {
        if (!one.asString("").equals("null")) {
          return one.asString("");
        }
      }
      return "null";
    }
    if (type.isString()) {
      return type.asString().toLowerCase(Locale.ROOT);
    }
    if (schema.has("properties") || schema.has("additionalProperties")) {
      return "object";
    }
    return schema.has("items") || schema.has("prefixItems") ? "array" : "string";
  }

  private static int bound(JsonNode schema, String name, int otherwise) {
    // Gemini writes its int64 fields as strings.
    return Math.clamp(schema.path(name).asInt(otherwise), 0, ITEMS_MAX);
  }

  private static JsonNode text(String text) {
    return JsonNodeFactory.instance.stringNode(text);
  }
}
