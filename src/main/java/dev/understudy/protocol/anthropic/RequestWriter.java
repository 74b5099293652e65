package dev.understudy.protocol.anthropic;

import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Labels;
import dev.understudy.chat.ReplyFormat;
import dev.understudy.chat.Sampling;
import dev.understudy.chat.Tool;
import dev.understudy.chat.ToolChoice;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.VendorBody;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a request for a vendor; what the API or the model does not take goes to the losses. */
final class RequestWriter {
  /** Uploaded files are still behind this flag. */
  private static final String FILES_BETA = "files-api-2025-04-14";

  private static final List<String> COUNTED =
      List.of("model", "system", "messages", "tools", "tool_choice", "thinking", "output_config");

  private final ChatRequest request;
  private final Losses losses;
  private final ClaudeModel model;
  private final CacheMarks marks;
  private final ConversationWriter conversation;
  private final ObjectNode body = Json.object();
  private final ObjectNode outputConfig = Json.object();

  private RequestWriter(ChatRequest request, Dialect dialect, Losses losses) {
    this.request = request;
    this.losses = losses;
    this.model = ClaudeModel.of(request.model());
    this.marks = new CacheMarks(losses);
    this.conversation = new ConversationWriter(dialect, model, marks, losses);
  }

  static VendorBody write(ChatRequest request, Dialect dialect, Losses losses) {
    var writer = new RequestWriter(request, dialect, losses);
    writer.write();
    return writer.vendorBody();
  }

  /** The same prompt with nothing of how it is to be answered. */
  static VendorBody writeCount(ChatRequest request, Dialect dialect, Losses losses) {
    var writer = new RequestWriter(request, dialect, losses);
    writer.write();
    writer.body.retain(COUNTED);
    return writer.vendorBody();
  }

  private VendorBody vendorBody() {
    Map<String, String> headers =
        conversation.usesFiles() ? Map.of("anthropic-beta", FILES_BETA) : Map.of();
    return new VendorBody(Json.bytes(body), headers);
  }

  private void write() {
    body.put("model", request.model());
    ArrayNode tools = tools();
    Optional<String> instruction = format();
    conversation.write(request.messages(), instruction, body);
    boolean mayThink = !OpenTurn.lacksThoughts(body.path("messages"));
    var thinking = ThinkingWriter.of(request, model, mayThink, outputConfig, losses);
    body.put("max_tokens", maxTokens(thinking));
    if (!tools.isEmpty()) {
      body.set("tools", tools);
    }
    toolChoice(!tools.isEmpty());
    thinking.thinking().ifPresent(value -> body.set("thinking", value));
    if (!outputConfig.isEmpty()) {
      body.set("output_config", outputConfig);
    }
    sampling(thinking);
    labels();
    if (request.stream()) {
      body.put("stream", true);
    }
    marks.keepLast();
  }

  /**
   * The bound on the answer: not above what the model gives, which the API refuses; and as thoughts
   * count, a bound that leaves no room behind them is raised by them.
   */
  private long maxTokens(ThinkingWriter thinking) {
    Optional<Long> said = request.sampling().maxTokens();
    long most = model.maxTokensMax().orElse(Long.MAX_VALUE);
    long wish = said.orElseGet(model::maxTokensDefault);
    long bound = Math.min(wish, most);
    if (thinking.budget() >= bound && thinking.budget() > 0) {
      bound = Math.min(most, thinking.budget() + wish);
      if (thinking.budget() >= bound) {
        losses.add("thinking.budget_tokens", "is lowered to what the model can give");
        long half = bound / 2;
        thinking.thinking().ifPresent(value -> value.put("budget_tokens", half));
      }
    }
    if (said.isPresent() && bound != wish) {
      losses.add(
          "max_tokens",
          bound < wish
              ? "is lowered from %d to the model's most, %d".formatted(wish, bound)
              : "is raised from %d to %d to hold the thoughts".formatted(wish, bound));
    }
    return bound;
  }

  private ArrayNode tools() {
    var blocks = new ArrayList<ObjectNode>();
    Optional<List<String>> among =
        request.toolChoice() instanceof ToolChoice.Among(List<String> names, _)
            ? Optional.of(names)
            : Optional.empty();
    for (int i = 0; i < request.tools().size(); i++) {
      String path = "tools[" + i + "]";
      switch (request.tools().get(i)) {
        case Tool.Function function -> {
          if (among.isEmpty() || among.get().contains(function.name())) {
            blocks.add(function(function, path));
          } else {
            losses.add(path, "is left out, because the choice is among others");
          }
        }
        case Tool.CachePoint(var ttl) -> marks.markLast(blocks, ttl, path);
        case Tool.Foreign(var origin, String json) -> {
          if (origin.equals(Seals.HOME)) {
            blocks.add(Json.parseObject(json));
          } else {
            losses.add(path, "a tool of " + origin + " is not known here");
          }
        }
      }
    }
    return Json.array().addAll(blocks);
  }

  private ObjectNode function(Tool.Function function, String path) {
    ObjectNode node = Json.object().put("name", function.name());
    function.description().ifPresent(text -> node.put("description", text));
    ObjectNode schema =
        function
            .schemaJson()
            .map(json -> schema(json, path + ".input_schema"))
            .orElseGet(Json::object);
    if (!schema.has("type")) {
      schema.put("type", "object");
    }
    boolean strict = function.strict().orElse(false);
    node.set(
        "input_schema",
        strict ? SchemaDialect.adapt(schema, path + ".input_schema", losses) : schema);
    function.strict().ifPresent(flag -> node.put("strict", flag));
    return node;
  }

  /** Schemas that are no objects, such as {@code true}, are allowed elsewhere. */
  private ObjectNode schema(String json, String path) {
    try {
      return Json.parseObject(json);
    } catch (Malformed e) {
      losses.add(path, "is no JSON object; any object is allowed instead");
      return Json.object().put("type", "object");
    }
  }

  private void toolChoice(boolean hasTools) {
    ToolChoice wish = request.toolChoice();
    if (!hasTools) {
      if (ThinkingWriter.isMadeToCall(wish)) {
        losses.add("tool_choice", "there are no tools");
      }
      return;
    }
    if (ThinkingWriter.isMadeToCall(wish) && !model.canBeMadeToCall()) {
      losses.add("tool_choice", "this model cannot be made to call a tool");
      wish = new ToolChoice.Auto();
    }
    boolean oneByOne = request.parallelToolCalls().equals(Optional.of(false));
    ObjectNode choice = Json.object();
    switch (wish) {
      case ToolChoice.Unsaid _ -> {
        if (!oneByOne) {
          return;
        }
        choice.put("type", "auto");
      }
      case ToolChoice.Auto _ -> choice.put("type", "auto");
      case ToolChoice.None _ -> choice.put("type", "none");
      case ToolChoice.Required _ -> choice.put("type", "any");
      case ToolChoice.Named(String tool) -> choice.put("type", "tool").put("name", tool);
      case ToolChoice.Among(_, boolean required) -> choice.put("type", required ? "any" : "auto");
    }
    if (!(wish instanceof ToolChoice.None)) {
      request
          .parallelToolCalls()
          .ifPresent(parallel -> choice.put("disable_parallel_tool_use", !parallel));
    }
    body.set("tool_choice", choice);
  }

  /**
   * Sets the form of the answer. Any JSON object cannot be enforced without a schema: the
   * instruction that comes back asks for it in words.
   */
  private Optional<String> format() {
    return switch (request.format()) {
      case ReplyFormat.Text _ -> Optional.empty();
      case ReplyFormat.JsonObject _ -> {
        losses.add("response_format", "a JSON object is asked for in words, not enforced");
        yield Optional.of("Answer with one JSON object and nothing else, without a code fence.");
      }
      case ReplyFormat.JsonSchema schema -> {
        ObjectNode adapted =
            SchemaDialect.adapt(schema(schema.schemaJson(), "schema"), "schema", losses);
        name(adapted, "title", schema.name(), "response_format.name");
        name(adapted, "description", schema.description(), "response_format.description");
        if (schema.strict().equals(Optional.of(false))) {
          losses.add("response_format.strict", "a schema is always enforced");
        }
        outputConfig.set("format", Json.object().put("type", "json_schema").set("schema", adapted));
        yield Optional.empty();
      }
    };
  }

  /** What the format has no field for has one in the schema, unless that is taken. */
  private void name(ObjectNode schema, String member, Optional<String> text, String path) {
    if (text.isEmpty() || schema.path(member).asString("").equals(text.get())) {
      return;
    }
    if (schema.has(member)) {
      losses.add(path, "the schema has another " + member);
    } else {
      schema.put(member, text.get());
    }
  }

  private void sampling(ThinkingWriter thinking) {
    Sampling wish = request.sampling();
    Optional<BigDecimal> temperature =
        wish.temperature().map(this::bounded).filter(t -> isTaken("temperature", t, thinking));
    temperature.ifPresent(t -> body.put("temperature", t));
    wish.topP()
        .filter(p -> isTaken("top_p", p, thinking))
        .filter(p -> isTakenBeside(temperature.isPresent()))
        .ifPresent(p -> body.put("top_p", p));
    if (wish.topK().isPresent()) {
      if (!model.takesSampling() || thinking.isOn()) {
        losses.add("top_k", "is not taken by this model, or not while it thinks");
      } else {
        body.put("top_k", wish.topK().get());
      }
    }
    stopSequences(wish);
    lost("frequency_penalty", wish.frequencyPenalty());
    lost("presence_penalty", wish.presencePenalty());
    lost("seed", wish.seed());
    lost("logprobs", wish.logprobs().filter(wanted -> wanted));
    lost("top_logprobs", wish.topLogprobs());
  }

  private void stopSequences(Sampling wish) {
    List<String> stops = wish.stop().stream().filter(stop -> !stop.isBlank()).toList();
    if (stops.size() < wish.stop().size()) {
      losses.add("stop_sequences", "blank ones are refused");
    }
    if (!stops.isEmpty()) {
      ArrayNode array = body.putArray("stop_sequences");
      stops.forEach(array::add);
    }
  }

  private BigDecimal bounded(BigDecimal temperature) {
    if (temperature.compareTo(BigDecimal.ONE) <= 0) {
      return temperature;
    }
    losses.add("temperature", "is lowered to the most, 1");
    return BigDecimal.ONE;
  }

  /** 1 is what the model does anyway: not saying it is no loss. */
  private boolean isTaken(String name, BigDecimal value, ThinkingWriter thinking) {
    boolean isDefault = value.compareTo(BigDecimal.ONE) == 0;
    if (!model.takesSampling()) {
      if (!isDefault) {
        losses.add(name, "is not taken by this model");
      }
      return false;
    }
    boolean taken =
        isDefault
            || !thinking.isOn()
            || (name.equals("top_p") && value.compareTo(new BigDecimal("0.95")) >= 0);
    if (!taken) {
      losses.add(name, "is not taken while the model thinks");
    }
    return taken;
  }

  private boolean isTakenBeside(boolean temperatureIsSet) {
    boolean taken = !temperatureIsSet || model.takesTemperatureWithTopP();
    if (!taken) {
      losses.add("top_p", "is not taken together with temperature");
    }
    return taken;
  }

  private void labels() {
    Labels labels = request.labels();
    labels.user().ifPresent(user -> body.putObject("metadata").put("user_id", user));
    for (String key : labels.metadata().keySet().stream().sorted().toList()) {
      losses.add("metadata." + key, "only the user's id is taken");
    }
    labels
        .serviceTier()
        .ifPresent(tier -> {
          switch (tier) {
            case "auto", "standard_only" -> body.put("service_tier", tier);
            case "default", "standard" -> body.put("service_tier", "standard_only");
            default -> losses.add("service_tier", "only auto and standard_only are known");
          }
        });
    lost("prompt_cache_key", labels.cacheKey());
    lost("verbosity", labels.verbosity());
    lost("store", labels.store().filter(wanted -> wanted));
  }

  private void lost(String name, Optional<?> wish) {
    wish.ifPresent(_ -> losses.add(name, "has no counterpart in this protocol"));
  }
}
