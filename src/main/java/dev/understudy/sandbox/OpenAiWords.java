package dev.understudy.sandbox;

import dev.understudy.json.Json;
import dev.understudy.sandbox.Asked.OfferedTool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What OpenAI's two APIs and those who imitate them have in common. */
final class OpenAiWords {
  /** OpenAI caches prompts from this length on, in steps of 128 tokens. */
  private static final int CACHED_TOKENS_MIN = 1024;

  private OpenAiWords() {}

  static Answer refuse(SandboxProfile profile, Refusal refusal) {
    ObjectNode body = Json.object();
    if (profile.accent() == Accent.XAI) {
      body.put("code", xaiCode(refusal.status()));
      body.put("error", refusal.message());
      return Answer.json(refusal.status(), body, 0);
    }
    ObjectNode error = body.putObject("error");
    error.put("message", refusal.message());
    error.put("type", type(profile.accent(), refusal.status()));
    error.put("param", refusal.param().isEmpty() ? null : refusal.param());
    error.put("code", code(profile.accent(), refusal));
    return Answer.json(refusal.status(), body, 0);
  }

  private static String type(Accent accent, int status) {
    return switch (status) {
      case 401 -> accent == Accent.DEEPSEEK ? "authentication_error" : "invalid_request_error";
      case 429 -> accent == Accent.DEEPSEEK ? "rate_limit_error" : "requests";
      default -> status >= 500 ? "server_error" : "invalid_request_error";
    };
  }

  private static @Nullable String code(Accent accent, Refusal refusal) {
    if (!refusal.code().isEmpty()) {
      return refusal.code();
    }
    if (accent == Accent.DEEPSEEK) {
      return refusal.status() >= 500 ? "internal_error" : "invalid_request_error";
    }
    return switch (refusal.status()) {
      case 401 -> "invalid_api_key";
      case 404 -> "model_not_found";
      case 429 -> "rate_limit_exceeded";
      default -> null;
    };
  }

  private static String xaiCode(int status) {
    return switch (status) {
      case 400 -> "invalid-argument";
      case 401 -> "unauthenticated:bad-credentials";
      case 403 -> "permission-denied";
      case 404 -> "not-found";
      case 429 -> "resource-exhausted";
      default -> "internal-error";
    };
  }

  /** Demands the profile's key as a bearer token. */
  static void admit(Call call) {
    String key = call.profile().key();
    if (key.isEmpty()) {
      return;
    }
    String given = call.header("authorization");
    if (given.isEmpty()) {
      throw Refusal.of(
          401,
          "You didn't provide an API key. You need to provide your API key in an Authorization"
              + " header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).");
    }
    if (!given.equals("Bearer " + key)) {
      throw Refusal.of(401, "Incorrect API key provided: ****.");
    }
  }

  static int integer(JsonNode body, String name) {
    JsonNode value = body.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return Asked.NO_MAX;
    }
    if (!value.isIntegralNumber()) {
      throw Refusal.bad(
          "Invalid type for '%s': expected an integer, but got something else instead."
              .formatted(name),
          name,
          "invalid_type");
    }
    if (value.asInt(0) < 1) {
      throw Refusal.bad(
          "Invalid '%s': integer below minimum value. Expected a value >= 1.".formatted(name),
          name,
          "integer_below_min_value");
    }
    return value.asInt(Asked.NO_MAX);
  }

  /** Strings of a field that is one string or several. */
  static List<String> strings(JsonNode node) {
    List<String> all = new ArrayList<>();
    if (node.isString()) {
      all.add(node.stringValue());
    }
    if (node.isArray()) {
      node.forEach(one -> all.add(one.asString("")));
    }
    return all;
  }

  /** The function tools that a choice leaves to call; {@code name} tells a tool its name. */
  static List<OfferedTool> allowed(List<OfferedTool> tools, JsonNode choice) {
    if (choice.asString("").equals("none")) {
      return List.of();
    }
    String named = choice.path("function").path("name").asString(choice.path("name").asString(""));
    if (!named.isEmpty()) {
      List<OfferedTool> one = tools.stream().filter(tool -> tool.name().equals(named)).toList();
      if (one.isEmpty()) {
        throw Refusal.bad(
            "Tool choice '%s' not found in 'tools' parameter.".formatted(named), "tool_choice", "");
      }
      return one;
    }
    JsonNode listed = choice.path("allowed_tools").path("tools");
    JsonNode narrowed = listed.isMissingNode() ? choice.path("tools") : listed;
    if (narrowed.isArray()) {
      List<String> names = new ArrayList<>();
      narrowed.forEach(tool ->
          names.add(tool.path("function").path("name").asString(tool.path("name").asString(""))));
      return tools.stream().filter(tool -> names.contains(tool.name())).toList();
    }
    return tools;
  }

  static boolean mustCall(JsonNode choice) {
    String mode =
        choice.isString()
            ? choice.stringValue()
            : choice.path("allowed_tools").path("mode").asString(choice.path("mode").asString(""));
    return mode.equals("required")
        || mode.equals("any")
        || List.of("function", "custom").contains(choice.path("type").asString(""));
  }

  /**
   * Tokens found in the automatic cache: most of a long prompt that goes on with a conversation.
   */
  static int cached(int promptTokens, boolean goesOn, int step) {
    return goesOn && promptTokens >= CACHED_TOKENS_MIN ? promptTokens * 3 / 4 / step * step : 0;
  }

  /** The schema of a format object, if it asks for JSON. */
  static Optional<JsonNode> format(JsonNode format, JsonNode schema) {
    return switch (format.path("type").asString("")) {
      case "json_object" -> Optional.of(Json.object());
      case "json_schema" -> {
        if (!schema.isObject()) {
          throw Refusal.bad(
              "Missing required parameter: 'schema'.", "schema", "missing_required_parameter");
        }
        yield Optional.of(schema);
      }
      default -> Optional.empty();
    };
  }
}
