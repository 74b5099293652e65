package dev.understudy.protocol.openairesponses;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.Part;
import dev.understudy.chat.Stop;
import dev.understudy.chat.Usage;
import dev.understudy.json.Fields;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.FailedReply;
import dev.understudy.protocol.Losses;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a whole response object.
 *
 * <p>Source: <a href="https://platform.openai.com/docs/api-reference/responses/object">the response
 * object</a>.
 */
final class ResponseReader {
  /** Members that repeat the request, or are bookkeeping of what the vendor stored. */
  private static final String[] ECHO = {
    "object",
    "created_at",
    "completed_at",
    "background",
    "billing",
    "conversation",
    "frequency_penalty",
    "presence_penalty",
    "instructions",
    "max_output_tokens",
    "max_tool_calls",
    "metadata",
    "output_text",
    "parallel_tool_calls",
    "previous_response_id",
    "prompt",
    "prompt_cache_key",
    "prompt_cache_options",
    "prompt_cache_retention",
    "reasoning",
    "safety_identifier",
    "store",
    "temperature",
    "text",
    "tool_choice",
    "tools",
    "top_logprobs",
    "top_p",
    "truncation",
    "user",
    "context_management",
    "access_policy"
  };

  private ResponseReader() {}

  /**
   * @throws FailedReply if the response says that it failed
   */
  static ChatReply read(ObjectNode response, Dialect dialect, Losses losses) {
    Fields fields = Fields.of(response);
    failure(response, dialect);
    if (!(response.get("output") instanceof ArrayNode)) {
      throw new Malformed("output", "is missing: this is no response object");
    }
    var items = new OutputItems(dialect.vendor(), losses);
    var parts = new ArrayList<Part>();
    for (Fields item : fields.objects("output")) {
      parts.addAll(items.read(item));
    }
    var reply =
        new ChatReply(
            fields.text("id").orElse(""),
            fields.text("model").orElse(""),
            parts,
            stop(fields, has(parts, Part.ToolCall.class), has(parts, Part.Refusal.class)),
            usage(response, response.get("output"), dialect));
    head(fields);
    losses.unread(fields.unread());
    return reply;
  }

  static Usage usage(ObjectNode response, JsonNode output, Dialect dialect) {
    return ResponsesUsage.ofResponse(response, output, dialect.usage());
  }

  /** Marks what is read apart from the output, and what says nothing new. */
  static void head(Fields fields) {
    fields.ignore("usage", "service_tier", "tool_usage", "error", "status", "incomplete_details");
    fields.ignore(ECHO);
  }

  /** Why an answer ended that calls a tool, or refuses. */
  static Stop stop(Fields response, boolean calls, boolean refuses) {
    String status = response.text("status").orElse("completed");
    return switch (status) {
      case "completed" ->
          new Stop(
              calls ? Stop.Reason.TOOL_CALLS : refuses ? Stop.Reason.REFUSAL : Stop.Reason.END,
              status);
      case "incomplete" -> {
        String reason =
            response
                .object("incomplete_details")
                .flatMap(details -> details.text("reason"))
                .orElse(status);
        yield new Stop(cutShort(reason), reason);
      }
      default -> new Stop(Stop.Reason.OTHER, status);
    };
  }

  private static boolean has(List<Part> parts, Class<? extends Part> kind) {
    return parts.stream().anyMatch(kind::isInstance);
  }

  private static Stop.Reason cutShort(String reason) {
    return switch (reason) {
      case "max_output_tokens", "max_tokens", "length" -> Stop.Reason.MAX_TOKENS;
      case "content_filter" -> Stop.Reason.CONTENT_FILTER;
      default -> Stop.Reason.OTHER;
    };
  }

  private static void failure(ObjectNode response, Dialect dialect) {
    JsonNode error = response.get("error");
    boolean said = error != null && !error.isNull();
    if (said || response.path("status").asString("").equals("failed")) {
      throw new FailedReply(Failures.ofResponse(response, dialect.vendor()));
    }
  }
}
