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

  /**
   * Whether it is a JSON document with something in it, whatever its form: what a server of the
   * protocol said, and not what stands before it.
   */
  public static boolean isDocument(byte[] body) {
    JsonNode read;
    try {
      read = Json.parse(body);
    } catch (Malformed e) {
      return isDocumentOnce(body);
    }
    return read.isContainer() && !read.isEmpty();
  }

  /** The same where a name occurs twice. */
  private static boolean isDocumentOnce(byte[] body) {
    try {
      return Json.namesOnce(body, 0, body.length).length > "{}".length();
    } catch (Malformed e) {
      return false;
    }
  }

  /** All of an error that has its words where nobody looks for them; empty if there is nothing. */
  public static Optional<String> words(JsonNode error) {
    String text = error.isEmpty() ? "" : Json.text(error);
    return text.isEmpty()
        ? Optional.empty()
        : Optional.of(text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "…" : text);
  }
}
