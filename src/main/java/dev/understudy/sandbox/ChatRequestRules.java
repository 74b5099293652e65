package dev.understudy.sandbox;

import dev.understudy.json.Json;
import dev.understudy.sandbox.Asked.OfferedTool;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What Chat Completions vendors check in a request, and what the request asks. */
final class ChatRequestRules {
  private static final Set<String> ROLES =
      Set.of("system", "developer", "user", "assistant", "tool", "function");

  private ChatRequestRules() {}

  static Asked read(ObjectNode body, Accent accent) {
    if (body.path("model").asString("").isEmpty()) {
      throw Refusal.bad("you must provide a model parameter");
    }
    JsonNode messages = body.path("messages");
    if (!messages.isArray()) {
      throw Refusal.bad(
          "Missing required parameter: 'messages'.", "messages", "missing_required_parameter");
    }
    if (messages.isEmpty()) {
      throw Refusal.bad(
          "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an"
              + " empty array instead.",
          "messages",
          "empty_array");
    }
    check(messages);
    JsonNode choice = body.path("tool_choice");
    List<OfferedTool> tools = OpenAiWords.allowed(tools(body), choice);
    JsonNode last = messages.get(messages.size() - 1);
    boolean result = Set.of("tool", "function").contains(last.path("role").asString(""));
    JsonNode format = body.path("response_format");
    int max =
        Math.min(
            OpenAiWords.integer(body, "max_tokens"),
            OpenAiWords.integer(body, "max_completion_tokens"));
    return new Asked(
        lastUserText(messages),
        result ? Optional.of(text(last.path("content"))) : Optional.empty(),
        tools,
        OpenAiWords.mustCall(choice),
        body.path("parallel_tool_calls").asBoolean(true),
        OpenAiWords.format(format, format.path("json_schema").path("schema")),
        thinks(body, accent),
        max,
        OpenAiWords.strings(body.path("stop")),
        false);
  }

  /** Whether the request goes on with a conversation the vendor may have in its cache. */
  static boolean goesOn(ObjectNode body) {
    for (JsonNode message : body.path("messages")) {
      if (message.path("role").asString("").equals("assistant")) {
        return true;
      }
    }
    return false;
  }

  private static boolean thinks(ObjectNode body, Accent accent) {
    String effort = body.path("reasoning_effort").asString("");
    boolean asked = !effort.isEmpty() && !effort.equals("none");
    return switch (accent) {
      case XAI -> !effort.equals("none");
      case DEEPSEEK ->
          body.path("model").asString("").contains("reasoner")
              || body.path("thinking").path("type").asString("").equals("enabled");
      default -> asked;
    };
  }

  private static void check(JsonNode messages) {
    Set<String> open = new LinkedHashSet<>();
    for (int i = 0; i < messages.size(); i++) {
      JsonNode message = messages.get(i);
      String role = message.path("role").asString("");
      if (!ROLES.contains(role)) {
        throw Refusal.bad(
            "Invalid value: '%s'. Supported values are: 'system', 'assistant', 'user', 'function',"
                    .formatted(role)
                + " 'tool', and 'developer'.",
            "messages[%d].role".formatted(i),
            "invalid_value");
      }
      if (role.equals("tool")) {
        if (!open.remove(message.path("tool_call_id").asString(""))) {
          throw Refusal.bad(
              "Invalid parameter: messages with role 'tool' must be a response to a preceeding"
                  + " message with 'tool_calls'.",
              "messages.[%d].role".formatted(i),
              "");
        }
      } else {
        answered(open);
        calls(message, i, open);
      }
    }
    answered(open);
  }

  private static void calls(JsonNode message, int index, Set<String> open) {
    for (JsonNode call : message.path("tool_calls")) {
      String id = call.path("id").asString("");
      if (id.isEmpty()) {
        throw Refusal.bad(
            "Missing required parameter: 'messages[%d].tool_calls[0].id'.".formatted(index),
            "messages[%d].tool_calls[0].id".formatted(index),
            "missing_required_parameter");
      }
      open.add(id);
    }
    JsonNode content = message.path("content");
    String role = message.path("role").asString("");
    boolean empty = content.isMissingNode() || content.isNull();
    if (empty && !role.equals("assistant")) {
      throw Refusal.bad(
          "Invalid value for 'content': expected a string, got null.",
          "messages.[%d].content".formatted(index),
          "");
    }
  }

  private static void answered(Set<String> open) {
    if (!open.isEmpty()) {
      throw Refusal.bad(
          "An assistant message with 'tool_calls' must be followed by tool messages responding to"
              + " each 'tool_call_id'. The following tool_call_ids did not have response messages: "
              + String.join(", ", open),
          "messages",
          "");
    }
  }

  private static List<OfferedTool> tools(ObjectNode body) {
    List<OfferedTool> tools = new ArrayList<>();
    JsonNode all = body.path("tools");
    for (int i = 0; i < all.size(); i++) {
      JsonNode tool = all.get(i);
      String type = tool.path("type").asString("");
      if (type.equals("function")) {
        JsonNode function = tool.path("function");
        if (function.path("name").asString("").isEmpty()) {
          throw Refusal.bad(
              "Missing required parameter: 'tools[%d].function.name'.".formatted(i),
              "tools[%d].function.name".formatted(i),
              "missing_required_parameter");
        }
        tools.add(new OfferedTool(function.path("name").asString(), parameters(function)));
      } else if (type.isEmpty()) {
        throw Refusal.bad(
            "Missing required parameter: 'tools[%d].type'.".formatted(i),
            "tools[%d].type".formatted(i),
            "missing_required_parameter");
      }
    }
    return tools;
  }

  /** A tool without parameters takes an empty object. */
  static JsonNode parameters(JsonNode function) {
    JsonNode parameters = function.path("parameters");
    return parameters.isObject() && !parameters.isEmpty()
        ? parameters
        : Json.object().put("type", "object");
  }

  private static String lastUserText(JsonNode messages) {
    for (int i = messages.size() - 1; i >= 0; i--) {
      JsonNode message = messages.get(i);
      if (message.path("role").asString("").equals("user")) {
        return text(message.path("content"));
      }
    }
    return "";
  }

  /** The text of a content that is a string or a list of parts. */
  static String text(JsonNode content) {
    if (content.isString()) {
      return content.stringValue();
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode part : content) {
      if (part.path("text").isString()) {
        texts.add(part.path("text").stringValue());
      }
    }
    return String.join(" ", texts);
  }
}
