package dev.understudy.evaluation;

import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/**
 * JSON Schema, draft 2020-12, as models are asked for JSON by it: every keyword that asserts
 * something is either kept or refused when the schema is read, never passed over. {@code format}
 * and the content keywords are annotations, as the draft has them by default.
 */
final class JsonSchema {
  /** Deeper documents, and references that lead to themselves, do not match. */
  private static final int DEPTH_MAX = 200;

  private static final Set<String> ANNOTATIONS =
      Set.of(
          "$schema",
          "$id",
          "$anchor",
          "$comment",
          "$vocabulary",
          "title",
          "description",
          "default",
          "deprecated",
          "readOnly",
          "writeOnly",
          "examples",
          "format",
          "contentEncoding",
          "contentMediaType",
          "contentSchema",
          // Known to OpenAPI and to vendors' own dialects; they assert nothing.
          "example",
          "externalDocs",
          "xml",
          "propertyOrdering");

  private static final Set<String> WITH_SCHEMA =
      Set.of(
          "additionalProperties",
          "propertyNames",
          "items",
          "contains",
          "not",
          "if",
          "then",
          "else");

  private static final Set<String> WITH_LIST = Set.of("allOf", "anyOf", "oneOf", "prefixItems");
  private static final Set<String> WITH_NAMED =
      Set.of("properties", "patternProperties", "dependentSchemas", "$defs", "definitions");

  private static final Set<String> COUNTS =
      Set.of(
          "minLength",
          "maxLength",
          "minItems",
          "maxItems",
          "minContains",
          "maxContains",
          "minProperties",
          "maxProperties");

  private static final Set<String> LIMITS =
      Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf");

  private static final List<String> TYPES =
      List.of("object", "array", "string", "number", "integer", "boolean", "null");

  private final JsonNode root;
  private final Map<String, Pattern> patterns = new HashMap<>();

  private JsonSchema(JsonNode root) {
    this.root = root;
    check(root, "#", 0);
  }

  /**
   * Reads a schema.
   *
   * @throws IllegalArgumentException if it is none, or has a keyword that is not understood
   */
  static JsonSchema of(JsonNode schema) {
    return new JsonSchema(schema);
  }

  /** Whether a document is as the schema demands. */
  boolean accepts(JsonNode document) {
    return accepts(root, document, 0);
  }

  private void check(JsonNode schema, String at, int depth) {
    if (schema.isBoolean()) {
      return;
    }
    if (!schema.isObject()) {
      throw bad(at, "a schema is an object, true or false");
    }
    if (depth > DEPTH_MAX) {
      throw bad(at, "nested more than %d deep".formatted(DEPTH_MAX));
    }
    for (var member : schema.properties()) {
      String keyword = member.getKey();
      JsonNode value = member.getValue();
      String here = at + "/" + keyword;
      if (WITH_SCHEMA.contains(keyword)) {
        check(value, here, depth + 1);
      } else if (WITH_LIST.contains(keyword)) {
        if (!value.isArray() || value.isEmpty()) {
          throw bad(here, "a list of schemas is wanted");
        }
        for (int i = 0; i < value.size(); i++) {
          check(value.get(i), here + "/" + i, depth + 1);
        }
      } else if (WITH_NAMED.contains(keyword)) {
        if (!value.isObject()) {
          throw bad(here, "an object of schemas is wanted");
        }
        for (var named : value.properties()) {
          if (keyword.equals("patternProperties")) {
            pattern(named.getKey(), here);
          }
          check(named.getValue(), here + "/" + named.getKey(), depth + 1);
        }
      } else if (!ANNOTATIONS.contains(keyword) && !keyword.startsWith("x-")) {
        checkPlain(keyword, value, here);
      }
    }
  }

  private void checkPlain(String keyword, JsonNode value, String here) {
    boolean right;
    if (COUNTS.contains(keyword)) {
      right = value.isNumber() && isWhole(value) && value.decimalValue().signum() >= 0;
    } else if (LIMITS.contains(keyword)) {
      right =
          value.isNumber() && (!keyword.equals("multipleOf") || value.decimalValue().signum() > 0);
    } else {
      right =
          switch (keyword) {
            case "type" -> value.isArray() ? allTypes(value) : TYPES.contains(value.asString(""));
            case "enum" -> value.isArray();
            case "const" -> true;
            case "required" -> isTexts(value);
            case "dependentRequired" ->
                value.isObject()
                    && value.properties().stream().allMatch(e -> isTexts(e.getValue()));
            case "uniqueItems" -> value.isBoolean();
            case "pattern" -> {
              if (value.isString()) {
                pattern(value.asString(), here);
              }
              yield value.isString();
            }
            case "$ref" -> {
              resolve(value.asString(""), here);
              yield true;
            }
            default -> throw bad(here, "this keyword is not understood");
          };
    }
    if (!right) {
      throw bad(here, "not a value that this keyword takes");
    }
  }

  private static IllegalArgumentException bad(String at, String why) {
    return new IllegalArgumentException("the schema cannot be used at %s: %s".formatted(at, why));
  }

  private static boolean allTypes(JsonNode list) {
    for (JsonNode type : list) {
      if (!TYPES.contains(type.asString(""))) {
        return false;
      }
    }
    return !list.isEmpty();
  }

  private static boolean isTexts(JsonNode list) {
    if (!list.isArray()) {
      return false;
    }
    for (JsonNode item : list) {
      if (!item.isString()) {
        return false;
      }
    }
    return true;
  }

  private Pattern pattern(String expression, String here) {
    Pattern known = patterns.get(expression);
    if (known != null) {
      return known;
    }
    try {
      Pattern made = ScriptPattern.of(expression);
      patterns.put(expression, made);
      return made;
    } catch (PatternSyntaxException e) {
      throw bad(here, "the regular expression cannot be read: " + e.getDescription());
    }
  }

  /** Within the document: a pointer, or an anchor. */
  private JsonNode resolve(String reference, String here) {
    JsonNode found =
        reference.equals("#")
            ? root
            : reference.startsWith("#/")
                ? root.at(
                    URLDecoder.decode(
                        reference.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8))
                : reference.startsWith("#") ? anchored(root, reference.substring(1), 0) : null;
    if (found == null || found.isMissingNode()) {
      throw bad(here, "the reference leads nowhere in this schema");
    }
    return found;
  }

  private static @Nullable JsonNode anchored(JsonNode node, String name, int depth) {
    if (depth > DEPTH_MAX) {
      return null;
    }
    if (node.path("$anchor").asString("").equals(name)) {
      return node;
    }
    for (JsonNode child : node) {
      JsonNode found = anchored(child, name, depth + 1);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private boolean accepts(JsonNode schema, JsonNode value, int depth) {
    if (depth > DEPTH_MAX) {
      return false;
    }
    if (schema.isBoolean()) {
      return schema.asBoolean();
    }
    return (!schema.has("$ref")
            || accepts(resolve(schema.get("$ref").asString(""), "$ref"), value, depth + 1))
        && acceptsPlain(schema, value)
        && acceptsCombined(schema, value, depth)
        && (!value.isObject() || acceptsObject(schema, value, depth))
        && (!value.isArray() || acceptsArray(schema, value, depth));
  }

  private boolean acceptsPlain(JsonNode schema, JsonNode value) {
    JsonNode type = schema.path("type");
    if (type.isString() && !is(value, type.asString())) {
      return false;
    }
    if (type.isArray() && none(type, one -> is(value, one.asString("")))) {
      return false;
    }
    if (schema.has("enum") && none(schema.get("enum"), one -> JsonText.same(value, one))) {
      return false;
    }
    if (schema.has("const") && !JsonText.same(value, schema.get("const"))) {
      return false;
    }
    if (value.isNumber() && !isInLimits(schema, value.decimalValue())) {
      return false;
    }
    if (!value.isString()) {
      return true;
    }
    String text = value.asString();
    int length = text.codePointCount(0, text.length());
    return isCount(schema, length, "minLength", "maxLength")
        && (!schema.has("pattern")
            || BoundedText.find(pattern(schema.get("pattern").asString(), "pattern"), text));
  }

  private static boolean none(JsonNode list, Predicate<JsonNode> wanted) {
    for (JsonNode one : list) {
      if (wanted.test(one)) {
        return false;
      }
    }
    return true;
  }

  private static boolean is(JsonNode value, String type) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isString();
      case "number" -> value.isNumber();
      case "integer" -> value.isNumber() && isWhole(value);
      case "boolean" -> value.isBoolean();
      default -> value.isNull();
    };
  }

  private static boolean isWhole(JsonNode number) {
    return number.decimalValue().stripTrailingZeros().scale() <= 0;
  }

  private static boolean isInLimits(JsonNode schema, BigDecimal value) {
    for (String limit : LIMITS) {
      if (schema.has(limit)) {
        BigDecimal bound = schema.get(limit).decimalValue();
        int order = value.compareTo(bound);
        boolean kept =
            switch (limit) {
              case "minimum" -> order >= 0;
              case "maximum" -> order <= 0;
              case "exclusiveMinimum" -> order > 0;
              case "exclusiveMaximum" -> order < 0;
              default -> value.remainder(bound).signum() == 0;
            };
        if (!kept) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isCount(JsonNode schema, int count, String least, String most) {
    return (!schema.has(least) || count >= schema.get(least).decimalValue().doubleValue())
        && (!schema.has(most) || count <= schema.get(most).decimalValue().doubleValue());
  }

  private boolean acceptsCombined(JsonNode schema, JsonNode value, int depth) {
    for (JsonNode part : schema.path("allOf")) {
      if (!accepts(part, value, depth + 1)) {
        return false;
      }
    }
    if (schema.has("anyOf") && none(schema.get("anyOf"), part -> accepts(part, value, depth + 1))) {
      return false;
    }
    if (schema.has("oneOf")) {
      int matching = 0;
      for (JsonNode part : schema.get("oneOf")) {
        matching += accepts(part, value, depth + 1) ? 1 : 0;
      }
      if (matching != 1) {
        return false;
      }
    }
    if (schema.has("not") && accepts(schema.get("not"), value, depth + 1)) {
      return false;
    }
    if (!schema.has("if")) {
      return true;
    }
    String branch = accepts(schema.get("if"), value, depth + 1) ? "then" : "else";
    return !schema.has(branch) || accepts(schema.get(branch), value, depth + 1);
  }

  private boolean acceptsObject(JsonNode schema, JsonNode value, int depth) {
    if (!isCount(schema, value.size(), "minProperties", "maxProperties")) {
      return false;
    }
    for (JsonNode name : schema.path("required")) {
      if (!value.has(name.asString())) {
        return false;
      }
    }
    for (var dependent : schema.path("dependentRequired").properties()) {
      if (value.has(dependent.getKey())
          && !none(dependent.getValue(), name -> !value.has(name.asString()))) {
        return false;
      }
    }
    for (var dependent : schema.path("dependentSchemas").properties()) {
      if (value.has(dependent.getKey()) && !accepts(dependent.getValue(), value, depth + 1)) {
        return false;
      }
    }
    var names = new ArrayList<>(value.propertyNames());
    for (String name : names) {
      JsonNode member = value.get(name);
      boolean known = false;
      if (schema.path("properties").has(name)) {
        known = true;
        if (!accepts(schema.get("properties").get(name), member, depth + 1)) {
          return false;
        }
      }
      for (var by : schema.path("patternProperties").properties()) {
        if (BoundedText.find(pattern(by.getKey(), "patternProperties"), name)) {
          known = true;
          if (!accepts(by.getValue(), member, depth + 1)) {
            return false;
          }
        }
      }
      if (!known
          && schema.has("additionalProperties")
          && !accepts(schema.get("additionalProperties"), member, depth + 1)) {
        return false;
      }
      if (schema.has("propertyNames")
          && !accepts(schema.get("propertyNames"), StringNode.valueOf(name), depth + 1)) {
        return false;
      }
    }
    return true;
  }

  private boolean acceptsArray(JsonNode schema, JsonNode value, int depth) {
    if (!isCount(schema, value.size(), "minItems", "maxItems")) {
      return false;
    }
    JsonNode prefix = schema.path("prefixItems");
    for (int i = 0; i < value.size(); i++) {
      if (i < prefix.size()) {
        if (!accepts(prefix.get(i), value.get(i), depth + 1)) {
          return false;
        }
      } else if (schema.has("items") && !accepts(schema.get("items"), value.get(i), depth + 1)) {
        return false;
      }
    }
    if (schema.path("uniqueItems").asBoolean(false) && !isUnique(value)) {
      return false;
    }
    if (!schema.has("contains")) {
      return true;
    }
    int found = 0;
    for (JsonNode item : value) {
      found += accepts(schema.get("contains"), item, depth + 1) ? 1 : 0;
    }
    double least =
        schema.has("minContains") ? schema.get("minContains").decimalValue().doubleValue() : 1;
    return found >= least
        && (!schema.has("maxContains")
            || found <= schema.get("maxContains").decimalValue().doubleValue());
  }

  private static boolean isUnique(JsonNode list) {
    for (int i = 0; i < list.size(); i++) {
      for (int j = i + 1; j < list.size(); j++) {
        if (JsonText.same(list.get(i), list.get(j))) {
          return false;
        }
      }
    }
    return true;
  }
}
