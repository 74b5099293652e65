package dev.understudy.protocol.openairesponses;

import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Labels;
import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.ReplyFormat;
import dev.understudy.chat.Role;
import dev.understudy.chat.Sampling;
import dev.understudy.chat.Thinking;
import dev.understudy.chat.Tool;
import dev.understudy.chat.ToolChoice;
import dev.understudy.json.Json;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a request that stands on its own: nothing in it leans on what a vendor stored. */
final class RequestWriter {
  /** The API takes no smaller {@code max_output_tokens}. */
  static final long OUTPUT_TOKENS_MIN = 16;

  /** Most tokens of thought that {@code effort: low} stands for. */
  static final long LOW_BUDGET_MAX = 1_024;

  /** Most tokens of thought that {@code effort: medium} stands for; above it is {@code high}. */
  static final long MEDIUM_BUDGET_MAX = 8_192;

  private static final Set<String> TIERS =
      Set.of("auto", "default", "flex", "scale", "priority", "fast", "ultrafast");
  private static final Set<String> SUMMARIES = Set.of("auto", "concise", "detailed");

  private final ChatRequest request;
  private final Losses losses;
  private final InputWriter input;
  private final ObjectNode body = Json.object();

  private RequestWriter(ChatRequest request, Dialect dialect, Losses losses) {
    this.request = request;
    this.losses = losses;
    this.input = new InputWriter(dialect.vendor(), ModelName.marksCache(request.model()), losses);
  }

  static ObjectNode write(ChatRequest request, Dialect dialect, Losses losses) {
    var writer = new RequestWriter(request, dialect, losses);
    writer.conversation();
    writer.tools(request.tools());
    writer.toolChoice(request.toolChoice());
    request.parallelToolCalls().ifPresent(flag -> writer.body.put("parallel_tool_calls", flag));
    writer.text(request.format(), request.labels().verbosity());
    writer.thinking(request.thinking());
    writer.sampling(request.sampling());
    writer.labels(request.labels());
    writer.include();
    if (request.stream()) {
      writer.body.put("stream", true);
    }
    return writer.body;
  }

  private void conversation() {
    body.put("model", request.model());
    List<Message> messages = request.messages();
    int first = 0;
    Optional<String> instructions = instructions(messages);
    if (instructions.isPresent()) {
      body.put("instructions", instructions.get());
      first = 1;
    }
    for (int i = first; i < messages.size(); i++) {
      input.message(messages.get(i), "messages[" + i + "]");
    }
    body.set("input", input.items());
  }

  /** A conversation's opening words of system, if they are one plain text and more follows. */
  static Optional<String> instructions(List<Message> messages) {
    if (messages.size() > 1
        && messages.getFirst().role() == Role.SYSTEM
        && messages.getFirst().name().isEmpty()
        && messages.getFirst().parts().size() == 1
        && messages.getFirst().parts().getFirst() instanceof Part.Text text) {
      return Optional.of(text.text());
    }
    return Optional.empty();
  }

  private void tools(List<Tool> tools) {
    ArrayNode written = Json.array();
    for (int i = 0; i < tools.size(); i++) {
      switch (tools.get(i)) {
        case Tool.Function function -> written.add(function(function));
        case Tool.CachePoint _ -> losses.add("tools[" + i + "]", "tools are cached without a mark");
        case Tool.Foreign(var origin, String json) -> {
          if (origin.equals(ProtocolName.OPENAI_RESPONSES)) {
            written.add(Json.parseObject(json));
          } else {
            losses.add("tools[" + i + "]", "a tool that only " + origin + " knows");
          }
        }
      }
    }
    if (!written.isEmpty()) {
      body.set("tools", written);
    }
  }

  /** This API is strict where nothing is said, and refuses schemas that strict mode cannot hold. */
  static ObjectNode function(Tool.Function function) {
    var written = Json.object().put("type", "function").put("name", function.name());
    function.description().ifPresent(text -> written.put("description", text));
    if (function.schemaJson().isPresent()) {
      written.set("parameters", Json.parse(function.schemaJson().get()));
    } else {
      written.putObject("parameters").put("type", "object").putObject("properties");
    }
    if (function.strict().isPresent()) {
      written.put("strict", function.strict().get());
    } else if (!function.schemaJson().map(StrictSchema::accepts).orElse(false)) {
      written.put("strict", false);
    }
    return written;
  }

  private void toolChoice(ToolChoice choice) {
    switch (choice) {
      case ToolChoice.Unsaid _ -> {}
      case ToolChoice.Auto _ -> body.put("tool_choice", "auto");
      case ToolChoice.None _ -> body.put("tool_choice", "none");
      case ToolChoice.Required _ -> body.put("tool_choice", "required");
      case ToolChoice.Named(String tool) ->
          body.putObject("tool_choice").put("type", "function").put("name", tool);
      case ToolChoice.Among among -> body.set("tool_choice", among(among));
    }
  }

  static ObjectNode among(ToolChoice.Among among) {
    var written =
        Json.object()
            .put("type", "allowed_tools")
            .put("mode", among.required() ? "required" : "auto");
    ArrayNode allowed = written.putArray("tools");
    among.tools().forEach(tool -> allowed.addObject().put("type", "function").put("name", tool));
    return written;
  }

  private void text(ReplyFormat format, Optional<String> verbosity) {
    var text = Json.object();
    format(format).ifPresent(written -> text.set("format", written));
    verbosity.ifPresent(word -> text.put("verbosity", word));
    if (!text.isEmpty()) {
      body.set("text", text);
    }
  }

  /** The format as the API spells it; empty for plain text, which goes without saying. */
  static Optional<ObjectNode> format(ReplyFormat format) {
    return switch (format) {
      case ReplyFormat.Text _ -> Optional.empty();
      case ReplyFormat.JsonObject _ -> Optional.of(Json.object().put("type", "json_object"));
      case ReplyFormat.JsonSchema schema -> {
        var written =
            Json.object()
                .put("type", "json_schema")
                // The API wants a name; the model is shown it.
                .put("name", schema.name().orElse("answer"));
        schema.description().ifPresent(words -> written.put("description", words));
        written.set("schema", Json.parse(schema.schemaJson()));
        schema.strict().ifPresent(flag -> written.put("strict", flag));
        yield Optional.of(written);
      }
    };
  }

  private void thinking(Thinking thinking) {
    var reasoning = Json.object();
    effort(thinking).ifPresent(word -> reasoning.put("effort", word));
    summary(thinking).ifPresent(word -> reasoning.put("summary", word));
    if (!reasoning.isEmpty()) {
      body.set("reasoning", reasoning);
    }
  }

  private Optional<String> effort(Thinking thinking) {
    if (thinking.effort().isPresent()) {
      thinking
          .budgetTokens()
          .ifPresent(_ -> losses.add("thinking.budgetTokens", "the effort says how much to think"));
      return thinking.effort();
    }
    if (thinking.enabled().isPresent() && !thinking.enabled().get()) {
      // Not every model takes "none", and those that do rarely think unasked.
      losses.add("thinking.enabled", "a model that always thinks cannot be told not to");
      return Optional.empty();
    }
    long budget = thinking.budgetTokens().orElse(-1L);
    if (budget < 0) {
      return Optional.empty();
    }
    String effort =
        budget <= LOW_BUDGET_MAX ? "low" : budget <= MEDIUM_BUDGET_MAX ? "medium" : "high";
    losses.add("thinking.budgetTokens", "told as effort " + effort);
    return Optional.of(effort);
  }

  private static Optional<String> summary(Thinking thinking) {
    if (thinking.summary().isPresent()) {
      String wish = thinking.summary().get();
      return switch (wish) {
        case "omitted", "none" -> Optional.empty();
        default -> Optional.of(SUMMARIES.contains(wish) ? wish : "auto");
      };
    }
    // Who switches thinking on in another protocol is shown the thoughts there.
    return thinking.enabled().orElse(false) ? Optional.of("auto") : Optional.empty();
  }

  private void sampling(Sampling sampling) {
    sampling
        .maxTokens()
        .ifPresent(most -> {
          if (most < OUTPUT_TOKENS_MIN) {
            losses.add("sampling.maxTokens", "raised to " + OUTPUT_TOKENS_MIN);
          }
          body.put("max_output_tokens", Math.max(most, OUTPUT_TOKENS_MIN));
        });
    sampling.temperature().ifPresent(value -> body.put("temperature", value));
    sampling.topP().ifPresent(value -> body.put("top_p", value));
    sampling.topLogprobs().ifPresent(count -> body.put("top_logprobs", count));
    lost("topK", sampling.topK());
    lost("frequencyPenalty", sampling.frequencyPenalty());
    lost("presencePenalty", sampling.presencePenalty());
    lost("seed", sampling.seed());
    if (!sampling.stop().isEmpty()) {
      losses.add("sampling.stop", "this protocol has no stop sequences");
    }
  }

  private void lost(String name, Optional<?> wish) {
    if (wish.isPresent()) {
      losses.add("sampling." + name, "this protocol has no such setting");
    }
  }

  private void labels(Labels labels) {
    labels.user().ifPresent(user -> body.put("user", user));
    if (!labels.metadata().isEmpty()) {
      ObjectNode metadata = body.putObject("metadata");
      labels.metadata().entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(entry -> metadata.put(entry.getKey(), entry.getValue()));
    }
    labels
        .serviceTier()
        .ifPresent(tier -> {
          if (TIERS.contains(tier)) {
            body.put("service_tier", tier);
          } else {
            losses.add("labels.serviceTier", "a tier of another protocol");
          }
        });
    labels.cacheKey().ifPresent(key -> body.put("prompt_cache_key", key));
    body.put("store", labels.store().orElse(false));
  }

  /** Asks for sealed thoughts where there may be some: models that do not think refuse the wish. */
  private void include() {
    ArrayNode include = Json.array();
    if (input.isSealed() || body.has("reasoning") || ModelName.reasons(request.model())) {
      include.add("reasoning.encrypted_content");
    }
    if (request.sampling().logprobs().orElse(false)) {
      include.add("message.output_text.logprobs");
    }
    if (!include.isEmpty()) {
      body.set("include", include);
    }
  }
}
