package dev.understudy.protocol.openaichat;

import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.ReplyFormat;
import dev.understudy.chat.Sampling;
import dev.understudy.chat.Tool;
import dev.understudy.chat.ToolChoice;
import dev.understudy.json.Json;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.Quirk;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a request for a vendor. */
final class RequestWriter {
  /** OpenAI takes no more stop texts than this. */
  static final int STOP_MAX = 4;

  /** OpenAI names no more alternatives for a token than this. */
  static final long TOP_LOGPROBS_MAX = 20;

  private static final Set<String> TIERS =
      Set.of("auto", "default", "flex", "priority", "scale", "on_demand");

  private final ChatRequest request;
  private final Dialect dialect;
  private final Losses losses;
  private final ObjectNode body = Json.object();

  RequestWriter(ChatRequest request, Dialect dialect, Losses losses) {
    this.request = request;
    this.dialect = dialect;
    this.losses = losses;
  }

  ObjectNode write() {
    body.put("model", request.model());
    ArrayNode messages = new MessageWriter(dialect, losses).write(request.messages());
    body.set("messages", messages);
    goOn(messages);
    tools();
    format(messages);
    new ThinkingWriter(request.thinking(), dialect, losses).write(body);
    sampling(request.sampling());
    labels();
    if (request.stream()) {
      body.put("stream", true);
      if (!dialect.has(Quirk.NO_STREAM_OPTIONS)) {
        // Asked for whether or not the caller wants it: somebody pays for the answer.
        body.putObject("stream_options").put("include_usage", true);
      }
    }
    return body;
  }

  /** A conversation that ends with the assistant's words asks to go on with them. */
  private void goOn(ArrayNode messages) {
    if (messages.isEmpty()
        || !(messages.get(messages.size() - 1) instanceof ObjectNode last)
        || !last.path("role").asString("").equals("assistant")
        || last.has("tool_calls")) {
      return;
    }
    if (dialect.has(Quirk.PREFIX)) {
      last.put("prefix", true);
    }
    if (dialect.has(Quirk.CONTINUE_FINAL_MESSAGE)) {
      body.put("continue_final_message", true).put("add_generation_prompt", false);
    }
  }

  private void tools() {
    Set<String> offered = offered();
    ArrayNode tools = Json.array();
    for (int i = 0; i < request.tools().size(); i++) {
      tool(request.tools().get(i), "tools[" + i + "]", offered, tools);
    }
    if (tools.isEmpty()) {
      switch (request.toolChoice()) {
        case ToolChoice.Required _, ToolChoice.Named _, ToolChoice.Among _ ->
            losses.add("tool_choice", "there is no tool to choose");
        case ToolChoice.Unsaid _, ToolChoice.Auto _, ToolChoice.None _ -> {}
      }
      return;
    }
    body.set("tools", tools);
    choice();
    if (request.parallelToolCalls().isPresent()) {
      if (dialect.has(Quirk.NO_PARALLEL_TOOL_CALLS)) {
        losses.add("parallel_tool_calls", "this vendor has no such choice");
      } else {
        body.put("parallel_tool_calls", request.parallelToolCalls().get());
      }
    }
  }

  /** Which functions to offer, where the vendor cannot be told to use only some of them. */
  private Set<String> offered() {
    Set<String> names = new HashSet<>();
    boolean some =
        request.toolChoice() instanceof ToolChoice.Among && !dialect.has(Quirk.ALLOWED_TOOLS);
    for (Tool tool : request.tools()) {
      if (tool instanceof Tool.Function function) {
        names.add(function.name());
      }
    }
    if (some && request.toolChoice() instanceof ToolChoice.Among(List<String> allowed, _)) {
      names.retainAll(allowed);
    }
    return names;
  }

  private void tool(Tool tool, String path, Set<String> offered, ArrayNode tools) {
    switch (tool) {
      case Tool.Function function -> {
        if (offered.contains(function.name())) {
          ObjectNode written = tools.addObject();
          written.put("type", "function");
          function(function, path, written.putObject("function"));
        }
      }
      case Tool.CachePoint(var ttl) -> {
        if (dialect.has(Quirk.CACHE_CONTROL) && !tools.isEmpty()) {
          MessageWriter.cacheControl((ObjectNode) tools.get(tools.size() - 1), ttl);
        } else if (ttl.isPresent()) {
          losses.add(path, "this vendor decides itself how long it caches");
        }
      }
      case Tool.Foreign(var origin, var json) -> {
        if (origin.equals(ProtocolName.OPENAI_CHAT)) {
          tools.add(Json.parse(json));
        } else {
          losses.add(path, "a tool that only " + origin + " has");
        }
      }
    }
  }

  private void function(Tool.Function function, String path, ObjectNode written) {
    written.put("name", function.name());
    function.description().ifPresent(text -> written.put("description", text));
    function.schemaJson().ifPresent(schema -> written.set("parameters", Json.parse(schema)));
    function
        .strict()
        .ifPresent(strict ->
            written.put("strict", strict(strict, function.schemaJson().orElse("{}"), path)));
  }

  private boolean strict(boolean wanted, String schemaJson, String path) {
    if (wanted && !StrictSchema.takes(schemaJson)) {
      losses.add(path + ".strict", "strict mode does not take this schema");
      return false;
    }
    return wanted;
  }

  private void choice() {
    switch (request.toolChoice()) {
      case ToolChoice.Unsaid _ -> {}
      case ToolChoice.Auto _ -> body.put("tool_choice", "auto");
      case ToolChoice.None _ -> body.put("tool_choice", "none");
      case ToolChoice.Required _ -> body.put("tool_choice", required());
      case ToolChoice.Named(String tool) -> {
        ObjectNode choice = body.putObject("tool_choice");
        choice.put("type", "function");
        choice.putObject("function").put("name", tool);
      }
      case ToolChoice.Among(List<String> tools, boolean required) -> {
        if (dialect.has(Quirk.ALLOWED_TOOLS)) {
          ObjectNode choice = body.putObject("tool_choice");
          choice.put("type", "allowed_tools");
          ObjectNode allowed = choice.putObject("allowed_tools");
          allowed.put("mode", required ? "required" : "auto");
          ArrayNode list = allowed.putArray("tools");
          for (String tool : tools) {
            ObjectNode one = list.addObject();
            one.put("type", "function");
            one.putObject("function").put("name", tool);
          }
        } else {
          body.put("tool_choice", required ? required() : "auto");
        }
      }
    }
  }

  private String required() {
    return dialect.has(Quirk.MISTRAL_NAMES) ? "any" : "required";
  }

  private void format(ArrayNode messages) {
    switch (request.format()) {
      case ReplyFormat.Text _ -> {}
      case ReplyFormat.JsonObject _ -> {
        body.putObject("response_format").put("type", "json_object");
        if (!speaksOfJson()) {
          // OpenAI refuses this format unless a message mentions JSON.
          instruct(messages, "Answer with a JSON object.");
        }
      }
      case ReplyFormat.JsonSchema schema -> {
        ObjectNode format = body.putObject("response_format");
        if (dialect.has(Quirk.NO_JSON_SCHEMA)) {
          losses.add("response_format.json_schema", "told to the model in words");
          format.put("type", "json_object");
          instruct(
              messages,
              "Answer with a JSON object that follows this JSON Schema:\n" + schema.schemaJson());
          return;
        }
        format.put("type", "json_schema");
        ObjectNode written = format.putObject("json_schema");
        written.put("name", schemaName(schema.name()));
        schema.description().ifPresent(text -> written.put("description", text));
        written.set("schema", Json.parse(schema.schemaJson()));
        schema
            .strict()
            .ifPresent(strict ->
                written.put("strict", strict(strict, schema.schemaJson(), "response_format")));
      }
    }
  }

  private static String schemaName(Optional<String> name) {
    String fit = name.orElse("").replaceAll("[^a-zA-Z0-9_-]", "_");
    return fit.isEmpty() ? "answer" : fit.substring(0, Math.min(fit.length(), 64));
  }

  private boolean speaksOfJson() {
    for (Message message : request.messages()) {
      for (Part part : message.parts()) {
        if (part instanceof Part.Text text
            && text.text().toLowerCase(Locale.ROOT).contains("json")) {
          return true;
        }
      }
    }
    return false;
  }

  private static void instruct(ArrayNode messages, String text) {
    ObjectNode message = Json.object();
    message.put("role", "system");
    message.put("content", text);
    int at = 0;
    while (at < messages.size()
        && Set.of("system", "developer").contains(messages.get(at).path("role").asString(""))) {
      at++;
    }
    messages.insert(at, message);
  }

  private void sampling(Sampling sampling) {
    sampling
        .maxTokens()
        .ifPresent(max ->
            body.put(dialect.has(Quirk.MAX_TOKENS) ? "max_tokens" : "max_completion_tokens", max));
    number("temperature", sampling.temperature());
    number("top_p", sampling.topP());
    if (sampling.topK().isPresent()) {
      if (dialect.has(Quirk.TOP_K)) {
        body.put("top_k", sampling.topK().get());
      } else {
        losses.add("top_k", "this vendor does not know it");
      }
    }
    number("frequency_penalty", sampling.frequencyPenalty());
    number("presence_penalty", sampling.presencePenalty());
    sampling
        .seed()
        .ifPresent(
            seed -> body.put(dialect.has(Quirk.MISTRAL_NAMES) ? "random_seed" : "seed", seed));
    if (!sampling.stop().isEmpty()) {
      ArrayNode stop = body.putArray("stop");
      sampling.stop().stream().limit(STOP_MAX).forEach(stop::add);
      if (sampling.stop().size() > STOP_MAX) {
        losses.add("stop", "only " + STOP_MAX + " texts are taken");
      }
    }
    if (sampling.logprobs().orElse(sampling.topLogprobs().isPresent())) {
      body.put("logprobs", true);
      sampling
          .topLogprobs()
          .ifPresent(top -> {
            body.put("top_logprobs", Math.min(top, TOP_LOGPROBS_MAX));
            if (top > TOP_LOGPROBS_MAX) {
              losses.add("top_logprobs", "at most " + TOP_LOGPROBS_MAX + " are named");
            }
          });
    }
  }

  private void number(String name, Optional<BigDecimal> value) {
    value.ifPresent(number -> body.put(name, number));
  }

  private void labels() {
    var labels = request.labels();
    extra("user", labels.user());
    extra("prompt_cache_key", labels.cacheKey());
    extra("verbosity", labels.verbosity());
    if (labels.serviceTier().filter(tier -> !TIERS.contains(tier)).isPresent()) {
      losses.add("service_tier", "this protocol has no such class of service");
    } else {
      extra("service_tier", labels.serviceTier());
    }
    boolean extras = !dialect.has(Quirk.NO_OPENAI_EXTRAS);
    labels
        .store()
        .ifPresent(store -> {
          if (extras) {
            body.put("store", store);
          } else if (store) {
            losses.add("store", "this vendor stores no answers");
          }
        });
    if (!labels.metadata().isEmpty()) {
      // OpenAI refuses notes on answers that it does not keep.
      if (extras && labels.store().orElse(false)) {
        ObjectNode metadata = body.putObject("metadata");
        labels.metadata().forEach(metadata::put);
      } else {
        losses.add("metadata", "taken only with answers that the vendor stores");
      }
    }
  }

  private void extra(String name, Optional<String> value) {
    if (value.isPresent()) {
      if (dialect.has(Quirk.NO_OPENAI_EXTRAS)) {
        losses.add(name, "this vendor does not know it");
      } else {
        body.put(name, value.get());
      }
    }
  }
}
