package dev.understudy.protocol.openairesponses;

import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.ReplyFormat;
import dev.understudy.chat.Stop;
import dev.understudy.chat.Thinking;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Tool;
import dev.understudy.chat.ToolChoice;
import dev.understudy.chat.Usage;
import dev.understudy.json.Json;
import dev.understudy.protocol.ReplyContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the response object around an answer: all that its schema requires, with the request's own
 * wishes repeated as the official libraries expect.
 */
final class ResponseObject {
  private final ReplyContext context;
  private @Nullable ObjectNode begun;

  ResponseObject(ReplyContext context) {
    this.context = context;
  }

  /** The response was begun by a vendor: what it said of it stays. */
  void goOnWith(ObjectNode response) {
    begun = response;
  }

  String id() {
    return "resp_" + context.exchangeId();
  }

  /** The response while its answer is being made. */
  ObjectNode begun(String model) {
    return write(model, "in_progress", Json.array());
  }

  /** The response when its answer is complete, or was cut short. */
  ObjectNode ended(String model, Stop stop, boolean refuses, ArrayNode output, Usage usage) {
    String incomplete = incomplete(stop, refuses);
    var response = write(model, incomplete.isEmpty() ? "completed" : "incomplete", output);
    if (incomplete.isEmpty()) {
      response.put("completed_at", context.createdEpochSeconds());
    } else {
      response.putObject("incomplete_details").put("reason", incomplete);
    }
    usage.serviceTier().ifPresent(tier -> response.put("service_tier", tier));
    if (usage.isSaid()) {
      response.set("usage", usage(usage.tokens()));
    }
    return response;
  }

  /** Why the answer is not whole, in this protocol's words; empty if it is. */
  private static String incomplete(Stop stop, boolean refuses) {
    return switch (stop.reason()) {
      case MAX_TOKENS, CONTEXT_WINDOW -> "max_output_tokens";
      case CONTENT_FILTER -> "content_filter";
      // A refusal that is told in words is a whole answer; one without words is a filter's.
      case REFUSAL -> refuses ? "" : "content_filter";
      case END, STOP_SEQUENCE, TOOL_CALLS, PAUSE, OTHER -> "";
    };
  }

  private ObjectNode write(String model, String status, ArrayNode output) {
    if (begun != null) {
      ObjectNode same = begun.deepCopy().put("status", status);
      same.set("output", output);
      return same;
    }
    ChatRequest request = context.request();
    var response =
        Json.object()
            .put("id", id())
            .put("object", "response")
            .put("created_at", context.createdEpochSeconds())
            .put("status", status)
            .put("background", false);
    response.putNull("completed_at");
    response.putNull("error");
    response.putNull("incomplete_details");
    response.put("instructions", RequestWriter.instructions(request.messages()).orElse(null));
    response.put("max_output_tokens", request.sampling().maxTokens().orElse(null));
    response.putNull("max_tool_calls");
    response.put("model", model.isEmpty() ? request.model() : model);
    response.set("output", output);
    response.put("parallel_tool_calls", request.parallelToolCalls().orElse(true));
    response.putNull("previous_response_id");
    response.put("prompt_cache_key", request.labels().cacheKey().orElse(null));
    response.set("reasoning", reasoning(request.thinking()));
    response.put("safety_identifier", request.labels().user().orElse(null));
    response.put("service_tier", request.labels().serviceTier().orElse("auto"));
    // Nothing is stored: the answer cannot be asked for again.
    response.put("store", false);
    response.put("temperature", request.sampling().temperature().orElse(null));
    response.set("text", text(request));
    response.set("tool_choice", toolChoice(request.toolChoice()));
    response.set("tools", tools(request));
    response.put("top_logprobs", request.sampling().topLogprobs().orElse(0L));
    response.put("top_p", request.sampling().topP().orElse(null));
    response.put("truncation", "disabled");
    response.putNull("usage");
    response.put("user", request.labels().user().orElse(null));
    ObjectNode metadata = response.putObject("metadata");
    request.labels().metadata().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> metadata.put(entry.getKey(), entry.getValue()));
    return response;
  }

  private static ObjectNode reasoning(Thinking thinking) {
    return Json.object()
        .put("effort", thinking.effort().orElse(null))
        .put("summary", thinking.summary().orElse(null));
  }

  private static ObjectNode text(ChatRequest request) {
    var text = Json.object();
    ReplyFormat format = request.format();
    text.set(
        "format", RequestWriter.format(format).orElseGet(() -> Json.object().put("type", "text")));
    text.put("verbosity", request.labels().verbosity().orElse("medium"));
    return text;
  }

  private static JsonNode toolChoice(ToolChoice choice) {
    var holder = Json.object();
    switch (choice) {
      case ToolChoice.Unsaid _, ToolChoice.Auto _ -> holder.put("choice", "auto");
      case ToolChoice.None _ -> holder.put("choice", "none");
      case ToolChoice.Required _ -> holder.put("choice", "required");
      case ToolChoice.Named(String tool) ->
          holder.putObject("choice").put("type", "function").put("name", tool);
      case ToolChoice.Among among -> holder.set("choice", RequestWriter.among(among));
    }
    return holder.get("choice");
  }

  private static ArrayNode tools(ChatRequest request) {
    var tools = Json.array();
    for (Tool tool : request.tools()) {
      switch (tool) {
        case Tool.Function function -> {
          ObjectNode written = RequestWriter.function(function);
          if (!written.has("strict")) {
            written.put("strict", true);
          }
          tools.add(written);
        }
        case Tool.Foreign(var origin, String json) -> {
          if (origin.equals(ProtocolName.OPENAI_RESPONSES)) {
            tools.add(Json.parseObject(json));
          }
        }
        case Tool.CachePoint _ -> {}
      }
    }
    return tools;
  }

  /** Totals as this protocol counts them: caches within the input, thoughts within the output. */
  private static ObjectNode usage(Tokens tokens) {
    var usage = Json.object();
    usage.put("input_tokens", tokens.input());
    usage
        .putObject("input_tokens_details")
        .put("cached_tokens", tokens.cacheRead())
        .put("cache_write_tokens", tokens.cacheWrite());
    usage.put("output_tokens", tokens.output());
    usage.putObject("output_tokens_details").put("reasoning_tokens", tokens.reasoning());
    usage.put("total_tokens", tokens.input() + tokens.output());
    return usage;
  }
}
