package dev.understudy.evaluation;

import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** JSON in an answer: alone, or as what a fence holds. */
final class JsonText {
  /** More brackets are not tried: a text of nothing but brackets would take for ever. */
  private static final int TRIES_MAX = 1_000;

  private JsonText() {}

  /** As we demand it of those who write suites and verdicts: no name twice. */
  static Optional<JsonNode> parse(String text) {
    byte[] bytes = unfenced(text);
    return read(() -> Json.parse(bytes));
  }

  /** As whoever uses an answer reads it: of a name that stands twice the last holds. */
  static Optional<JsonNode> ofAnswer(String text) {
    byte[] bytes = unfenced(text);
    return read(() -> Json.parseLastHolds(bytes));
  }

  private static byte[] unfenced(String text) {
    String body = text.strip();
    if (body.startsWith("```") && body.endsWith("```") && body.length() > 6) {
      int line = body.indexOf('\n');
      body = line < 0 ? body : body.substring(line + 1, body.length() - 3).strip();
    }
    return body.getBytes(StandardCharsets.UTF_8);
  }

  private static Optional<JsonNode> read(Supplier<JsonNode> document) {
    try {
      return Optional.of(document.get());
    } catch (Malformed e) {
      return Optional.empty();
    }
  }

  /** Objects and lists of JSON that stand in an answer, the outermost of each. */
  static List<JsonNode> within(String text) {
    var found = new ArrayList<JsonNode>();
    int tries = 0;
    for (int i = 0; i < text.length() && tries < TRIES_MAX; i++) {
      char c = text.charAt(i);
      if (c != '{' && c != '[') {
        continue;
      }
      tries++;
      int end = end(text, i);
      if (end > 0) {
        Optional<JsonNode> node = ofAnswer(text.substring(i, end));
        if (node.isPresent()) {
          found.add(node.get());
          i = end - 1;
        }
      }
    }
    return found;
  }

  /** Where the bracket at a place is closed, strings aside; 0 if it is not. */
  private static int end(String text, int start) {
    int depth = 0;
    boolean quoted = false;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted) {
        if (c == '\\') {
          i++;
        } else if (c == '"') {
          quoted = false;
        }
      } else if (c == '"') {
        quoted = true;
      } else if (c == '{' || c == '[') {
        depth++;
      } else if ((c == '}' || c == ']') && --depth == 0) {
        return i + 1;
      }
    }
    return 0;
  }

  /** Whether a text is JSON as it stands, duplicate members allowed as most readers do. */
  static boolean isJson(String text) {
    return !text.isEmpty() && ofAnswer(text).isPresent();
  }

  /** Whether both say the same: members in any order, 1 and 1.0 alike. */
  static boolean same(JsonNode a, JsonNode b) {
    if (a.isNumber() && b.isNumber()) {
      return number(a).compareTo(number(b)) == 0;
    }
    if (a.isObject() && b.isObject()) {
      return a.size() == b.size()
          && a.properties().stream()
              .allMatch(e -> b.has(e.getKey()) && same(e.getValue(), b.get(e.getKey())));
    }
    if (a.isArray() && b.isArray()) {
      if (a.size() != b.size()) {
        return false;
      }
      for (int i = 0; i < a.size(); i++) {
        if (!same(a.get(i), b.get(i))) {
          return false;
        }
      }
      return true;
    }
    return a.equals(b);
  }

  private static BigDecimal number(JsonNode node) {
    return node.decimalValue();
  }
}
