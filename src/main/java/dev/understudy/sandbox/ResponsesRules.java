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

/** What a Responses vendor checks in a request, and what the request asks. */
final class ResponsesRules {
  private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant");

  private final ObjectNode body;
  private final String vendor;
  private final StoredResponses stored;
  private final Accent accent;
  private final List<JsonNode> items = new ArrayList<>();

  ResponsesRules(ObjectNode body, String vendor, StoredResponses stored, Accent accent) {
    this.body = body;
    this.vendor = vendor;
    this.stored = stored;
    this.accent = accent;
  }

  Asked read() {
    if (body.path("model").asString("").isEmpty()) {
      throw missing("model");
    }
    previous();
    JsonNode input = body.path("input");
    if (input.isString()) {
      items.add(Json.object().put("role", "user").put("content", input.stringValue()));
    } else if (input.isArray()) {
      for (int i = 0; i < input.size(); i++) {
        check(input, i);
        items.add(input.get(i));
      }
    } else if (items.isEmpty()) {
      throw missing("input");
    }
    callsAndOutputs();
    JsonNode choice = body.path("tool_choice");
    JsonNode format = body.path("text").path("format");
    JsonNode last = items.isEmpty() ? Json.object() : items.getLast();
    boolean result = last.path("type").asString("").equals("function_call_output");
    return new Asked(
        lastUserText(),
        result ? Optional.of(outputText(last.path("output"))) : Optional.empty(),
        OpenAiWords.allowed(tools(), choice),
        OpenAiWords.mustCall(choice),
        body.path("parallel_tool_calls").asBoolean(true),
        OpenAiWords.format(format, format.path("schema")),
        thinks(),
        OpenAiWords.integer(body, "max_output_tokens"),
        List.of(),
        false);
  }

  List<JsonNode> items() {
    return items;
  }

  int inputTokens() {
    int sum = TokenCount.of(body.path("tools")) + TokenCount.of(body.path("instructions"));
    for (JsonNode item : items) {
      sum += TokenCount.of(item);
    }
    return sum;
  }

  boolean goesOn() {
    return items.stream()
        .anyMatch(item ->
            item.path("role").asString("").equals("assistant")
                || item.path("type").asString("").equals("function_call"));
  }

  private void previous() {
    String id = body.path("previous_response_id").asString("");
    if (!id.isEmpty()) {
      items.addAll(
          stored
              .conversation(id)
              .orElseThrow(() ->
                  Refusal.bad(
                      "Previous response with id '%s' not found.".formatted(id),
                      "previous_response_id",
                      "previous_response_not_found")));
    }
  }

  private void check(JsonNode input, int index) {
    JsonNode item = input.get(index);
    String type = item.path("type").asString("message");
    switch (type) {
      case "message" -> {
        String role = item.path("role").asString("");
        if (!ROLES.contains(role)) {
          throw Refusal.bad(
              "Invalid value: '%s'. Supported values are: 'assistant', 'system', 'developer', and"
                      .formatted(role)
                  + " 'user'.",
              "input[%d].role".formatted(index),
              "invalid_value");
        }
      }
      case "reasoning" -> reasoning(item, input.path(index + 1));
      case "item_reference" -> {
        if (!stored.knowsItem(item.path("id").asString(""))) {
          throw Refusal.bad(
              "Item with id '%s' not found.".formatted(item.path("id").asString("")), "input", "");
        }
      }
      default -> {
        // Every other kind of item is taken as it comes.
      }
    }
  }

  private void reasoning(JsonNode item, JsonNode following) {
    String id = item.path("id").asString("");
    String sealed = item.path("encrypted_content").asString("");
    if (sealed.isEmpty()) {
      if (!stored.knowsItem(id)) {
        throw Refusal.bad(
            "Item with id '%s' not found. Items are not persisted when `store` is set to false."
                    .formatted(id)
                + " Try again with `store` set to true, or remove this item from your input.",
            "input",
            "");
      }
    } else if (!Ids.opens(vendor, sealed)) {
      throw Refusal.bad(
          "The encrypted content %s could not be verified. Reason: Encrypted content could not be"
                  .formatted(sealed.length() > 8 ? sealed.substring(0, 4) + "..." : sealed)
              + " decrypted or parsed.",
          "",
          "invalid_encrypted_content");
    }
    if (following.isMissingNode() || following.path("role").asString("").equals("user")) {
      throw Refusal.bad(
          "Item '%s' of type 'reasoning' was provided without its required following item."
              .formatted(id),
          "input",
          "");
    }
  }

  private void callsAndOutputs() {
    Set<String> open = new LinkedHashSet<>();
    for (JsonNode item : items) {
      String id = item.path("call_id").asString("");
      switch (item.path("type").asString("")) {
        case "function_call", "custom_tool_call" -> open.add(id);
        case "function_call_output", "custom_tool_call_output" -> {
          if (!open.remove(id)) {
            throw Refusal.bad(
                "No tool call found for function call output with call_id %s.".formatted(id),
                "input",
                "");
          }
        }
        default -> {
          // Only calls and their outputs belong together.
        }
      }
    }
    if (!open.isEmpty()) {
      throw Refusal.bad(
          "No tool output found for function call %s.".formatted(open.iterator().next()),
          "input",
          "");
    }
  }

  private boolean thinks() {
    String effort = body.path("reasoning").path("effort").asString("");
    return accent == Accent.XAI
        ? !effort.equals("none")
        : body.path("reasoning").isObject() && !effort.equals("none");
  }

  private List<OfferedTool> tools() {
    List<OfferedTool> tools = new ArrayList<>();
    JsonNode all = body.path("tools");
    for (int i = 0; i < all.size(); i++) {
      JsonNode tool = all.get(i);
      String type = tool.path("type").asString("");
      if (type.isEmpty()) {
        throw missing("tools[%d].type".formatted(i));
      }
      if (type.equals("function")) {
        if (tool.path("name").asString("").isEmpty()) {
          throw missing("tools[%d].name".formatted(i));
        }
        tools.add(new OfferedTool(tool.path("name").asString(), ChatRequestRules.parameters(tool)));
      }
    }
    return tools;
  }

  private String lastUserText() {
    for (int i = items.size() - 1; i >= 0; i--) {
      if (items.get(i).path("role").asString("").equals("user")) {
        return ChatRequestRules.text(items.get(i).path("content"));
      }
    }
    return "";
  }

  private static String outputText(JsonNode output) {
    return ChatRequestRules.text(output);
  }

  private static Refusal missing(String parameter) {
    return Refusal.bad(
        "Missing required parameter: '%s'.".formatted(parameter),
        parameter,
        "missing_required_parameter");
  }
}
