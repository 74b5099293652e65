package dev.understudy.protocol.gemini;

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
import dev.understudy.json.Malformed;
import dev.understudy.protocol.InboundCall;
import dev.understudy.protocol.Losses;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the body of generateContent, streamGenerateContent and countTokens.
 *
 * <p>Source: ai.google.dev/api/generate-content and ai.google.dev/api/tokens.
 */
final class RequestReader {
  private final Losses losses;

  RequestReader(Losses losses) {
    this.losses = losses;
  }

  ChatRequest read(InboundCall call) {
    ProtoFields outer = ProtoFields.of(call.body());
    ProtoFields body = outer;
    Optional<ProtoFields> counted = outer.object("generateContentRequest");
    if (counted.isPresent()) {
      if (outer.has("contents")) {
        throw new Malformed(
            outer.path("contents"), "cannot stand beside \"generateContentRequest\"");
      }
      body = counted.get();
    }
    Optional<String> named = body.text("model").map(RequestReader::bareModel);
    String model =
        call.pathModel()
            .map(RequestReader::bareModel)
            .or(() -> named)
            .orElseThrow(() -> new Malformed("model", "is missing"));
    if (!body.has("contents")) {
      throw new Malformed(body.path("contents"), "is missing");
    }
    var messages = new ArrayList<Message>();
    body.object("systemInstruction").ifPresent(system -> instructions(system, messages));
    new ContentsReader(losses).read(body.objects("contents"), messages);
    List<Tool> tools = tools(body);
    ToolChoice choice =
        body.object("toolConfig")
            .flatMap(config -> config.object("functionCallingConfig"))
            .map(this::choice)
            .orElseGet(ToolChoice.Unsaid::new);
    Optional<ProtoFields> config = body.object("generationConfig");
    ReplyFormat format = config.map(this::format).orElseGet(ReplyFormat.Text::new);
    Thinking thinking =
        config
            .flatMap(found -> found.object("thinkingConfig"))
            .map(ThinkingWishes::read)
            .orElse(Thinking.UNSAID);
    Sampling sampling = config.map(this::sampling).orElse(Sampling.UNSAID);
    Labels labels = labels(body);
    losses.unread(outer.fields().unread());
    return new ChatRequest(
        model,
        messages,
        tools,
        choice,
        Optional.empty(),
        format,
        thinking,
        sampling,
        labels,
        call.pathStream(),
        true);
  }

  private static String bareModel(String name) {
    return name.startsWith("models/") ? name.substring("models/".length()) : name;
  }

  private void instructions(ProtoFields system, List<Message> messages) {
    system.ignore("role");
    var parts = new ArrayList<Part>();
    for (ProtoFields part : system.objects("parts")) {
      part.text("text").filter(text -> !text.isEmpty()).map(Part.Text::new).ifPresent(parts::add);
      Media.read(part).ifPresent(parts::add);
    }
    if (!parts.isEmpty()) {
      messages.add(new Message(Role.SYSTEM, parts));
    }
  }

  private List<Tool> tools(ProtoFields body) {
    var tools = new ArrayList<Tool>();
    for (ProtoFields tool : body.objects("tools")) {
      for (ProtoFields function : tool.objects("functionDeclarations")) {
        tools.add(function(function));
      }
      // One object may hold functions and several tools that the vendor runs.
      for (Map.Entry<String, JsonNode> member : tool.fields().node().properties()) {
        String name = member.getKey();
        if (!name.equals(tool.nameOf("functionDeclarations")) && !member.getValue().isNull()) {
          tool.fields().ignore(name);
          ObjectNode own = Json.object();
          own.set(name, member.getValue());
          tools.add(new Tool.Foreign(ProtocolName.GEMINI, Json.text(own)));
        }
      }
    }
    return tools;
  }

  private static Tool function(ProtoFields function) {
    Optional<String> schema =
        function
            .raw("parametersJsonSchema")
            .map(Json::text)
            .or(() -> function.raw("parameters").map(SchemaReader::read).map(Json::text));
    return new Tool.Function(
        function.text("name").orElseThrow(() -> new Malformed(function.path("name"), "is missing")),
        function.text("description").filter(text -> !text.isEmpty()),
        schema,
        Optional.empty());
  }

  private ToolChoice choice(ProtoFields config) {
    List<String> allowed = config.texts("allowedFunctionNames");
    String mode = config.word("mode").orElse("AUTO");
    return switch (mode) {
      case "NONE", "3" -> new ToolChoice.None();
      case "ANY", "2" ->
          switch (allowed.size()) {
            case 0 -> new ToolChoice.Required();
            case 1 -> new ToolChoice.Named(allowed.getFirst());
            default -> new ToolChoice.Among(allowed, true);
          };
      case "VALIDATED", "4" -> {
        losses.add(config.path("mode"), "VALIDATED is taken as AUTO");
        yield allowed.isEmpty() ? new ToolChoice.Auto() : new ToolChoice.Among(allowed, false);
      }
      case "AUTO", "1" ->
          allowed.isEmpty() ? new ToolChoice.Auto() : new ToolChoice.Among(allowed, false);
      case "MODE_UNSPECIFIED", "0" -> new ToolChoice.Unsaid();
      default -> throw new Malformed(config.path("mode"), "is not a mode that is known");
    };
  }

  private ReplyFormat format(ProtoFields config) {
    String type = config.text("responseMimeType").orElse("").toLowerCase(Locale.ROOT);
    Optional<JsonNode> schema =
        config
            .raw("responseJsonSchema")
            .or(() -> config.raw("responseSchema").map(SchemaReader::read));
    return switch (type) {
      case "", "text/plain" -> {
        if (schema.isPresent()) {
          losses.add(config.path("responseSchema"), "needs responseMimeType application/json");
        }
        yield new ReplyFormat.Text();
      }
      case "application/json" ->
          schema.<ReplyFormat>map(RequestReader::jsonSchema).orElseGet(ReplyFormat.JsonObject::new);
      default -> {
        losses.add(config.path("responseMimeType"), "only text and JSON can be asked for");
        yield new ReplyFormat.Text();
      }
    };
  }

  /** The title is the only name that a schema has here. */
  private static ReplyFormat jsonSchema(JsonNode schema) {
    String title = schema.path("title").asString("");
    Optional<String> name =
        title.matches("[A-Za-z0-9_-]{1,64}") ? Optional.of(title) : Optional.empty();
    return new ReplyFormat.JsonSchema(name, Optional.empty(), Json.text(schema), Optional.empty());
  }

  private Sampling sampling(ProtoFields config) {
    Optional<Long> candidates = config.integer("candidateCount");
    if (candidates.orElse(1L) > 1) {
      losses.add(config.path("candidateCount"), "one candidate is given");
    }
    for (JsonNode modality : config.list("responseModalities")) {
      String word = modality.asString("").toUpperCase(Locale.ROOT);
      if (!word.equals("TEXT") && !word.equals("1")) {
        losses.add(config.path("responseModalities"), "only text can be asked for");
      }
    }
    return new Sampling(
        config.integer("maxOutputTokens"),
        config.number("temperature"),
        config.number("topP"),
        config.integer("topK"),
        config.number("frequencyPenalty"),
        config.number("presencePenalty"),
        config.integer("seed"),
        config.texts("stopSequences"),
        config.flag("responseLogprobs"),
        config.integer("logprobs"));
  }

  private Labels labels(ProtoFields body) {
    var metadata = new HashMap<String, String>();
    if (body.has("labels")) {
      ProtoFields labels = body.object("labels").orElseThrow();
      for (String name : labels.fields().node().propertyNames()) {
        metadata.put(name, labels.fields().requiredText(name));
      }
    }
    Optional<String> tier =
        body.word("serviceTier")
            .map(word -> word.toLowerCase(Locale.ROOT).replace("service_tier_", ""))
            .filter(word -> !word.equals("unspecified"));
    Optional<Boolean> store = body.flag("store");
    return new Labels(Optional.empty(), metadata, tier, Optional.empty(), Optional.empty(), store);
  }
}
