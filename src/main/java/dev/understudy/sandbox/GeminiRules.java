package dev.understudy.sandbox;

import dev.understudy.json.Json;
import dev.understudy.sandbox.Asked.OfferedTool;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What Gemini checks in a request, and what the request asks. Field names may come in camel case or
 * in snake case, as Google's JSON mapping allows.
 */
final class GeminiRules {
  /** Signatures that Gemini takes for "there is none", for calls another model made. */
  private static final Set<String> NO_SIGNATURE =
      Set.of("context_engineering_is_the_way_to_go", "skip_thought_signature_validator");

  private GeminiRules() {}

  static Asked read(ObjectNode body, String vendor, String model) {
    JsonNode contents = body.path("contents");
    if (!contents.isArray() || contents.isEmpty()) {
      throw Refusal.bad("* GenerateContentRequest.contents: contents is not specified\n");
    }
    check(contents, vendor, isThird(model));
    JsonNode config = either(body, "generationConfig", "generation_config");
    JsonNode calling =
        either(
            either(body, "toolConfig", "tool_config"),
            "functionCallingConfig",
            "function_calling_config");
    String mode = calling.path("mode").asString("AUTO");
    JsonNode last = contents.get(contents.size() - 1);
    return new Asked(
        lastUserText(contents),
        toolResult(last),
        mode.equals("NONE") ? List.of() : tools(body, calling),
        mode.equals("ANY"),
        true,
        format(config),
        thinks(body, model),
        max(config),
        OpenAiWords.strings(either(config, "stopSequences", "stop_sequences")),
        false);
  }

  static int promptTokens(ObjectNode body) {
    return TokenCount.of(body.path("contents"))
        + TokenCount.of(either(body, "systemInstruction", "system_instruction"))
        + TokenCount.of(body.path("tools"));
  }

  static boolean goesOn(ObjectNode body) {
    for (JsonNode content : body.path("contents")) {
      if (content.path("role").asString("").equals("model")) {
        return true;
      }
    }
    return false;
  }

  static JsonNode thinkingConfig(ObjectNode body) {
    return either(
        either(body, "generationConfig", "generation_config"), "thinkingConfig", "thinking_config");
  }

  static boolean isThird(String model) {
    return model.startsWith("gemini-3");
  }

  private static boolean thinks(ObjectNode body, String model) {
    JsonNode config = thinkingConfig(body);
    if (config.isMissingNode()) {
      return isThird(model);
    }
    return either(config, "thinkingBudget", "thinking_budget").asInt(1) != 0;
  }

  private static int max(JsonNode config) {
    JsonNode max = either(config, "maxOutputTokens", "max_output_tokens");
    if (max.isMissingNode() || max.isNull()) {
      return Asked.NO_MAX;
    }
    int tokens = max.asInt(0);
    if (tokens < 1) {
      throw Refusal.bad("max_output_tokens must be positive.");
    }
    return tokens;
  }

  private static Optional<JsonNode> format(JsonNode config) {
    String mime = either(config, "responseMimeType", "response_mime_type").asString("");
    JsonNode schema = either(config, "responseSchema", "response_schema");
    JsonNode jsonSchema = either(config, "responseJsonSchema", "response_json_schema");
    JsonNode any = schema.isObject() ? schema : jsonSchema;
    if (any.isObject() && !mime.equals("application/json") && !mime.equals("text/x.enum")) {
      throw Refusal.bad(
          "* GenerateContentRequest.generation_config.response_schema: only allowed when"
              + " response_mime_type is application/json\n");
    }
    if (mime.equals("application/json")) {
      return Optional.of(any.isObject() ? any : Json.object());
    }
    return Optional.empty();
  }

  private static List<OfferedTool> tools(ObjectNode body, JsonNode calling) {
    List<OfferedTool> tools = new ArrayList<>();
    List<String> names =
        OpenAiWords.strings(either(calling, "allowedFunctionNames", "allowed_function_names"));
    JsonNode all = body.path("tools");
    for (JsonNode tool : all) {
      for (JsonNode function : either(tool, "functionDeclarations", "function_declarations")) {
        String name = function.path("name").asString("");
        if (name.isEmpty()) {
          throw Refusal.bad(
              "* GenerateContentRequest.tools[0].function_declarations[0].name: [REQUIRED_FIELD]\n");
        }
        JsonNode schema = function.path("parameters");
        JsonNode json = either(function, "parametersJsonSchema", "parameters_json_schema");
        JsonNode used = schema.isObject() ? schema : json;
        if (names.isEmpty() || names.contains(name)) {
          tools.add(
              new OfferedTool(name, used.isObject() ? used : Json.object().put("type", "object")));
        }
      }
    }
    return tools;
  }

  private static void check(JsonNode contents, String vendor, boolean third) {
    int turn = currentTurn(contents);
    for (int i = 0; i < contents.size(); i++) {
      JsonNode content = contents.get(i);
      String role = content.path("role").asString("user");
      if (!Set.of("user", "model", "function").contains(role)) {
        throw Refusal.bad("Please use a valid role: user, model.");
      }
      JsonNode parts = content.path("parts");
      if (parts.isEmpty()) {
        throw Refusal.bad(
            "* GenerateContentRequest.contents[%d].parts: contents.parts must not be empty.\n"
                .formatted(i));
      }
      if (parts.isArray()) {
        boolean firstCalls = role.equals("model") && callsOfTurn(contents, i - 1) == 0;
        signatures(parts, vendor, third && i > turn && firstCalls, i);
      }
      boolean turnEnds = !contents.path(i + 1).path("role").asString("").equals("model");
      int calls = role.equals("model") && turnEnds ? callsOfTurn(contents, i) : 0;
      if (calls > 0) {
        JsonNode next = contents.path(i + 1).path("parts");
        if (count(next, "functionResponse", "function_response") != calls) {
          throw Refusal.bad(
              "Please ensure that the number of function response parts is equal to the number of"
                  + " function call parts of the function call turn.");
        }
      }
      boolean results = count(parts, "functionResponse", "function_response") > 0;
      if (results && (i == 0 || callsOfTurn(contents, i - 1) == 0)) {
        throw Refusal.bad(
            "Please ensure that function response turn comes immediately after a function call"
                + " turn.");
      }
    }
  }

  /** The calls of the model's turn that ends with this content and may stand in several. */
  private static int callsOfTurn(JsonNode contents, int last) {
    int calls = 0;
    for (int i = last; i >= 0 && contents.get(i).path("role").asString("").equals("model"); i--) {
      calls += count(contents.get(i).path("parts"), "functionCall", "function_call");
    }
    return calls;
  }

  /** Where the current turn begins: the last content in which the user says something. */
  private static int currentTurn(JsonNode contents) {
    for (int i = contents.size() - 1; i >= 0; i--) {
      JsonNode content = contents.get(i);
      if (!content.path("role").asString("user").equals("model")
          && count(content.path("parts"), "functionResponse", "function_response") == 0) {
        return i;
      }
    }
    return -1;
  }

  private static void signatures(JsonNode parts, String vendor, boolean needed, int content) {
    boolean first = true;
    for (int j = 0; j < parts.size(); j++) {
      JsonNode part = parts.get(j);
      JsonNode call = either(part, "functionCall", "function_call");
      String signature = either(part, "thoughtSignature", "thought_signature").asString("");
      if (!signature.isEmpty() && !isOurs(signature, vendor)) {
        throw Refusal.bad("Corrupted thought signature.");
      }
      if (call.isObject()) {
        if (first && needed && signature.isEmpty()) {
          throw Refusal.bad(
              "Function call is missing a thought_signature in functionCall parts. This is required"
                  + " for tools to work correctly, and missing thought_signature may lead to"
                  + " degraded model performance. Additional data, function call `default_api:%s` ,"
                      .formatted(call.path("name").asString(""))
                  + " position %d.".formatted(content + 1));
        }
        first = false;
      }
    }
  }

  private static boolean isOurs(String signature, String vendor) {
    if (NO_SIGNATURE.contains(signature)) {
      return true;
    }
    try {
      // Google's bytes fields take both alphabets of base64.
      byte[] bytes = Base64.getDecoder().decode(signature.replace('-', '+').replace('_', '/'));
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      return text.startsWith("sandbox/" + vendor + "/") || NO_SIGNATURE.contains(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static int count(JsonNode parts, String name, String snake) {
    int count = 0;
    for (JsonNode part : parts) {
      if (either(part, name, snake).isObject()) {
        count++;
      }
    }
    return count;
  }

  private static Optional<String> toolResult(JsonNode content) {
    for (JsonNode part : content.path("parts")) {
      JsonNode response = either(part, "functionResponse", "function_response");
      if (response.isObject()) {
        return Optional.of(Json.text(response.path("response")));
      }
    }
    return Optional.empty();
  }

  private static String lastUserText(JsonNode contents) {
    for (int i = contents.size() - 1; i >= 0; i--) {
      JsonNode content = contents.get(i);
      if (!content.path("role").asString("user").equals("model")) {
        String text = ChatRequestRules.text(content.path("parts"));
        if (!text.isEmpty()) {
          return text;
        }
      }
    }
    return "";
  }

  static JsonNode either(JsonNode node, String name, String snake) {
    JsonNode value = node.path(name);
    return value.isMissingNode() ? node.path(snake) : value;
  }
}
