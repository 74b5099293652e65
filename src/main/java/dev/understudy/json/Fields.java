package dev.understudy.json;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A cursor over a JSON object that remembers which members were read.
 *
 * <p>When a reader is done, {@link #unread()} of the outermost cursor names every member, at any
 * depth, that nobody looked at. A member that is {@code null} counts as absent everywhere.
 */
public final class Fields {
  private final ObjectNode node;
  private final String path;
  private final Set<String> read = new HashSet<>();
  private final List<Fields> children = new ArrayList<>();

  private Fields(ObjectNode node, String path) {
    this.node = node;
    this.path = path;
  }

  public static Fields of(ObjectNode node) {
    return new Fields(node, "");
  }

  /** A cursor that reports paths below {@code path}. */
  public static Fields of(ObjectNode node, String path) {
    return new Fields(node, path);
  }

  /** The object itself; looking at it this way marks nothing as read. */
  public ObjectNode node() {
    return node;
  }

  public String path() {
    return path;
  }

  /** The path of a member of this object. */
  public String pathOf(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** Whether the member is there and not null; does not mark it as read. */
  public boolean has(String name) {
    JsonNode value = node.get(name);
    return value != null && !value.isNull();
  }

  /** The member's value as it stands, all of it marked as read. */
  public Optional<JsonNode> raw(String name) {
    read.add(name);
    JsonNode value = node.get(name);
    return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
  }

  /** The member's value as JSON text, all of it marked as read. */
  public Optional<String> rawJson(String name) {
    return raw(name).map(Json::text);
  }

  /**
   * A member that must be a string.
   *
   * @throws Malformed if it is something else
   */
  public Optional<String> text(String name) {
    return raw(name)
        .map(value -> {
          if (!value.isString()) {
            throw wrong(name, "a string", value);
          }
          return value.stringValue();
        });
  }

  /** A string that must be there. */
  public String requiredText(String name) {
    return text(name).orElseThrow(() -> missing(name));
  }

  /** A member that must be a number, exactly as written. */
  public Optional<BigDecimal> number(String name) {
    return raw(name)
        .map(value -> {
          if (!value.isNumber()) {
            throw wrong(name, "a number", value);
          }
          return value.decimalValue();
        });
  }

  /** A member that must be a whole number of 64 bits; {@code 12.0} is one. */
  public Optional<Long> integer(String name) {
    return number(name)
        .map(value -> {
          try {
            return value.longValueExact();
          } catch (ArithmeticException e) {
            throw new Malformed(pathOf(name), "a whole number is needed");
          }
        });
  }

  /** A member that must be true or false. */
  public Optional<Boolean> flag(String name) {
    return raw(name)
        .map(value -> {
          if (!value.isBoolean()) {
            throw wrong(name, "true or false", value);
          }
          return value.booleanValue();
        });
  }

  /** A member that must be an object, to be read in its turn. */
  public Optional<Fields> object(String name) {
    return raw(name)
        .map(value -> {
          if (!(value instanceof ObjectNode object)) {
            throw wrong(name, "an object", value);
          }
          return child(object, pathOf(name));
        });
  }

  /** An object that must be there. */
  public Fields requiredObject(String name) {
    return object(name).orElseThrow(() -> missing(name));
  }

  /** A member that must be an array of objects; empty when absent. */
  public List<Fields> objects(String name) {
    var found = new ArrayList<Fields>();
    for (JsonNode value : array(name)) {
      String at = pathOf(name) + "[" + found.size() + "]";
      if (!(value instanceof ObjectNode object)) {
        throw new Malformed(at, "an object is needed, not " + kind(value));
      }
      found.add(child(object, at));
    }
    return found;
  }

  /** A member that must be an array of strings; empty when absent. */
  public List<String> texts(String name) {
    var found = new ArrayList<String>();
    for (JsonNode value : array(name)) {
      if (!value.isString()) {
        throw new Malformed(
            pathOf(name) + "[" + found.size() + "]", "a string is needed, not " + kind(value));
      }
      found.add(value.stringValue());
    }
    return found;
  }

  /** A cursor over an object found inside a member that was taken {@linkplain #raw raw}. */
  public Fields child(ObjectNode object, String childPath) {
    var child = new Fields(object, childPath);
    children.add(child);
    return child;
  }

  /** Marks members as seen which carry nothing that needs carrying. */
  public void ignore(String... names) {
    read.addAll(List.of(names));
  }

  /** Marks the members, read or not, of this object and everything below as seen. */
  public void ignoreRest() {
    for (String name : node.propertyNames()) {
      read.add(name);
    }
  }

  /** Takes back that a member was read: it will be reported as unread. */
  public void reject(String name) {
    read.remove(name);
  }

  /** The paths of all members, here and below, that nobody looked at. */
  public List<String> unread() {
    var found = new ArrayList<String>();
    collect(found);
    return found;
  }

  private void collect(List<String> found) {
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      if (!member.getValue().isNull() && !read.contains(member.getKey())) {
        found.add(pathOf(member.getKey()));
      }
    }
    for (Fields child : children) {
      child.collect(found);
    }
  }

  private ArrayNode array(String name) {
    JsonNode value = raw(name).orElseGet(Json::array);
    if (value instanceof ArrayNode array) {
      return array;
    }
    throw wrong(name, "an array", value);
  }

  private Malformed missing(String name) {
    return new Malformed(pathOf(name), "is missing");
  }

  private Malformed wrong(String name, String needed, JsonNode value) {
    return new Malformed(pathOf(name), needed + " is needed, not " + kind(value));
  }

  private static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case ARRAY -> "an array";
      case OBJECT, POJO -> "an object";
      case STRING, BINARY -> "a string";
      case NUMBER -> "a number";
      case BOOLEAN -> "true or false";
      case NULL -> "null";
      case MISSING -> "nothing";
    };
  }
}
