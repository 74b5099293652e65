package dev.understudy.protocol.gemini;

import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A cursor over a JSON object that stands for a protocol buffer, with the liberties Google's parser
 * grants: members in camelCase or snake_case, numbers as strings, one object for a list of one.
 *
 * <p>Source: protobuf.dev, "ProtoJSON Format"; the lists of one are seen in recorded calls.
 */
record ProtoFields(Fields fields) {
  /** The names this program asks for, of which there are not many, in their other spelling. */
  private static final ConcurrentMap<String, String> SNAKES = new ConcurrentHashMap<>();

  static ProtoFields of(ObjectNode node) {
    return new ProtoFields(Fields.of(node));
  }

  static ProtoFields of(ObjectNode node, String path) {
    return new ProtoFields(Fields.of(node, path));
  }

  /**
   * The name under which the member stands here.
   *
   * @throws Malformed if it stands here under both names
   */
  String nameOf(String camel) {
    String snake = SNAKES.computeIfAbsent(camel, ProtoFields::snake);
    if (snake.equals(camel) || !fields.node().has(snake)) {
      return camel;
    }
    if (fields.node().has(camel)) {
      throw new Malformed(fields.pathOf(snake), "stands here as \"" + camel + "\" as well");
    }
    return snake;
  }

  static String snake(String camel) {
    var snake = new StringBuilder();
    for (int i = 0; i < camel.length(); i++) {
      char c = camel.charAt(i);
      if (Character.isUpperCase(c)) {
        snake.append('_').append(Character.toLowerCase(c));
      } else {
        snake.append(c);
      }
    }
    return snake.toString();
  }

  String path(String camel) {
    return fields.pathOf(nameOf(camel));
  }

  boolean has(String camel) {
    return fields.has(nameOf(camel));
  }

  Optional<JsonNode> raw(String camel) {
    return fields.raw(nameOf(camel));
  }

  Optional<String> text(String camel) {
    return fields.text(nameOf(camel));
  }

  Optional<Boolean> flag(String camel) {
    return fields.flag(nameOf(camel));
  }

  List<String> texts(String camel) {
    return fields.texts(nameOf(camel));
  }

  /** A word of an enumeration in upper case, or its number as text. */
  Optional<String> word(String camel) {
    return raw(camel)
        .map(value -> {
          if (value.isString()) {
            return value.stringValue().toUpperCase(Locale.ROOT);
          }
          if (value.isIntegralNumber()) {
            return value.asString();
          }
          throw new Malformed(path(camel), "a string is needed");
        });
  }

  Optional<BigDecimal> number(String camel) {
    String name = nameOf(camel);
    JsonNode value = fields.node().get(name);
    if (value != null && value.isString()) {
      fields.raw(name);
      try {
        return Optional.of(new BigDecimal(value.stringValue()));
      } catch (NumberFormatException e) {
        throw new Malformed(fields.pathOf(name), "a number is needed, not a string");
      }
    }
    return fields.number(name);
  }

  Optional<Long> integer(String camel) {
    return number(camel)
        .map(value -> {
          try {
            return value.longValueExact();
          } catch (ArithmeticException e) {
            throw new Malformed(path(camel), "a whole number is needed");
          }
        });
  }

  Optional<ProtoFields> object(String camel) {
    return fields.object(nameOf(camel)).map(ProtoFields::new);
  }

  /** A member that must be a list of objects; a lone object is a list of one. */
  List<ProtoFields> objects(String camel) {
    String name = nameOf(camel);
    if (fields.node().get(name) instanceof ObjectNode) {
      return fields.object(name).map(ProtoFields::new).stream().toList();
    }
    var found = new ArrayList<ProtoFields>();
    for (Fields each : fields.objects(name)) {
      found.add(new ProtoFields(each));
    }
    return found;
  }

  /** The list under a name, all of it marked as read; empty when absent. */
  ArrayNode list(String camel) {
    return raw(camel).orElseGet(Json::array) instanceof ArrayNode array ? array : Json.array();
  }

  void ignore(String... camels) {
    for (String camel : camels) {
      fields.ignore(nameOf(camel));
    }
  }
}
