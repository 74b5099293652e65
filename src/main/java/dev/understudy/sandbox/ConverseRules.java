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

/** What Bedrock checks in a Converse request, and what the request asks. */
final class ConverseRules {
  private ConverseRules() {}

  static Asked read(ObjectNode body, String vendor) {
    JsonNode messages = body.path("messages");
    if (!messages.isArray() || messages.isEmpty()) {
      throw Refusal.bad("A conversation must start with a user message. Try again with one.");
    }
    check(messages, vendor);
    JsonNode config = body.path("inferenceConfig");
    JsonNode max = config.path("maxTokens");
    if (max.isIntegralNumber() && max.asInt(0) < 1) {
      throw Refusal.bad(
          "1 validation error detected: Value '%d' at 'inferenceConfig.maxTokens' failed to satisfy"
                  .formatted(max.asInt(0))
              + " constraint: Member must have value greater than or equal to 1");
    }
    JsonNode choice = body.path("toolConfig").path("toolChoice");
    String named = choice.path("tool").path("name").asString("");
    JsonNode format = body.path("outputConfig").path("textFormat");
    JsonNode last = messages.get(messages.size() - 1);
    String thinking =
        body.path("additionalModelRequestFields").path("thinking").path("type").asString("");
    return new Asked(
        lastUserText(messages),
        toolResult(last),
        tools(body).stream().filter(tool -> named.isEmpty() || tool.name().equals(named)).toList(),
        choice.has("any") || !named.isEmpty(),
        true,
        schema(format),
        !thinking.isEmpty() && !thinking.equals("disabled"),
        max.asInt(Asked.NO_MAX),
        OpenAiWords.strings(config.path("stopSequences")),
        true);
  }

  /** Input tokens divided by cache points as Anthropic's marks divide theirs. */
  static CachedInput input(ObjectNode body) {
    ObjectNode marked = Json.object();
    marked.set("tools", marked(body.path("toolConfig").path("tools")));
    marked.set("system", marked(body.path("system")));
    var messages = marked.putArray("messages");
    for (JsonNode message : body.path("messages")) {
      ObjectNode one = messages.addObject();
      one.set("role", message.path("role"));
      one.set("content", marked(message.path("content")));
    }
    return CachedInput.of(marked);
  }

  private static JsonNode marked(JsonNode blocks) {
    var all = Json.array();
    for (JsonNode block : blocks) {
      ObjectNode copy = Json.object();
      copy.set("block", block);
      if (block.has("cachePoint")) {
        copy.putObject("cache_control").set("ttl", block.path("cachePoint").path("ttl"));
        copy.remove("block");
      }
      all.add(copy);
    }
    return all;
  }

  private static Optional<JsonNode> schema(JsonNode format) {
    JsonNode schema = format.path("structure").path("jsonSchema").path("schema");
    return schema.isString() ? Optional.of(Json.parse(schema.stringValue())) : Optional.empty();
  }

  private static void check(JsonNode messages, String vendor) {
    Set<String> open = new LinkedHashSet<>();
    for (int i = 0; i < messages.size(); i++) {
      JsonNode message = messages.get(i);
      String role = message.path("role").asString("");
      if (!role.equals("user") && !role.equals("assistant")) {
        throw Refusal.bad(
            "1 validation error detected: Value '%s' at 'messages.%d.member.role' failed to satisfy"
                    .formatted(role, i + 1)
                + " constraint: Member must satisfy enum value set: [user, assistant]");
      }
      if (i == 0 && role.equals("assistant")) {
        throw Refusal.bad("A conversation must start with a user message. Try again with one.");
      }
      Set<String> calls = new LinkedHashSet<>();
      for (JsonNode block : message.path("content")) {
        block(block, i, open, calls, vendor);
      }
      dangling(open, i - 1);
      open.addAll(calls);
    }
    dangling(open, messages.size() - 1);
  }

  private static void block(
      JsonNode block, int index, Set<String> open, Set<String> calls, String vendor) {
    if (block.has("text") && block.path("text").asString("").isBlank()) {
      throw Refusal.bad(
          "The text field in the ContentBlock object at messages.%d.content.0 is blank. Add text to"
                  .formatted(index)
              + " the text field, and try again.");
    }
    if (block.has("toolUse")) {
      calls.add(block.path("toolUse").path("toolUseId").asString(""));
    }
    if (block.has("toolResult")
        && !open.remove(block.path("toolResult").path("toolUseId").asString(""))) {
      throw Refusal.bad(
          "The number of toolResult blocks at messages.%d.content exceeds the number of toolUse"
                  .formatted(index)
              + " blocks of previous turn.");
    }
    JsonNode thought = block.path("reasoningContent").path("reasoningText");
    if (thought.isObject()
        && !thought
            .path("signature")
            .asString("")
            .equals(Ids.seal(vendor, thought.path("text").asString("")))) {
      throw Refusal.bad(
          "The model returned the following errors: messages.%d.content.0: Invalid `signature` in"
                  .formatted(index)
              + " `thinking` block");
    }
  }

  private static void dangling(Set<String> open, int index) {
    if (!open.isEmpty()) {
      throw Refusal.bad(
          "Expected toolResult blocks at messages.%d.content for the following Ids: %s"
              .formatted(index + 1, String.join(", ", open)));
    }
  }

  private static List<OfferedTool> tools(ObjectNode body) {
    List<OfferedTool> tools = new ArrayList<>();
    for (JsonNode tool : body.path("toolConfig").path("tools")) {
      JsonNode specification = tool.path("toolSpec");
      if (specification.isObject()) {
        tools.add(
            new OfferedTool(
                specification.path("name").asString(""),
                specification.path("inputSchema").path("json")));
      }
    }
    return tools;
  }

  private static Optional<String> toolResult(JsonNode message) {
    for (JsonNode block : message.path("content")) {
      if (block.has("toolResult")) {
        JsonNode content = block.path("toolResult").path("content");
        String text = ChatRequestRules.text(content);
        return Optional.of(text.isEmpty() ? Json.text(content) : text);
      }
    }
    return Optional.empty();
  }

  private static String lastUserText(JsonNode messages) {
    for (int i = messages.size() - 1; i >= 0; i--) {
      if (messages.get(i).path("role").asString("").equals("user")) {
        String text = ChatRequestRules.text(messages.get(i).path("content"));
        if (!text.isEmpty()) {
          return text;
        }
      }
    }
    return "";
  }
}
