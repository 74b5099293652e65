package dev.understudy.protocol.anthropic;

import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Labels;
import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.chat.ReplyFormat;
import dev.understudy.chat.Role;
import dev.understudy.chat.Sampling;
import dev.understudy.chat.Thinking;
import dev.understudy.chat.Tool;
import dev.understudy.chat.ToolChoice;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.InboundCall;
import dev.understudy.protocol.Losses;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Reads a caller's request, for an answer or for a count of its tokens. */
final class RequestReader {
  /** Known, but only of use between a caller and a vendor who both speak this protocol. */
  private static final List<String> HOME_ONLY =
      List.of(
          "container",
          "context_management",
          "fallbacks",
          "inference_geo",
          "mcp_servers",
          "speed",
          "user_profile_id");

  private final InboundCall call;
  private final Losses losses;
  private final Fields body;
  private final BlockReader blocks = BlockReader.ofRequest();

  private RequestReader(InboundCall call, Losses losses) {
    this.call = call;
    this.losses = losses;
    this.body = Fields.of(call.body());
  }

  static ChatRequest read(InboundCall call, Losses losses) {
    return new RequestReader(call, losses).read();
  }

  private ChatRequest read() {
    // Clouds want it in the body; it names the one version of the protocol that there is.
    body.ignore("anthropic_version");
    Optional<Fields> outputConfig = body.object("output_config");
    Optional<Fields> choice = body.object("tool_choice");
    var request =
        new ChatRequest(
            body.text("model")
                .or(call::pathModel)
                .orElseThrow(() -> new Malformed("model", "is missing")),
            messages(),
            tools(),
            choice.map(RequestReader::toolChoice).orElseGet(ToolChoice.Unsaid::new),
            choice.flatMap(c -> c.flag("disable_parallel_tool_use")).map(disabled -> !disabled),
            format(outputConfig),
            thinking(outputConfig),
            sampling(),
            labels(),
            body.flag("stream").orElse(false) || call.pathStream(),
            true);
    for (String name : HOME_ONLY) {
      body.raw(name).ifPresent(_ -> losses.add(name, "has no counterpart in other protocols"));
    }
    losses.unread(body.unread());
    return request;
  }

  private List<Message> messages() {
    var messages = new ArrayList<Message>();
    List<Part> system = blocks.content(body, "system");
    if (!system.isEmpty()) {
      messages.add(new Message(Role.SYSTEM, system));
    }
    if (!body.has("messages")) {
      throw new Malformed("messages", "is missing");
    }
    for (Fields message : body.objects("messages")) {
      messages.add(new Message(role(message), blocks.content(message, "content")));
    }
    automaticCachePoint(messages);
    return messages;
  }

  /** A mark on the request itself stands behind the last block of the conversation. */
  private void automaticCachePoint(List<Message> messages) {
    Optional<Part.CachePoint> mark = BlockReader.mark(body);
    if (mark.isEmpty() || messages.isEmpty()) {
      return;
    }
    Message last = messages.removeLast();
    var parts = new ArrayList<>(last.parts());
    if (parts.isEmpty() || !(parts.getLast() instanceof Part.CachePoint)) {
      parts.add(mark.get());
    }
    messages.add(new Message(last.role(), parts));
  }

  private static Role role(Fields message) {
    String role = message.requiredText("role");
    return switch (role) {
      case "user" -> Role.USER;
      case "assistant" -> Role.ASSISTANT;
      case "system" -> Role.SYSTEM;
      default -> throw new Malformed(message.pathOf("role"), "must be user, assistant or system");
    };
  }

  private List<Tool> tools() {
    var tools = new ArrayList<Tool>();
    for (Fields tool : body.objects("tools")) {
      Optional<Part.CachePoint> mark = BlockReader.mark(tool);
      if (tool.text("type").orElse("custom").equals("custom")) {
        tools.add(
            new Tool.Function(
                tool.requiredText("name"),
                tool.text("description"),
                tool.rawJson("input_schema"),
                tool.flag("strict")));
      } else {
        tool.ignoreRest();
        ObjectNode kept = tool.node().deepCopy();
        kept.remove("cache_control");
        tools.add(new Tool.Foreign(Seals.HOME, Json.text(kept)));
      }
      mark.ifPresent(m -> tools.add(new Tool.CachePoint(m.ttl())));
    }
    return tools;
  }

  private static ToolChoice toolChoice(Fields choice) {
    String type = choice.requiredText("type");
    return switch (type) {
      case "auto" -> new ToolChoice.Auto();
      case "any" -> new ToolChoice.Required();
      case "none" -> new ToolChoice.None();
      case "tool" -> new ToolChoice.Named(choice.requiredText("name"));
      default -> throw new Malformed(choice.pathOf("type"), "must be auto, any, none or tool");
    };
  }

  /** {@code output_format} is what {@code output_config.format} was called while it was in beta. */
  private ReplyFormat format(Optional<Fields> outputConfig) {
    Optional<Fields> beta = body.object("output_format");
    Optional<Fields> format =
        outputConfig.flatMap(config -> config.object("format")).or(() -> beta);
    if (format.isEmpty()) {
      return new ReplyFormat.Text();
    }
    String type = format.get().requiredText("type");
    if (!type.equals("json_schema")) {
      throw new Malformed(format.get().pathOf("type"), "must be json_schema");
    }
    return new ReplyFormat.JsonSchema(
        Optional.empty(),
        Optional.empty(),
        format
            .get()
            .rawJson("schema")
            .orElseThrow(() -> new Malformed(format.get().pathOf("schema"), "is missing")),
        Optional.empty());
  }

  private Thinking thinking(Optional<Fields> outputConfig) {
    Optional<String> effort = outputConfig.flatMap(config -> config.text("effort"));
    Optional<Fields> thinking = body.object("thinking");
    if (thinking.isEmpty()) {
      return new Thinking(Optional.empty(), false, effort, Optional.empty(), Optional.empty());
    }
    Fields wish = thinking.get();
    String type = wish.requiredText("type");
    Optional<Long> budget = wish.integer("budget_tokens");
    Optional<String> summary =
        wish.text("display").map(shown -> shown.equals("summarized") ? "auto" : shown);
    return switch (type) {
      case "enabled" -> new Thinking(Optional.of(true), false, effort, budget, summary);
      case "adaptive" -> new Thinking(Optional.of(true), true, effort, budget, summary);
      case "disabled" -> new Thinking(Optional.of(false), false, effort, budget, summary);
      default -> {
        wish.reject("type");
        yield new Thinking(Optional.empty(), false, effort, budget, summary);
      }
    };
  }

  private Sampling sampling() {
    return new Sampling(
        body.integer("max_tokens"),
        body.number("temperature"),
        body.number("top_p"),
        body.integer("top_k"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        body.texts("stop_sequences"),
        Optional.empty(),
        Optional.empty());
  }

  private Labels labels() {
    return new Labels(
        body.object("metadata").flatMap(metadata -> metadata.text("user_id")),
        Map.of(),
        body.text("service_tier"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
