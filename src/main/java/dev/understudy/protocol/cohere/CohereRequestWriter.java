package dev.understudy.protocol.cohere;

import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Labels;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.ReplyFormat;
import dev.understudy.chat.Sampling;
import dev.understudy.chat.Thinking;
import dev.understudy.chat.Tool;
import dev.understudy.chat.ToolChoice;
import dev.understudy.json.Json;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes one request to {@code /v2/chat}. */
final class CohereRequestWriter {
  private static final int STOPS_MAX = 5;
  private static final BigDecimal P_MAX = new BigDecimal("0.99");
  private static final BigDecimal P_MIN = new BigDecimal("0.01");
  private static final String NONE = "Cohere has no such field";

  private final ChatRequest request;
  private final Dialect dialect;
  private final Losses losses;

  CohereRequestWriter(ChatRequest request, Dialect dialect, Losses losses) {
    this.request = request;
    this.dialect = dialect;
    this.losses = losses;
  }

  ObjectNode write() {
    ObjectNode body = Json.object();
    body.put("model", request.model());
    body.put("stream", request.stream());
    new CohereMessages(dialect, losses).write(request.messages(), body);
    tools(body);
    format(body);
    thinking(body);
    sampling(body);
    labels();
    return body;
  }

  private void tools(ObjectNode body) {
    ArrayNode tools = Json.array();
    boolean strict = false;
    boolean lax = false;
    for (int i = 0; i < request.tools().size(); i++) {
      switch (request.tools().get(i)) {
        case Tool.Function function -> {
          if (isAllowed(function.name())) {
            function(function, tools);
            strict |= function.strict().orElse(false);
            lax |= !function.strict().orElse(false);
          }
        }
        case Tool.CachePoint _ ->
            losses.add("tools[" + i + "]", "Cohere caches by itself and takes no marks");
        case Tool.Foreign(ProtocolName origin, String json) -> {
          if (origin.equals(ProtocolName.COHERE_CHAT)) {
            tools.add(Json.parse(json));
          } else {
            losses.add("tools[" + i + "]", "a tool that only " + origin + " knows");
          }
        }
      }
    }
    if (!tools.isEmpty()) {
      body.set("tools", tools);
      choice(body);
      if (strict && lax) {
        losses.add("tools.strict", "Cohere is strict about all tools or none");
      } else if (strict) {
        body.put("strict_tools", true);
      }
    }
    if (request.parallelToolCalls().isPresent() && !request.parallelToolCalls().get()) {
      losses.add("parallel_tool_calls", NONE);
    }
  }

  /** Cohere cannot demand one of several tools; it is then offered no others. */
  private boolean isAllowed(String name) {
    return switch (request.toolChoice()) {
      case ToolChoice.Named(String only) -> only.equals(name);
      case ToolChoice.Among(List<String> names, _) -> names.contains(name);
      case ToolChoice.Unsaid _, ToolChoice.Auto _, ToolChoice.None _, ToolChoice.Required _ -> true;
    };
  }

  private static void function(Tool.Function function, ArrayNode tools) {
    ObjectNode tool = tools.addObject();
    tool.put("type", "function");
    ObjectNode written = tool.putObject("function");
    written.put("name", function.name());
    function.description().ifPresent(text -> written.put("description", text));
    if (function.schemaJson().isPresent()) {
      written.set("parameters", Json.parse(function.schemaJson().get()));
    } else {
      ObjectNode parameters = written.putObject("parameters");
      parameters.put("type", "object");
      parameters.putObject("properties");
    }
  }

  private void choice(ObjectNode body) {
    switch (request.toolChoice()) {
      case ToolChoice.Unsaid _, ToolChoice.Auto _ -> {}
      case ToolChoice.None _ -> body.put("tool_choice", "NONE");
      case ToolChoice.Required _, ToolChoice.Named _ -> body.put("tool_choice", "REQUIRED");
      case ToolChoice.Among(_, boolean required) -> {
        if (required) {
          body.put("tool_choice", "REQUIRED");
        }
      }
    }
  }

  private void format(ObjectNode body) {
    switch (request.format()) {
      case ReplyFormat.Text _ -> {}
      case ReplyFormat.JsonObject _ -> body.putObject("response_format").put("type", "json_object");
      case ReplyFormat.JsonSchema schema -> {
        ObjectNode format = body.putObject("response_format");
        format.put("type", "json_object");
        format.set("json_schema", Json.parse(schema.schemaJson()));
        lost(schema.description(), "response_format.description", NONE);
        // The name is a label and strictness is the rule here; neither changes the answer.
      }
    }
  }

  private void thinking(ObjectNode body) {
    Thinking wish = request.thinking();
    if (wish.equals(Thinking.UNSAID)) {
      return;
    }
    boolean off = !wish.enabled().orElse(true) || wish.effort().map("none"::equals).orElse(false);
    ObjectNode thinking = body.putObject("thinking");
    thinking.put("type", off ? "disabled" : "enabled");
    if (!off) {
      wish.budgetTokens()
          .filter(budget -> budget > 0)
          .ifPresent(budget -> thinking.put("token_budget", budget));
      lost(wish.effort(), "reasoning.effort", "Cohere thinks or not, without degrees");
      lost(
          wish.summary().filter("omitted"::equals),
          "reasoning.summary",
          "Cohere shows its thoughts");
    }
  }

  private void sampling(ObjectNode body) {
    Sampling sampling = request.sampling();
    sampling.maxTokens().ifPresent(tokens -> body.put("max_tokens", tokens));
    sampling.temperature().ifPresent(t -> body.put("temperature", t));
    sampling.topP().ifPresent(p -> body.put("p", bounded(p, P_MIN, P_MAX, "top_p")));
    sampling.topK().ifPresent(k -> body.put("k", k));
    sampling
        .frequencyPenalty()
        .ifPresent(p -> body.put("frequency_penalty", penalty(p, "frequency_penalty")));
    sampling
        .presencePenalty()
        .ifPresent(p -> body.put("presence_penalty", penalty(p, "presence_penalty")));
    sampling.seed().ifPresent(seed -> body.put("seed", seed));
    sampling.logprobs().ifPresent(wanted -> body.put("logprobs", wanted));
    lost(sampling.topLogprobs().filter(count -> count > 0), "top_logprobs", NONE);
    if (!sampling.stop().isEmpty()) {
      if (sampling.stop().size() > STOPS_MAX) {
        losses.add("stop", "Cohere takes 5 stop texts, the rest are left out");
      }
      ArrayNode stops = body.putArray("stop_sequences");
      sampling.stop().stream().limit(STOPS_MAX).forEach(stops::add);
    }
  }

  private BigDecimal penalty(BigDecimal value, String path) {
    return bounded(value, BigDecimal.ZERO, BigDecimal.ONE, path);
  }

  private BigDecimal bounded(BigDecimal value, BigDecimal min, BigDecimal max, String path) {
    if (value.compareTo(min) < 0) {
      losses.add(path, "Cohere takes at least " + min + ", which is sent");
      return min;
    }
    if (value.compareTo(max) > 0) {
      losses.add(path, "Cohere takes at most " + max + ", which is sent");
      return max;
    }
    return value;
  }

  private void labels() {
    Labels labels = request.labels();
    lost(labels.user(), "user", NONE);
    if (!labels.metadata().isEmpty()) {
      losses.add("metadata", NONE);
    }
    lost(labels.serviceTier().filter(tier -> !tier.equals("auto")), "service_tier", NONE);
    lost(labels.cacheKey(), "prompt_cache_key", NONE);
    lost(labels.verbosity(), "verbosity", NONE);
    lost(labels.store().filter(Boolean::booleanValue), "store", "Cohere keeps no answers");
  }

  private void lost(Optional<?> value, String path, String reason) {
    if (value.isPresent()) {
      losses.add(path, reason);
    }
  }
}
