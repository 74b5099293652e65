package dev.understudy.protocol.bedrock;

import tools.jackson.databind.JsonNode;

/**
 * The assistant's turn that a request goes on with, after tools' results or from a beginning given.
 *
 * <p>Claude with a budget refuses to go on with a turn that does not begin with its own thoughts.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html">the
 *     rule</a>
 */
final class ConverseOpenTurn {
  private ConverseOpenTurn() {}

  /**
   * Whether the messages as written end with a turn to go on with that has no thoughts at first.
   */
  static boolean lacksThoughts(JsonNode messages) {
    int first = -1;
    for (int i = messages.size() - 1; i >= 0; i--) {
      JsonNode message = messages.get(i);
      if (message.path("role").asString("").equals("assistant")) {
        first = i;
      } else if (!holdsResults(message)) {
        break;
      }
    }
    return first >= 0 && !messages.get(first).path("content").path(0).has("reasoningContent");
  }

  private static boolean holdsResults(JsonNode message) {
    for (JsonNode block : message.path("content")) {
      if (block.has("toolResult")) {
        return true;
      }
    }
    return false;
  }
}
