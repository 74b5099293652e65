package dev.understudy.protocol;

import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What a vendor sent as the body of an error, looked at without knowing whose form it has. */
public final class FailureBody {
  /** So many characters are shown of what is not read. */
  private static final int SHOWN_MAX = 500;

  private FailureBody() {}

  /** The body as JSON, also where a name occurs twice; empty if it is none. */
  public static Optional<JsonNode> json(byte[] body) {
    try {
      return Optional.of(Json.parse(body));
    } catch (Malformed e) {
      return once(body);
    }
  }

  private static Optional<JsonNode> once(byte[] body) {
    try {
      return Optional.of(Json.parse(Json.namesOnce(body, 0, body.length)));
    } catch (Malformed e) {
      return Optional.empty();
    }
  }

  /** All of an error that has its words where nobody looks for them; empty if there is nothing. */
  public static Optional<String> words(JsonNode error) {
    String text = error.isEmpty() ? "" : Json.text(error);
    return text.isEmpty()
        ? Optional.empty()
        : Optional.of(text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "…" : text);
  }

  /** Whether a text stands there that is not empty. */
  public static boolean isText(JsonNode node) {
    return node.isString() && !node.stringValue().isEmpty();
  }
}
