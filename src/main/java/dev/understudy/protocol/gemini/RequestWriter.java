package dev.understudy.protocol.gemini;

import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Labels;
import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.ReplyFormat;
import dev.understudy.chat.Role;
import dev.understudy.chat.Sampling;
import dev.understudy.chat.Tool;
import dev.understudy.chat.ToolChoice;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.Quirk;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the body of generateContent for a vendor.
 *
 * <p>Schemas go as standard JSON Schema to models from 2.5 on ({@code parametersJsonSchema}, {@code
 * responseJsonSchema}), and in Google's own dialect to all others, with what that leaves out among
 * the losses. Marks for prompt caching are not written and are no loss, because these models cache
 * common beginnings by themselves; how long they keep them cannot be wished for, so a mark with a
 * duration is a loss.
 */
final class RequestWriter {
  /** Vertex AI's header for the class of service. */
  private static final String VERTEX_TIER = "x-vertex-ai-llm-shared-request-type";

  /** The API takes no more texts that end an answer. */
  static final int STOP_SEQUENCES_MAX = 5;

  private final ChatRequest request;
  private final Dialect dialect;
  private final Losses losses;
  private final ModelName model;
  private final Map<String, String> headers = new HashMap<>();

  RequestWriter(ChatRequest request, Dialect dialect, Losses losses) {
    this.request = request;
    this.dialect = dialect;
    this.losses = losses;
    this.model = ModelName.of(request.model());
  }

  ObjectNode write() {
    var body = Json.object();
    ArrayNode instructions = instructions();
    ArrayNode contents = new ContentsWriter(model, dialect, losses).write(request.messages());
    if (contents.isEmpty() && !instructions.isEmpty()) {
      // A request must hold a turn; instructions alone are what is asked.
      contents.addObject().put("role", "user").set("parts", instructions);
    } else if (!instructions.isEmpty()) {
      body.putObject("systemInstruction").set("parts", instructions);
    }
    body.set("contents", contents);
    tools(body);
    choice(body);
    ObjectNode config = Json.object();
    sampling(config);
    format(config);
    ObjectNode thinking = ThinkingWishes.write(request.thinking(), model, losses);
    if (!thinking.isEmpty()) {
      config.set("thinkingConfig", thinking);
    }
    if (!config.isEmpty()) {
      body.set("generationConfig", config);
    }
    labels(body);
    return body;
  }

  Map<String, String> headers() {
    return headers;
  }

  /** There is one place for instructions, before everything else. */
  private ArrayNode instructions() {
    var parts = Json.array();
    boolean begun = false;
    int at = 0;
    for (Message message : request.messages()) {
      if (message.role() != Role.SYSTEM && message.role() != Role.DEVELOPER) {
        begun = true;
      } else {
        if (begun) {
          losses.add("messages[" + at + "]", "instructions move to the beginning");
        }
        instruction(message, "messages[" + at + "]", parts);
      }
      at++;
    }
    return parts;
  }

  private void instruction(Message message, String path, ArrayNode parts) {
    int at = 0;
    for (Part part : message.parts()) {
      switch (part) {
        case Part.Text text -> {
          if (!text.text().isEmpty()) {
            parts.addObject().put("text", text.text());
          }
        }
        case Part.CachePoint point -> ContentsWriter.cachePoint(point.ttl(), path, losses);
        case Part.Image _,
            Part.Audio _,
            Part.Video _,
            Part.Document _,
            Part.ToolCall _,
            Part.ToolResult _,
            Part.Reasoning _,
            Part.Refusal _,
            Part.Foreign _ ->
            losses.add(path + ".parts[" + at + "]", "instructions are text only");
      }
      at++;
    }
  }

  private void tools(ObjectNode body) {
    var functions = Json.array();
    var tools = Json.array();
    int at = 0;
    for (Tool tool : request.tools()) {
      String path = "tools[" + at + "]";
      switch (tool) {
        case Tool.Function function -> functions.add(function(function, path));
        case Tool.CachePoint(Optional<String> ttl) -> ContentsWriter.cachePoint(ttl, path, losses);
        case Tool.Foreign(ProtocolName origin, String json) -> {
          if (origin.equals(ProtocolName.GEMINI)) {
            tools.add(Json.parse(json));
          } else {
            losses.add(path, "a tool that only " + origin + " knows");
          }
        }
      }
      at++;
    }
    if (!functions.isEmpty()) {
      tools.insertObject(0).set("functionDeclarations", functions);
    }
    if (!tools.isEmpty()) {
      body.set("tools", tools);
    }
  }

  private ObjectNode function(Tool.Function function, String path) {
    var out = Json.object().put("name", function.name());
    function.description().ifPresent(text -> out.put("description", text));
    function
        .schemaJson()
        .ifPresent(json -> {
          JsonNode schema = schema(json, path + ".parameters");
          if (model.takesJsonSchema()) {
            out.set("parametersJsonSchema", schema);
          } else if (!schema.path("properties").isEmpty() || schema.has("anyOf")) {
            // Older models refuse an object without properties; a function without parameters
            // says nothing of them.
            out.set("parameters", schema);
          }
        });
    if (function.strict().orElse(false)) {
      losses.add(path + ".strict", "cannot be asked of one function");
    }
    return out;
  }

  /** By the model's generation: JSON Schema as such, or Google's dialect. */
  private JsonNode schema(String json, String path) {
    JsonNode schema;
    try {
      schema = Json.parse(json);
    } catch (Malformed e) {
      losses.add(path, "the schema is not JSON");
      return Json.object();
    }
    return model.takesJsonSchema()
        ? SchemaFit.write(schema, path, losses)
        : SchemaSubset.write(schema, path, losses);
  }

  private void choice(ObjectNode body) {
    if (request.parallelToolCalls().equals(Optional.of(false)) && !request.tools().isEmpty()) {
      losses.add("parallelToolCalls", "calls side by side cannot be forbidden");
    }
    ObjectNode config = Json.object();
    switch (request.toolChoice()) {
      case ToolChoice.Unsaid _ -> {}
      case ToolChoice.Auto _ -> config.put("mode", "AUTO");
      case ToolChoice.None _ -> config.put("mode", "NONE");
      case ToolChoice.Required _ -> config.put("mode", "ANY");
      case ToolChoice.Named(String tool) ->
          config.put("mode", "ANY").putArray("allowedFunctionNames").add(tool);
      case ToolChoice.Among(List<String> names, boolean required) -> {
        // Names are heard in the modes ANY and VALIDATED only; the latter leaves the model free.
        config.put("mode", required ? "ANY" : "VALIDATED");
        ArrayNode allowed = config.putArray("allowedFunctionNames");
        names.forEach(allowed::add);
      }
    }
    boolean hasFunctions = request.tools().stream().anyMatch(tool -> tool instanceof Tool.Function);
    if (!config.isEmpty() && hasFunctions) {
      body.putObject("toolConfig").set("functionCallingConfig", config);
    }
  }

  private void sampling(ObjectNode config) {
    Sampling wish = request.sampling();
    wish.maxTokens().ifPresent(value -> config.put("maxOutputTokens", value));
    wish.temperature().ifPresent(value -> config.put("temperature", value));
    wish.topP().ifPresent(value -> config.put("topP", value));
    wish.topK().ifPresent(value -> config.put("topK", value));
    wish.frequencyPenalty().ifPresent(value -> config.put("frequencyPenalty", value));
    wish.presencePenalty().ifPresent(value -> config.put("presencePenalty", value));
    wish.seed()
        .ifPresent(value -> {
          if (value == value.intValue()) {
            config.put("seed", value);
          } else {
            losses.add("sampling.seed", "must fit 32 bits");
          }
        });
    if (!wish.stop().isEmpty()) {
      ArrayNode stop = config.putArray("stopSequences");
      wish.stop().stream().limit(STOP_SEQUENCES_MAX).forEach(stop::add);
      if (wish.stop().size() > STOP_SEQUENCES_MAX) {
        losses.add("sampling.stop", "only the first " + STOP_SEQUENCES_MAX + " are kept");
      }
    }
    wish.logprobs().ifPresent(value -> config.put("responseLogprobs", value));
    wish.topLogprobs().ifPresent(value -> config.put("logprobs", value));
  }

  private void format(ObjectNode config) {
    switch (request.format()) {
      case ReplyFormat.Text _ -> {}
      case ReplyFormat.JsonObject _ -> config.put("responseMimeType", "application/json");
      case ReplyFormat.JsonSchema asked -> {
        config.put("responseMimeType", "application/json");
        JsonNode schema = schema(asked.schemaJson(), "format.schema");
        if (schema instanceof ObjectNode object) {
          asked.name().filter(_ -> !object.has("title")).ifPresent(n -> object.put("title", n));
          asked
              .description()
              .filter(_ -> !object.has("description"))
              .ifPresent(text -> object.put("description", text));
          if (!model.takesJsonSchema()) {
            order(object);
          }
        }
        config.set(model.takesJsonSchema() ? "responseJsonSchema" : "responseSchema", schema);
      }
    }
  }

  /** Older models write properties by the alphabet unless the order is said. */
  private static void order(JsonNode schema) {
    if (schema instanceof ObjectNode object && object.get("properties") instanceof ObjectNode all) {
      if (!object.has("propertyOrdering") && all.size() > 1) {
        ArrayNode names = object.putArray("propertyOrdering");
        all.propertyNames().forEach(names::add);
      }
      all.forEach(RequestWriter::order);
    }
    schema.path("anyOf").forEach(RequestWriter::order);
    if (schema.has("items")) {
      order(schema.get("items"));
    }
  }

  private void labels(ObjectNode body) {
    Labels labels = request.labels();
    boolean vertex = dialect.has(Quirk.VERTEX_AI);
    if (!labels.metadata().isEmpty()) {
      if (vertex) {
        ObjectNode written = body.putObject("labels");
        labels.metadata().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .forEach(label -> written.put(label.getKey(), label.getValue()));
      } else {
        losses.add("labels.metadata", "the Gemini API takes no notes");
      }
    }
    if (labels.user().isPresent()) {
      losses.add("labels.user", "the API knows no end user");
    }
    if (labels.verbosity().isPresent()) {
      losses.add("labels.verbosity", "cannot be asked for");
    }
    // The answer is not kept anywhere it could be asked for, so only the wish to keep it is lost.
    if (labels.store().orElse(false)) {
      losses.add("labels.store", "answers are not kept");
    }
    labels.serviceTier().ifPresent(tier -> tier(tier, vertex, body));
  }

  private void tier(String tier, boolean vertex, ObjectNode body) {
    switch (tier) {
      case "auto" -> {}
      case "standard", "default", "standard_only" -> {
        if (!vertex) {
          body.put("serviceTier", "standard");
        }
      }
      case "flex", "priority" -> {
        if (vertex) {
          headers.put(VERTEX_TIER, tier);
        } else {
          body.put("serviceTier", tier);
        }
      }
      default -> losses.add("labels.serviceTier", "known here: standard, flex, priority");
    }
  }
}
