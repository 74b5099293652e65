package dev.understudy.protocol.anthropic;

import tools.jackson.databind.JsonNode;

/**
 * The assistant's turn that a request goes on with, after tools' results or from a beginning given.
 *
 * <p>With a budget for thinking, the API refuses to go on with a turn that does not begin with its
 * own thoughts. They are missing where another vendor's model began the turn, and where the caller
 * lost them on the way.
 *
 * @see <a
 *     href="https://platform.claude.com/docs/en/build-with-claude/extended-thinking#preserving-thinking-blocks">the
 *     rule</a>
 */
final class OpenTurn {
  private OpenTurn() {}

  /**
   * Whether the messages as written end with a turn to go on with that has no thoughts at first.
   */
  static boolean lacksThoughts(JsonNode messages) {
    int first = -1;
    for (int i = messages.size() - 1; i >= 0; i--) {
      JsonNode message = messages.get(i);
      String role = message.path("role").asString("");
      if (role.equals("assistant")) {
        first = i;
      } else if (role.equals("user") && !holdsResults(message)) {
        break;
      }
    }
    if (first < 0) {
      return false;
    }
    String type = messages.get(first).path("content").path(0).path("type").asString("text");
    return !type.equals("thinking") && !type.equals("redacted_thinking");
  }

  private static boolean holdsResults(JsonNode message) {
    for (JsonNode block : message.path("content")) {
      if (block.path("type").asString("").equals("tool_result")) {
        return true;
      }
    }
    return false;
  }
}
