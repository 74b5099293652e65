package dev.understudy.evaluation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.IntNode;

/**
 * Compares calls with accepted ones by the rules of the Berkeley Function Calling Leaderboard
 * (github.com/ShishirPatil/gorilla, its check of syntax trees for Python): every accepted call is
 * made once, in any order, each argument of its declared type and equal to an accepted value.
 */
final class FunctionCalls {
  private static final Set<String> SEQUENCES = Set.of("array", "tuple");

  private final List<JsonNode> functions;

  /**
   * Will compare.
   *
   * @param functions with {@code name} and {@code parameters}, types in the leaderboard's words
   */
  FunctionCalls(List<JsonNode> functions) {
    this.functions = List.copyOf(functions);
  }

  /** A call with its arguments read. */
  record Made(String name, JsonNode arguments) {}

  /** How Python tells values apart; what a type in a description stands for, or a value is. */
  private enum Kind {
    STRING,
    INTEGER,
    FLOAT,
    BOOLEAN,
    LIST,
    DICTIONARY,
    NONE;

    static Kind described(String type) {
      return switch (type) {
        case "integer" -> INTEGER;
        case "float", "number" -> FLOAT;
        case "boolean" -> BOOLEAN;
        case "array", "tuple" -> LIST;
        case "dict", "object" -> DICTIONARY;
        default -> STRING; // also any
      };
    }

    static Kind of(JsonNode value) {
      if (value.isString()) {
        return STRING;
      }
      if (value.isBoolean()) {
        return BOOLEAN;
      }
      if (value.isIntegralNumber()) {
        return INTEGER;
      }
      if (value.isNumber()) {
        return FLOAT;
      }
      return value.isArray() ? LIST : value.isObject() ? DICTIONARY : NONE;
    }
  }

  /**
   * Whether the calls are the accepted ones.
   *
   * @param accepted each as {@code {function: {parameter: [values]}}}; none if no call is right
   */
  boolean match(List<Made> calls, List<JsonNode> accepted) {
    if (calls.size() != accepted.size()) {
      return false;
    }
    var used = new HashSet<Integer>();
    for (JsonNode wanted : accepted) {
      boolean found = false;
      for (int i = 0; i < calls.size() && !found; i++) {
        if (!used.contains(i) && matches(calls.get(i), wanted)) {
          used.add(i);
          found = true;
        }
      }
      if (!found) {
        return false;
      }
    }
    return true;
  }

  /** A name as vendors take it: letters, digits, underscores, dashes. */
  static String wireName(String name) {
    return name.replaceAll("[^A-Za-z0-9_-]", "_");
  }

  private boolean matches(Made call, JsonNode wanted) {
    String name = wanted.propertyNames().iterator().next();
    if (!call.name().equals(name) && !call.name().equals(wireName(name))) {
      return false;
    }
    Optional<JsonNode> described =
        functions.stream().filter(f -> f.path("name").asString("").equals(name)).findFirst();
    if (described.isEmpty() || !call.arguments().isObject()) {
      return false;
    }
    JsonNode parameters = described.get().path("parameters");
    JsonNode values = wanted.get(name);
    for (JsonNode required : parameters.path("required")) {
      if (!call.arguments().has(required.asString())) {
        return false;
      }
    }
    for (var argument : call.arguments().properties()) {
      JsonNode parameter = parameters.path("properties").get(argument.getKey());
      JsonNode choices = values.get(argument.getKey());
      if (parameter == null || choices == null || !fits(argument.getValue(), parameter, choices)) {
        return false;
      }
    }
    for (var parameter : values.properties()) {
      if (!call.arguments().has(parameter.getKey()) && !mayBeLeftOut(parameter.getValue())) {
        return false;
      }
    }
    return true;
  }

  private static boolean mayBeLeftOut(JsonNode choices) {
    for (JsonNode choice : choices) {
      if (choice.isString() && choice.asString().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private static boolean fits(JsonNode value, JsonNode parameter, JsonNode choices) {
    String type = parameter.path("type").asString("string");
    Kind wanted = Kind.described(type);
    Kind given = Kind.of(value);
    if (type.equals("float") && given == Kind.INTEGER) {
      given = Kind.FLOAT;
    }
    Optional<Kind> usual = usual(choices);
    boolean isVariable = usual.isPresent() && usual.get() != wanted;
    if (given == wanted) {
      if (SEQUENCES.contains(type) && !elementsFit(value, parameter, choices)) {
        return false;
      }
    } else if (usual.filter(given::equals).isEmpty()) {
      return false;
    } else {
      isVariable = true;
    }
    if (!isVariable) {
      boolean nested =
          SEQUENCES.contains(type)
              && Kind.described(parameter.path("items").path("type").asString("string"))
                  == Kind.DICTIONARY;
      if (wanted == Kind.DICTIONARY) {
        return anyDictionary(value, choices);
      }
      if (nested) {
        return anyListOfDictionaries(value, choices);
      }
      if (wanted == Kind.LIST && value.isEmpty() && mayBeLeftOut(choices)) {
        return true; // a list of nothing is as good as none
      }
      if (wanted == Kind.STRING || wanted == Kind.LIST) {
        return anyEqual(standard(value), choices, true);
      }
    }
    return anyEqual(value, choices, false);
  }

  /** What the first accepted value is that is not the mark of an optional parameter. */
  private static Optional<Kind> usual(JsonNode choices) {
    for (JsonNode choice : choices) {
      if (!(choice.isString() && choice.asString().isEmpty())) {
        return Optional.of(Kind.of(choice));
      }
    }
    return Optional.empty();
  }

  private static boolean elementsFit(JsonNode value, JsonNode parameter, JsonNode choices) {
    Kind element = Kind.described(parameter.path("items").path("type").asString("string"));
    for (JsonNode choice : choices) {
      boolean all = true;
      if (choice.isArray()) {
        for (JsonNode item : value) {
          Kind given = Kind.of(item);
          all &= given == element || usual(choice).filter(given::equals).isPresent();
        }
      }
      if (all) {
        return true;
      }
    }
    return false;
  }

  private static boolean anyDictionary(JsonNode value, JsonNode choices) {
    for (JsonNode choice : choices) {
      if (choice.isObject() && dictionary(value, choice)) {
        return true;
      }
    }
    return false;
  }

  private static boolean dictionary(JsonNode value, JsonNode choice) {
    for (var member : value.properties()) {
      JsonNode accepted = choice.get(member.getKey());
      if (accepted == null || !anyText(standardText(member.getValue()), accepted)) {
        return false;
      }
    }
    for (var member : choice.properties()) {
      if (!value.has(member.getKey()) && !mayBeLeftOut(member.getValue())) {
        return false;
      }
    }
    return true;
  }

  private static boolean anyListOfDictionaries(JsonNode value, JsonNode choices) {
    for (JsonNode choice : choices) {
      boolean all = choice.isArray() && choice.size() == value.size();
      for (int i = 0; all && i < value.size(); i++) {
        all =
            value.get(i).isObject()
                && choice.get(i).isObject()
                && dictionary(value.get(i), choice.get(i));
      }
      if (all) {
        return true;
      }
    }
    return false;
  }

  /** Inside dictionaries only texts are compared loosely, not lists of them. */
  private static boolean anyText(Object value, JsonNode choices) {
    for (JsonNode choice : choices) {
      if (equal(value, standardText(choice))) {
        return true;
      }
    }
    return false;
  }

  private static boolean anyEqual(@Nullable Object value, JsonNode choices, boolean standard) {
    for (JsonNode choice : choices) {
      if (equal(value, standard ? standard(choice) : choice)) {
        return true;
      }
    }
    return false;
  }

  /** A text as it is compared, a list of such, or the value itself. */
  private static @Nullable Object standard(JsonNode value) {
    if (value.isArray()) {
      var list = new ArrayList<@Nullable Object>();
      value.forEach(item -> list.add(standardText(item)));
      return list;
    }
    return standardText(value);
  }

  private static Object standardText(JsonNode value) {
    return value.isString()
        ? value
            .asString()
            .replaceAll("[ ,./\\-_*^]", "")
            .toLowerCase(Locale.ROOT)
            .replace('\'', '"')
        : value;
  }

  /** As Python compares: 1 equals 1.0 and True. */
  private static boolean equal(@Nullable Object a, @Nullable Object b) {
    if (a instanceof List<?> first && b instanceof List<?> second) {
      if (first.size() != second.size()) {
        return false;
      }
      for (int i = 0; i < first.size(); i++) {
        if (!equal(first.get(i), second.get(i))) {
          return false;
        }
      }
      return true;
    }
    if (a instanceof JsonNode first && b instanceof JsonNode second) {
      return JsonText.same(numeric(first), numeric(second));
    }
    return a != null && a.equals(b);
  }

  private static JsonNode numeric(JsonNode value) {
    return value.isBoolean() ? IntNode.valueOf(value.asBoolean() ? 1 : 0) : value;
  }
}
