package dev.understudy.protocol.bedrock;

import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Citation;
import dev.understudy.chat.Labels;
import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.ReplyFormat;
import dev.understudy.chat.Role;
import dev.understudy.chat.Sampling;
import dev.understudy.chat.Seal;
import dev.understudy.chat.Source;
import dev.understudy.chat.Thinking;
import dev.understudy.chat.Tool;
import dev.understudy.chat.ToolChoice;
import dev.understudy.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads Converse requests, which no caller of ours sends, so that tests can write them again. */
final class ConverseRequestReader {
  private static final ProtocolName HOME = ProtocolName.BEDROCK_CONVERSE;
  private static final Map<String, String> TYPES =
      Map.of(
          "pdf",
          "application/pdf",
          "txt",
          "text/plain",
          "xlsx",
          "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");

  private final String model;
  private final boolean stream;

  ConverseRequestReader(String model, boolean stream) {
    this.model = model;
    this.stream = stream;
  }

  /** Guardrails belong to the settings of a vendor, and a few model fields to no word of ours. */
  boolean canCarry(ObjectNode request) {
    JsonNode additional = request.path("additionalModelRequestFields");
    return !request.has("guardrailConfig")
        && !request.has("performanceConfig")
        && !(additional.has("reasoning_config") && additional.get("reasoning_config").isObject());
  }

  /** A request without empty members, as text and numbers compare. */
  static JsonNode normal(ObjectNode request) {
    ObjectNode copy = request.deepCopy();
    for (String name : List.copyOf(copy.propertyNames())) {
      if ((copy.get(name).isContainer() && copy.get(name).isEmpty()) || copy.get(name).isNull()) {
        copy.remove(name);
      }
    }
    copy.remove("additionalModelResponseFieldPaths");
    joinTurns(copy);
    tidy(copy);
    return Json.parse(Json.text(copy));
  }

  private static void joinTurns(ObjectNode request) {
    ArrayNode joined = Json.array();
    for (JsonNode message : request.path("messages")) {
      JsonNode last = joined.isEmpty() ? Json.object() : joined.get(joined.size() - 1);
      if (last.path("role").equals(message.path("role"))) {
        ((ArrayNode) last.get("content")).addAll((ArrayNode) message.get("content"));
      } else {
        joined.add(message);
      }
    }
    request.set("messages", joined);
  }

  /** Undoes what differs without meaning anything: number forms, default statuses, blank texts. */
  private static void tidy(JsonNode node) {
    if (node instanceof ObjectNode object) {
      for (String name : List.copyOf(object.propertyNames())) {
        JsonNode value = object.get(name);
        if (value.isNumber()) {
          object.put(name, value.decimalValue().stripTrailingZeros().toPlainString());
        }
        if (name.equals("status") && value.stringValue("").equals("success")) {
          object.remove(name);
        }
        if (name.equals("description") && value.stringValue("x").isBlank()) {
          object.remove(name);
        }
      }
      if (object.has("uri") || object.has("type")) {
        return;
      }
    }
    if (node instanceof ArrayNode array) {
      for (int i = array.size() - 1; i >= 0; i--) {
        if (array.get(i).has("text")
            && array.get(i).size() == 1
            && array.get(i).get("text").stringValue("x").isBlank()) {
          array.remove(i);
        }
      }
    }
    node.forEach(ConverseRequestReader::tidy);
  }

  ChatRequest read(ObjectNode request) {
    var messages = new ArrayList<Message>();
    if (request.path("system").size() > 0) {
      messages.add(new Message(Role.SYSTEM, parts(request.path("system"))));
    }
    for (JsonNode message : request.path("messages")) {
      Role role = message.get("role").stringValue().equals("user") ? Role.USER : Role.ASSISTANT;
      messages.add(new Message(role, parts(message.path("content"))));
    }
    JsonNode additional = request.path("additionalModelRequestFields");
    return new ChatRequest(
        model,
        messages,
        tools(request.path("toolConfig").path("tools")),
        choice(request.path("toolConfig").path("toolChoice")),
        Optional.empty(),
        format(request.path("outputConfig").path("textFormat")),
        thinking(additional),
        sampling(request.path("inferenceConfig"), additional),
        new Labels(
            Optional.empty(),
            Map.of(),
            text(request.path("serviceTier").path("type")),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()),
        stream,
        false);
  }

  private static List<Part> parts(JsonNode blocks) {
    var parts = new ArrayList<Part>();
    blocks.forEach(block -> parts.add(part(block)));
    return parts;
  }

  private static Part part(JsonNode block) {
    String kind = block.propertyNames().iterator().next();
    JsonNode value = block.get(kind);
    return switch (kind) {
      case "text" -> new Part.Text(value.stringValue());
      case "cachePoint" -> new Part.CachePoint(text(value.path("ttl")));
      case "image" -> new Part.Image(media("image", value), Optional.empty());
      case "video" ->
          value.path("format").stringValue("").contains("/")
              ? new Part.Foreign(HOME, block.toString())
              : new Part.Video(media("video", value));
      case "document" -> document(block, value);
      case "toolUse" ->
          value.has("type")
              ? new Part.Foreign(HOME, block.toString())
              : new Part.ToolCall(
                  value.get("toolUseId").stringValue(),
                  value.get("name").stringValue(),
                  value.get("input").toString());
      case "toolResult" ->
          value.has("type")
              ? new Part.Foreign(HOME, block.toString())
              : new Part.ToolResult(
                  value.get("toolUseId").stringValue(),
                  Optional.empty(),
                  parts(value.get("content")),
                  value.path("status").stringValue("").equals("error"));
      case "reasoningContent" -> reasoning(value);
      case "citationsContent" -> cited(value);
      default -> new Part.Foreign(HOME, block.toString());
    };
  }

  private static Source media(String kind, JsonNode value) {
    Optional<String> type = Optional.of(kind + "/" + value.path("format").stringValue(""));
    JsonNode s3 = value.at("/source/s3Location/uri");
    return s3.isString()
        ? new Source.Url(s3.stringValue(), type)
        : new Source.Inline(type.get(), value.at("/source/bytes").stringValue());
  }

  private static Part document(JsonNode block, JsonNode value) {
    if (value.path("source").has("content")) {
      return new Part.Foreign(HOME, block.toString());
    }
    String type = TYPES.getOrDefault(value.path("format").stringValue(""), "");
    JsonNode plain = value.at("/source/text");
    JsonNode s3 = value.at("/source/s3Location/uri");
    Source source =
        plain.isString()
            ? new Source.PlainText(plain.stringValue())
            : s3.isString()
                ? new Source.Url(s3.stringValue(), Optional.of(type))
                : new Source.Inline(type, value.at("/source/bytes").stringValue());
    // The name "company_policy" breaks Converse's rule for names and is kept as it stands.
    return value.path("name").stringValue("").contains("_")
        ? new Part.Foreign(HOME, block.toString())
        : new Part.Document(
            source,
            text(value.path("name")),
            text(value.path("context")),
            value.path("citations").path("enabled").booleanValue(false));
  }

  private static Part reasoning(JsonNode value) {
    return value.has("redactedContent")
        ? new Part.Reasoning(
            "", seal(ConverseSeal.REDACTED, value.get("redactedContent").stringValue()))
        : new Part.Reasoning(
            value.at("/reasoningText/text").stringValue(),
            seal(ConverseSeal.SIGNATURE, value.at("/reasoningText/signature").stringValue()));
  }

  private static Optional<Seal> seal(String kind, String data) {
    return Optional.of(new Seal(HOME, Optional.of("bedrock"), kind, data));
  }

  private static Part cited(JsonNode value) {
    var citations = new ArrayList<Citation>();
    value
        .path("citations")
        .forEach(citation ->
            citations.add(
                new Citation(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    HOME,
                    citation.toString())));
    return new Part.Text(value.at("/content/0/text").stringValue(), citations, List.of());
  }

  private static List<Tool> tools(JsonNode tools) {
    var found = new ArrayList<Tool>();
    for (JsonNode tool : tools) {
      JsonNode spec = tool.path("toolSpec");
      if (tool.has("cachePoint")) {
        found.add(new Tool.CachePoint(Optional.empty()));
      } else if (spec.isObject()) {
        found.add(
            new Tool.Function(
                spec.get("name").stringValue(),
                text(spec.path("description")),
                Optional.of(spec.at("/inputSchema/json").toString()),
                spec.has("strict")
                    ? Optional.of(spec.get("strict").booleanValue())
                    : Optional.empty()));
      } else {
        found.add(new Tool.Foreign(HOME, tool.toString()));
      }
    }
    return found;
  }

  private static ToolChoice choice(JsonNode choice) {
    return choice.has("any")
        ? new ToolChoice.Required()
        : choice.has("auto")
            ? new ToolChoice.Auto()
            : choice.has("tool")
                ? new ToolChoice.Named(choice.at("/tool/name").stringValue())
                : new ToolChoice.Unsaid();
  }

  private static ReplyFormat format(JsonNode format) {
    JsonNode schema = format.path("structure").path("jsonSchema");
    return schema.isObject()
        ? new ReplyFormat.JsonSchema(
            text(schema.path("name")),
            text(schema.path("description")),
            schema.get("schema").stringValue(),
            Optional.empty())
        : new ReplyFormat.Text();
  }

  private static Thinking thinking(JsonNode additional) {
    JsonNode claude = additional.path("thinking");
    if (claude.isObject()) {
      return new Thinking(
          Optional.of(true),
          claude.get("type").stringValue().equals("adaptive"),
          Optional.empty(),
          claude.has("budget_tokens")
              ? Optional.of(claude.get("budget_tokens").longValue())
              : Optional.empty(),
          text(claude.path("display")));
    }
    Optional<String> effort =
        text(additional.path("reasoning_config"))
            .or(() -> text(additional.path("reasoning_effort")))
            .or(() -> text(additional.path("reasoningConfig").path("maxReasoningEffort")));
    return effort.isEmpty()
        ? Thinking.UNSAID
        : new Thinking(Optional.empty(), false, effort, Optional.empty(), Optional.empty());
  }

  private static Sampling sampling(JsonNode inference, JsonNode additional) {
    var stops = new ArrayList<String>();
    inference.path("stopSequences").forEach(stop -> stops.add(stop.stringValue()));
    JsonNode topK = additional.path("inferenceConfig").path("topK");
    return new Sampling(
        number(inference.path("maxTokens")).map(BigDecimal::longValueExact),
        number(inference.path("temperature")),
        number(inference.path("topP")),
        number(topK).map(BigDecimal::longValueExact),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        stops,
        Optional.empty(),
        Optional.empty());
  }

  private static Optional<BigDecimal> number(JsonNode node) {
    return node.isNumber() ? Optional.of(node.decimalValue()) : Optional.empty();
  }

  private static Optional<String> text(JsonNode node) {
    return node.isString() ? Optional.of(node.stringValue()) : Optional.empty();
  }
}
