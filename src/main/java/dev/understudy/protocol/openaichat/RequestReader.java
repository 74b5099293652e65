package dev.understudy.protocol.openaichat;

import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Labels;
import dev.understudy.chat.ReplyFormat;
import dev.understudy.chat.Sampling;
import dev.understudy.chat.Thinking;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.InboundCall;
import dev.understudy.protocol.Losses;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * Reads a caller's request.
 *
 * <p>Beside OpenAI's own fields it knows the wishes to think as OpenRouter, DeepSeek, Z.ai and Qwen
 * have them, because callers of those move here with them.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat/create">OpenAI's reference</a>
 */
final class RequestReader {
  private final Fields body;
  private final Losses losses;

  private RequestReader(Fields body, Losses losses) {
    this.body = body;
    this.losses = losses;
  }

  static ChatRequest read(InboundCall call, Losses losses) {
    var fields = Fields.of(call.body());
    ChatRequest request = new RequestReader(fields, losses).read(call);
    losses.unread(fields.unread());
    return request;
  }

  private ChatRequest read(InboundCall call) {
    String model =
        body.text("model")
            .or(call::pathModel)
            .orElseThrow(() -> new Malformed("model", "is missing"));
    List<Fields> messages = body.objects("messages");
    if (messages.isEmpty()) {
      throw new Malformed("messages", "at least one message is needed");
    }
    boolean stream = body.flag("stream").orElse(call.pathStream());
    boolean usageInStream = usageInStream();
    one();
    return new ChatRequest(
        model,
        MessageReader.read(messages),
        ToolReader.tools(body),
        ToolReader.choice(body, losses),
        body.flag("parallel_tool_calls"),
        format(),
        thinking(),
        sampling(),
        labels(),
        stream,
        usageInStream);
  }

  private boolean usageInStream() {
    Optional<Fields> options = body.object("stream_options");
    // Padding against eavesdroppers is the gateway's own matter.
    options.ifPresent(fields -> fields.ignore("include_obfuscation"));
    // OpenRouter's older word for the same wish.
    boolean always =
        body.node().path("usage").isObject()
            && body.object("usage").flatMap(usage -> usage.flag("include")).orElse(false);
    boolean asked = options.flatMap(fields -> fields.flag("include_usage")).orElse(false);
    return asked || always;
  }

  private void one() {
    long n = body.integer("n").orElse(1L);
    if (n != 1) {
      losses.add("n", "one answer is carried");
    }
    JsonNode modalities = body.node().path("modalities");
    if (modalities.isArray()
        && modalities.size() == 1
        && modalities.get(0).asString("").equals("text")) {
      body.ignore("modalities");
    }
  }

  private ReplyFormat format() {
    Optional<Fields> format = body.object("response_format");
    if (format.isEmpty()) {
      return new ReplyFormat.Text();
    }
    Fields fields = format.get();
    String type = fields.requiredText("type");
    return switch (type) {
      case "text" -> new ReplyFormat.Text();
      case "json_object" ->
          // Together, Fireworks and llama.cpp take a schema here.
          fields.has("schema") ? schema(fields) : new ReplyFormat.JsonObject();
      case "json_schema" ->
          schema(fields.has("json_schema") ? fields.requiredObject("json_schema") : fields);
      default -> {
        fields.reject("type");
        yield new ReplyFormat.Text();
      }
    };
  }

  private static ReplyFormat schema(Fields fields) {
    return new ReplyFormat.JsonSchema(
        fields.text("name"),
        fields.text("description"),
        fields.rawJson("schema").orElse("{}"),
        fields.flag("strict"));
  }

  private Thinking thinking() {
    Optional<String> effort = body.text("reasoning_effort");
    Optional<Boolean> enabled = body.flag("enable_thinking");
    Optional<Long> budget = body.integer("thinking_budget");
    Optional<String> summary =
        body.flag("include_reasoning").map(include -> include ? "auto" : "omitted");
    boolean adaptive = false;
    Optional<Fields> reasoning = body.object("reasoning");
    if (reasoning.isPresent()) {
      Fields fields = reasoning.get();
      effort = fields.text("effort").or(orElse(effort));
      enabled = fields.flag("enabled").or(orElse(enabled));
      budget = fields.integer("max_tokens").or(orElse(budget));
      summary =
          fields
              .text("summary")
              .or(() -> fields.flag("exclude").filter(exclude -> exclude).map(_ -> "omitted"))
              .or(orElse(summary));
    }
    Optional<Fields> thinking = body.object("thinking");
    if (thinking.isPresent()) {
      Fields fields = thinking.get();
      String type = fields.text("type").orElse("");
      switch (type) {
        case "enabled" -> enabled = Optional.of(true);
        case "disabled" -> enabled = Optional.of(false);
        case "adaptive", "auto" -> adaptive = true;
        case "" -> {}
        default -> fields.reject("type");
      }
      budget = fields.integer("budget_tokens").or(orElse(budget));
    }
    return new Thinking(enabled, adaptive, effort, budget, summary);
  }

  private static <T> Supplier<Optional<T>> orElse(Optional<T> other) {
    return () -> other;
  }

  private Sampling sampling() {
    Optional<Long> completion = body.integer("max_completion_tokens");
    Optional<Long> older = body.integer("max_tokens");
    if (completion.isPresent() && older.isPresent() && !completion.equals(older)) {
      losses.add("max_tokens", "max_completion_tokens is given too and counts");
    }
    return new Sampling(
        completion.or(() -> older),
        body.number("temperature"),
        body.number("top_p"),
        body.integer("top_k"),
        body.number("frequency_penalty"),
        body.number("presence_penalty"),
        body.integer("seed").or(() -> body.integer("random_seed")),
        stop(),
        body.flag("logprobs"),
        body.integer("top_logprobs"));
  }

  private List<String> stop() {
    return body.node().path("stop").isString()
        ? body.text("stop").map(List::of).orElse(List.of())
        : body.texts("stop");
  }

  private Labels labels() {
    Optional<String> user = body.text("user");
    Optional<String> safety = body.text("safety_identifier");
    if (user.isPresent() && safety.isPresent() && !user.equals(safety)) {
      losses.add("user", "safety_identifier is given too and counts");
    }
    return new Labels(
        safety.or(() -> user),
        metadata(),
        body.text("service_tier"),
        body.text("prompt_cache_key"),
        body.text("verbosity"),
        body.flag("store"));
  }

  private Map<String, String> metadata() {
    var metadata = new TreeMap<String, String>();
    body.object("metadata")
        .ifPresent(fields -> {
          for (Map.Entry<String, JsonNode> member : fields.node().properties()) {
            JsonNode value = member.getValue();
            metadata.put(
                member.getKey(), value.isString() ? value.stringValue() : Json.text(value));
          }
          fields.ignoreRest();
        });
    return metadata;
  }
}
