package dev.understudy.sandbox;

import dev.understudy.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request, taken apart where it asks to go on with an answer that broke off: by ending with that
 * answer, or by an instruction behind it.
 *
 * @param request the request as it was before the answer had begun
 * @param begun the answer so far; empty if there is none to go on with
 * @param anchor the end of it that is to be said once more; empty if none is
 */
record Interrupted(ObjectNode request, String begun, String anchor) {
  /** How an instruction to go on is recognised, and the words it wants to see again. */
  private static final Pattern INSTRUCTION =
      Pattern.compile("Your last message was cut off.*<end>(.*)</end>.*", Pattern.DOTALL);

  /** The text as sandbox models want to be told to go on, which people may use as well. */
  static Interrupted none(ObjectNode body) {
    return new Interrupted(body, "", "");
  }

  /**
   * Takes a request apart.
   *
   * @param turns the member that holds the conversation
   * @param byPrefix whether the model goes on with an answer that the conversation ends with
   */
  static Interrupted of(ObjectNode body, String turns, boolean byPrefix) {
    JsonNode all = body.path(turns);
    if (!all.isArray() || all.size() < 2) {
      return none(body);
    }
    JsonNode last = all.get(all.size() - 1);
    if (isAnswer(last)) {
      return byPrefix ? new Interrupted(without(body, turns, 1), text(last), "") : none(body);
    }
    JsonNode before = all.get(all.size() - 2);
    Matcher instruction = INSTRUCTION.matcher(text(last));
    if (all.size() > 2 && isAnswer(before) && instruction.matches()) {
      return new Interrupted(without(body, turns, 2), text(before), instruction.group(1));
    }
    return none(body);
  }

  private static boolean isAnswer(JsonNode turn) {
    String role = turn.path("role").asString("");
    return (role.equals("assistant") || role.equals("model"))
        && !turn.has("tool_calls")
        && !text(turn).isEmpty();
  }

  private static ObjectNode without(ObjectNode body, String turns, int last) {
    ObjectNode copy = body.deepCopy();
    ArrayNode all = Json.array();
    for (int i = 0; i < body.path(turns).size() - last; i++) {
      all.add(body.path(turns).get(i));
    }
    copy.set(turns, all);
    return copy;
  }

  private static String text(JsonNode turn) {
    JsonNode content = turn.has("parts") ? turn.path("parts") : turn.path("content");
    if (content.isString()) {
      return content.stringValue();
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode part : content) {
      texts.add(part.path("text").asString(""));
    }
    return String.join("", texts);
  }
}
