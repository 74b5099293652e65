package dev.understudy.protocol.gemini;

import dev.understudy.json.Json;
import dev.understudy.protocol.Losses;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns JSON Schema into Google's dialect, for models that know no other.
 *
 * <p>References are written out where they stand; one that contains itself is followed {@link
 * #UNROLLED_MAX} times and then becomes an object without properties. What the dialect has no word
 * for is left out and named in the losses.
 */
final class SchemaSubset {
  /** How often a schema may contain itself. */
  static final int UNROLLED_MAX = 2;

  /** The largest number of schemas that are written, references written out. */
  static final int SCHEMAS_MAX = 5_000;

  private static final Set<String> AS_THEY_ARE =
      Set.of(
          "title",
          "description",
          "minItems",
          "maxItems",
          "minProperties",
          "maxProperties",
          "minimum",
          "maximum",
          "minLength",
          "maxLength",
          "pattern",
          "default",
          "format",
          "required",
          "nullable",
          "propertyOrdering",
          "example");

  private final SchemaRefs refs;
  private final Losses losses;
  private final Map<String, Integer> followed = new HashMap<>();
  private int schemas;

  private SchemaSubset(JsonNode root, Losses losses) {
    this.refs = new SchemaRefs(root);
    this.losses = losses;
  }

  static ObjectNode write(JsonNode schema, String path, Losses losses) {
    return new SchemaSubset(schema, losses).schema(schema, path);
  }

  private ObjectNode schema(JsonNode node, String path) {
    var out = Json.object();
    if (!(node instanceof ObjectNode schema)) {
      if (!node.isBoolean() || !node.booleanValue()) {
        losses.add(path, "this kind of schema has no counterpart");
      }
      return out;
    }
    schemas++;
    if (schemas > SCHEMAS_MAX) {
      losses.add(path, "the schema is too large with its references written out");
      return out;
    }
    if (schema.path("$ref").isString()) {
      return reference(schema, schema.path("$ref").stringValue(), path);
    }
    if (schema.get("allOf") instanceof ArrayNode all) {
      return schema(merged(schema, all, path), path);
    }
    for (Map.Entry<String, JsonNode> member : schema.properties()) {
      member(member.getKey(), member.getValue(), schema, out, path);
    }
    if (!out.has("type") && !out.has("anyOf")) {
      if (out.has("properties")) {
        out.put("type", "OBJECT");
      } else if (out.has("items")) {
        out.put("type", "ARRAY");
      }
    }
    return out;
  }

  private void member(String name, JsonNode value, ObjectNode schema, ObjectNode out, String path) {
    String at = path + "." + name;
    switch (name) {
      case "type" -> type(value, out);
      case "properties" -> {
        if (value instanceof ObjectNode properties) {
          ObjectNode written = out.putObject("properties");
          properties
              .properties()
              .forEach(each ->
                  written.set(each.getKey(), schema(each.getValue(), at + "." + each.getKey())));
        }
      }
      case "items" -> out.set("items", schema(value, at));
      case "anyOf", "oneOf" -> alternatives(name, value, out, at);
      case "enum" -> words(value, schema, out, at);
      case "const" -> words(Json.array().add(value), schema, out, at);
      case "additionalProperties" -> {
        // Objects of this dialect are closed, so that false says nothing new.
        if (!value.isBoolean() || value.booleanValue()) {
          losses.add(at, "the schema dialect of this model has no such word");
        }
      }
      case "examples" -> {
        if (value instanceof ArrayNode several && !several.isEmpty()) {
          out.set("example", several.get(0));
        }
      }
      default -> {
        if (AS_THEY_ARE.contains(name)) {
          out.set(name, value);
        } else if (!name.startsWith("$") && !name.equals("definitions")) {
          losses.add(at, "the schema dialect of this model has no such word");
        }
      }
    }
  }

  private ObjectNode reference(ObjectNode schema, String name, String path) {
    Optional<ObjectNode> target = refs.find(name);
    int depth = followed.getOrDefault(name, 0);
    if (target.isEmpty() || depth > UNROLLED_MAX) {
      losses.add(
          path,
          target.isEmpty() ? "a reference leads nowhere" : "the schema contains itself; cut short");
      return Json.object().put("type", "OBJECT");
    }
    followed.put(name, depth + 1);
    ObjectNode out = schema(SchemaRefs.over(target.get(), schema), path);
    followed.put(name, depth);
    return out;
  }

  /** All schemas of {@code allOf} laid over each other; properties and required add up. */
  private ObjectNode merged(ObjectNode schema, ArrayNode all, String path) {
    var parts = new ArrayList<ObjectNode>();
    for (JsonNode each : all) {
      if (each instanceof ObjectNode part) {
        ObjectNode target =
            refs.find(part.path("$ref").asString(""))
                .map(found -> SchemaRefs.over(found, part))
                .orElse(part);
        parts.add(target);
      }
    }
    ObjectNode own = schema.deepCopy();
    own.remove("allOf");
    parts.add(own);
    ObjectNode out = Json.object();
    for (ObjectNode part : parts) {
      for (Map.Entry<String, JsonNode> member : part.properties()) {
        JsonNode there = out.get(member.getKey());
        switch (member.getKey()) {
          case "properties" -> {
            if (there instanceof ObjectNode before
                && member.getValue() instanceof ObjectNode more) {
              ObjectNode both = before.deepCopy();
              both.setAll(more);
              out.set("properties", both);
            } else {
              out.set("properties", member.getValue());
            }
          }
          case "required" -> {
            var names = Json.array();
            var seen = new ArrayList<JsonNode>();
            if (there != null) {
              there.forEach(seen::add);
            }
            member
                .getValue()
                .forEach(each -> {
                  if (!seen.contains(each)) {
                    seen.add(each);
                  }
                });
            seen.forEach(names::add);
            out.set("required", names);
          }
          default -> {
            if (there != null && !there.equals(member.getValue())) {
              losses.add(path + ".allOf", "its schemas disagree on " + member.getKey());
            }
            out.set(member.getKey(), member.getValue());
          }
        }
      }
    }
    return out;
  }

  private void type(JsonNode value, ObjectNode out) {
    if (value.isString()) {
      if (value.stringValue().equals("null")) {
        out.put("type", "NULL");
      } else {
        out.put("type", value.stringValue().toUpperCase(Locale.ROOT));
      }
      return;
    }
    var names = new ArrayList<String>();
    value.forEach(each -> names.add(each.asString("").toUpperCase(Locale.ROOT)));
    if (names.remove("NULL")) {
      out.put("nullable", true);
    }
    if (names.size() == 1) {
      out.put("type", names.getFirst());
    } else if (!names.isEmpty()) {
      ArrayNode any = out.putArray("anyOf");
      names.forEach(each -> any.addObject().put("type", each));
    }
  }

  private void alternatives(String name, JsonNode value, ObjectNode out, String path) {
    var written = new ArrayList<ObjectNode>();
    int at = 0;
    for (JsonNode each : value) {
      if (each.size() == 1 && each.path("type").asString("").equals("null")) {
        out.put("nullable", true);
      } else {
        written.add(schema(each, path + "[" + at + "]"));
      }
      at++;
    }
    if (name.equals("oneOf") && written.size() > 1) {
      losses.add(path, "taken as anyOf");
    }
    if (written.size() == 1) {
      // One alternative beside null: the schema itself, which may be null.
      written
          .getFirst()
          .properties()
          .forEach(member -> out.set(member.getKey(), member.getValue()));
    } else if (!written.isEmpty()) {
      out.putArray("anyOf").addAll(List.copyOf(written));
    }
  }

  /** Enumerations are of strings; numbers stand there as strings beside their type. */
  private void words(JsonNode values, ObjectNode schema, ObjectNode out, String path) {
    var words = Json.array();
    boolean numbers = false;
    boolean strings = false;
    for (JsonNode value : values) {
      if (value.isNull()) {
        out.put("nullable", true);
      } else if (value.isString()) {
        strings = true;
        words.add(value);
      } else if (value.isNumber()) {
        numbers = true;
        words.add(Json.text(value));
      } else {
        losses.add(path, "only strings and numbers can be enumerated for this model");
      }
    }
    if (words.isEmpty()) {
      return;
    }
    if (numbers && strings) {
      losses.add(path, "strings and numbers in one enumeration become strings");
    }
    out.set("enum", words);
    if (!schema.has("type")) {
      out.put("type", numbers && !strings ? "NUMBER" : "STRING");
    }
    out.put("format", "enum");
  }
}
