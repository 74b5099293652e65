package dev.understudy.sandbox;

import dev.understudy.json.Json;
import dev.understudy.sandbox.Asked.OfferedTool;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What Anthropic checks in a Messages request, and what the request asks. */
final class MessagesRules {
  private static final int BUDGET_TOKENS_MIN = 1024;

  private MessagesRules() {}

  static void readToCount(ObjectNode body) {
    messages(body, "");
  }

  static Asked read(ObjectNode body, String vendor, String model) {
    if (model.isEmpty()) {
      throw Refusal.bad("model: Field required");
    }
    JsonNode max = body.path("max_tokens");
    if (max.isMissingNode()) {
      throw Refusal.bad("max_tokens: Field required");
    }
    if (!max.isIntegralNumber()) {
      throw Refusal.bad("max_tokens: Input should be a valid integer");
    }
    if (max.asInt(0) < 1) {
      throw Refusal.bad("max_tokens: Input should be greater than or equal to 1");
    }
    JsonNode messages = messages(body, vendor);
    JsonNode choice = body.path("tool_choice");
    String mode = choice.path("type").asString("auto");
    boolean forced = mode.equals("any") || mode.equals("tool");
    boolean thinks = thinks(body, max.asInt(), forced, messages);
    JsonNode last = messages.get(messages.size() - 1);
    prefill(last, thinks, model);
    JsonNode format = body.path("output_config").path("format");
    JsonNode older = format.isMissingNode() ? body.path("output_format") : format;
    return new Asked(
        lastUserText(messages),
        toolResult(last),
        tools(body, mode, choice.path("name").asString("")),
        forced,
        !choice.path("disable_parallel_tool_use").asBoolean(false),
        older.path("schema").isObject() ? Optional.of(older.path("schema")) : Optional.empty(),
        thinks,
        max.asInt(),
        OpenAiWords.strings(body.path("stop_sequences")),
        true);
  }

  /** Claude goes on with an answer that the conversation ends with, until version 4.6. */
  private static void prefill(JsonNode last, boolean thinks, String model) {
    if (!last.path("role").asString("").equals("assistant")) {
      return;
    }
    if (NO_PREFILL.matcher(model).find()) {
      throw Refusal.bad(
          "This model does not support assistant message prefill. The conversation must end with a"
              + " user message.");
    }
    if (thinks) {
      throw Refusal.bad(
          "Expected `thinking` or `redacted_thinking`, but found `text`. When `thinking` is enabled,"
              + " a final `assistant` message must start with a thinking block.");
    }
    String text = ChatRequestRules.text(last.path("content"));
    if (!text.equals(text.stripTrailing())) {
      throw Refusal.bad("messages: final assistant content cannot end with trailing whitespace");
    }
  }

  private static final Pattern NO_PREFILL =
      Pattern.compile("claude-[a-z]+-(4-[6-9]|[5-9])(?![0-9])");

  private static boolean thinks(ObjectNode body, int max, boolean forced, JsonNode messages) {
    JsonNode thinking = body.path("thinking");
    String type = thinking.path("type").asString("disabled");
    if (type.equals("disabled")) {
      return false;
    }
    if (forced) {
      throw Refusal.bad("Thinking may not be enabled when tool_choice forces tool use.");
    }
    if (type.equals("enabled")) {
      int budget = thinking.path("budget_tokens").asInt(0);
      if (!thinking.has("budget_tokens")) {
        throw Refusal.bad("thinking.enabled.budget_tokens: Field required");
      }
      if (budget < BUDGET_TOKENS_MIN) {
        throw Refusal.bad(
            "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024");
      }
      if (budget >= max) {
        throw Refusal.bad("`max_tokens` must be greater than `thinking.budget_tokens`.");
      }
      if (body.path("temperature").isNumber() && body.path("temperature").asDouble() != 1) {
        throw Refusal.bad("`temperature` may only be set to 1 when thinking is enabled.");
      }
      beginsWithThinking(messages);
    }
    return true;
  }

  /** With a budget, the turn that a tool's result continues has to begin with its thinking. */
  private static void beginsWithThinking(JsonNode messages) {
    int at = messages.size() - 2;
    if (at < 0 || toolResult(messages.get(at + 1)).isEmpty()) {
      return;
    }
    String type = messages.get(at).path("content").path(0).path("type").asString("text");
    if (!type.endsWith("thinking")) {
      throw Refusal.bad(
          "messages.%d.content.0.type: Expected `thinking` or `redacted_thinking`, but found `%s`."
                  .formatted(at, type)
              + " When `thinking` is enabled, a final `assistant` message must start with a"
              + " thinking block (preceeding the lastmost set of `tool_use` and `tool_result`"
              + " blocks).");
    }
  }

  private static JsonNode messages(ObjectNode body, String vendor) {
    JsonNode messages = body.path("messages");
    if (!messages.isArray()) {
      throw Refusal.bad("messages: Field required");
    }
    if (messages.isEmpty()) {
      throw Refusal.bad("messages: at least one message is required");
    }
    Set<String> open = new LinkedHashSet<>();
    for (int i = 0; i < messages.size(); i++) {
      JsonNode message = messages.get(i);
      String role = message.path("role").asString("");
      if (role.equals("system")) {
        throw Refusal.bad(
            "messages: Unexpected role \"system\". The Messages API accepts a top-level `system`"
                + " parameter, not \"system\" as an input message role.");
      }
      if (!role.equals("user") && !role.equals("assistant")) {
        throw Refusal.bad(
            "messages: Unexpected role \"%s\". Allowed roles are \"user\" or \"assistant\"."
                .formatted(role));
      }
      Set<String> calls = new LinkedHashSet<>();
      JsonNode content = message.path("content");
      if (!content.isArray() && !content.isString()) {
        throw Refusal.bad("messages.%d.content: Field required".formatted(i));
      }
      for (int j = 0; content.isArray() && j < content.size(); j++) {
        block(content.get(j), "messages.%d.content.%d".formatted(i, j), open, calls, vendor);
      }
      unanswered(open, i - 1);
      open.addAll(calls);
    }
    unanswered(open, messages.size() - 1);
    return messages;
  }

  private static void unanswered(Set<String> open, int index) {
    if (!open.isEmpty()) {
      throw Refusal.bad(
          "messages.%d: `tool_use` ids were found without `tool_result` blocks immediately after: %s."
                  .formatted(index, String.join(", ", open))
              + " Each `tool_use` block must have a corresponding `tool_result` block in the next"
              + " message.");
    }
  }

  private static void block(
      JsonNode block, String path, Set<String> open, Set<String> calls, String vendor) {
    switch (block.path("type").asString("")) {
      case "" -> throw Refusal.bad(path + ".type: Field required");
      case "text" -> {
        if (block.path("text").asString("").isEmpty()) {
          throw Refusal.bad("messages: text content blocks must be non-empty");
        }
      }
      case "tool_use" -> {
        if (!block.path("input").isObject()) {
          throw Refusal.bad(path + ".tool_use.input: Input should be a valid dictionary");
        }
        if (!block.path("id").asString("").matches("[a-zA-Z0-9_-]+")) {
          throw Refusal.bad(path + ".tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'");
        }
        calls.add(block.path("id").asString(""));
      }
      case "tool_result" -> {
        String id = block.path("tool_use_id").asString("");
        if (!open.remove(id)) {
          throw Refusal.bad(
              "%s: unexpected `tool_use_id` found in `tool_result` blocks: %s.".formatted(path, id)
                  + " Each `tool_result` block must have a corresponding `tool_use` block in the"
                  + " previous message.");
        }
      }
      case "thinking" -> thinking(block, path, vendor);
      default -> {
        // Pictures, documents and what later versions add pass.
      }
    }
  }

  private static void thinking(JsonNode block, String path, String vendor) {
    if (vendor.isEmpty()) {
      return;
    }
    if (!block.has("signature")) {
      throw Refusal.bad(path + ".thinking.signature: Field required");
    }
    String expected = Ids.seal(vendor, block.path("thinking").asString(""));
    if (!block.path("signature").asString("").equals(expected)) {
      throw Refusal.bad(path + ": Invalid `signature` in `thinking` block");
    }
  }

  private static List<OfferedTool> tools(ObjectNode body, String mode, String named) {
    List<OfferedTool> tools = new ArrayList<>();
    JsonNode all = body.path("tools");
    for (int i = 0; i < all.size(); i++) {
      JsonNode tool = all.get(i);
      String type = tool.path("type").asString("custom");
      if (!type.equals("custom")) {
        continue;
      }
      String name = tool.path("name").asString("");
      if (!name.matches("[a-zA-Z0-9_-]{1,128}")) {
        throw Refusal.bad(
            "tools.%d.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'"
                .formatted(i));
      }
      if (!tool.path("input_schema").isObject()) {
        throw Refusal.bad("tools.%d.custom.input_schema: Field required".formatted(i));
      }
      if (!tool.path("input_schema").path("type").asString("").equals("object")) {
        throw Refusal.bad("tools.%d.custom.input_schema.type: Field required".formatted(i));
      }
      tools.add(new OfferedTool(name, tool.path("input_schema")));
    }
    return switch (mode) {
      case "none" -> List.of();
      case "tool" -> {
        List<OfferedTool> one = tools.stream().filter(tool -> tool.name().equals(named)).toList();
        if (one.isEmpty()) {
          throw Refusal.bad("Tool '%s' not found in provided tools".formatted(named));
        }
        yield one;
      }
      default -> tools;
    };
  }

  /** The text of the tool results that a message begins with, if it has any. */
  private static Optional<String> toolResult(JsonNode message) {
    for (JsonNode block : message.path("content")) {
      if (block.path("type").asString("").equals("tool_result")) {
        JsonNode content = block.path("content");
        String text = ChatRequestRules.text(content);
        return Optional.of(text.isEmpty() && !content.isMissingNode() ? Json.text(content) : text);
      }
    }
    return Optional.empty();
  }

  private static String lastUserText(JsonNode messages) {
    for (int i = messages.size() - 1; i >= 0; i--) {
      JsonNode message = messages.get(i);
      if (message.path("role").asString("").equals("user")) {
        String text = ChatRequestRules.text(message.path("content"));
        if (!text.isEmpty()) {
          return text;
        }
      }
    }
    return "";
  }
}
