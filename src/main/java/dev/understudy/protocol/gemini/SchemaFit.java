package dev.understudy.protocol.gemini;

import dev.understudy.json.Json;
import dev.understudy.protocol.Losses;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fits JSON Schema to what models from 2.5 on take as such.
 *
 * <p>They take {@code $ref}, {@code $defs}, {@code anyOf}, {@code oneOf}, {@code
 * additionalProperties}, {@code prefixItems} and lists of types, but no member beside a {@code
 * $ref}, and neither {@code const} nor {@code allOf}. Source: ai.google.dev/api/generate-content,
 * "responseJsonSchema". Words that only narrow a value, such as {@code pattern}, are sent as they
 * are: the vendor is free to heed them.
 */
final class SchemaFit {
  private final SchemaRefs refs;
  private final Losses losses;
  private final Set<String> open = new HashSet<>();
  private int written;

  private SchemaFit(JsonNode root, Losses losses) {
    this.refs = new SchemaRefs(root);
    this.losses = losses;
  }

  static JsonNode write(JsonNode schema, String path, Losses losses) {
    return new SchemaFit(schema, losses).schema(schema, path);
  }

  private JsonNode schema(JsonNode node, String path) {
    if (!(node instanceof ObjectNode schema) || ++written > SchemaSubset.SCHEMAS_MAX) {
      return node;
    }
    if (schema.path("$ref").isString()) {
      return reference(schema, schema.path("$ref").stringValue(), path);
    }
    if (schema.get("allOf") instanceof ArrayNode all && all.size() == 1) {
      return schema(unwrapped(schema, all.get(0)), path);
    }
    var out = Json.object();
    for (Map.Entry<String, JsonNode> member : schema.properties()) {
      String name = member.getKey();
      JsonNode value = member.getValue();
      String at = path + "." + name;
      switch (name) {
        case "$schema", "$comment" -> {}
        case "const" -> out.putArray("enum").add(value);
        case "properties", "$defs", "definitions", "patternProperties" -> {
          var each = Json.object();
          value
              .properties()
              .forEach(x -> each.set(x.getKey(), schema(x.getValue(), at + "." + x.getKey())));
          out.set(name, each);
        }
        case "items", "additionalProperties", "not" -> out.set(name, schema(value, at));
        case "anyOf", "oneOf", "allOf", "prefixItems" -> {
          var each = Json.array();
          value.forEach(x -> each.add(schema(x, at + "[" + each.size() + "]")));
          out.set(name, each);
        }
        default -> out.set(name, value);
      }
    }
    return out;
  }

  private JsonNode reference(ObjectNode schema, String name, String path) {
    boolean alone = schema.propertyNames().stream().allMatch(member -> member.startsWith("$"));
    if (alone) {
      return schema;
    }
    Optional<ObjectNode> target = refs.find(name);
    if (target.isEmpty() || !open.add(name)) {
      losses.add(path, "nothing can stand beside a reference");
      return Json.object().put("$ref", name);
    }
    JsonNode out = schema(SchemaRefs.over(target.get(), schema), path);
    open.remove(name);
    return out;
  }

  /** A list of one is how some libraries lay members beside a reference. */
  private static ObjectNode unwrapped(ObjectNode schema, JsonNode only) {
    ObjectNode out = Json.object();
    if (only instanceof ObjectNode inner) {
      out.setAll(inner);
    }
    schema
        .properties()
        .forEach(member -> {
          if (!member.getKey().equals("allOf")) {
            out.set(member.getKey(), member.getValue());
          }
        });
    return out;
  }
}
