package dev.understudy.protocol.openairesponses;

import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Labels;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.ReplyFormat;
import dev.understudy.chat.Role;
import dev.understudy.chat.Sampling;
import dev.understudy.chat.Thinking;
import dev.understudy.chat.Tool;
import dev.understudy.chat.ToolChoice;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Losses;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a request to create a response.
 *
 * <p>Source: <a href="https://platform.openai.com/docs/api-reference/responses/create">create a
 * model response</a>, schema {@code CreateResponse}.
 */
final class RequestReader {
  private final Fields body;
  private final Losses losses;
  private final PartPlaces places;

  private RequestReader(ObjectNode body, Losses losses, PartPlaces places) {
    this.body = Fields.of(body);
    this.losses = losses;
    this.places = places;
  }

  static ChatRequest read(ObjectNode body, Losses losses, PartPlaces places) {
    StoredState.find(body)
        .ifPresent(where -> {
          throw new Malformed(
              where,
              "refers to state that is stored at a vendor and cannot be answered by another;"
                  + " send the conversation in input instead");
        });
    var reader = new RequestReader(body, losses, places);
    ChatRequest request = reader.request();
    losses.unread(reader.body.unread());
    return request;
  }

  private ChatRequest request() {
    String model = body.requiredText("model");
    var input = new InputReader(losses, places);
    body.text("instructions").ifPresent(text -> whole(input, Role.SYSTEM, text, "instructions"));
    readInput(input);
    boolean logprobs = include();
    Fields text = body.object("text").orElseGet(() -> Fields.of(Json.object()));
    var request =
        new ChatRequest(
            model,
            input.finish(),
            tools(),
            toolChoice(),
            body.flag("parallel_tool_calls"),
            format(text),
            thinking(),
            sampling(logprobs),
            labels(text),
            body.flag("stream").orElse(false),
            true);
    defaults();
    return request;
  }

  private void readInput(InputReader reader) {
    JsonNode input = body.raw("input").orElse(null);
    if (input == null) {
      throw new Malformed("input", "is missing");
    }
    if (input.isString()) {
      whole(reader, Role.USER, input.stringValue(), "input");
    } else if (input instanceof ArrayNode) {
      body.objects("input").forEach(reader::item);
    } else {
      throw new Malformed("input", "a string or an array of items is needed");
    }
  }

  private void whole(InputReader reader, Role role, String text, String path) {
    var part = new Part.Text(text);
    places.note(part, path);
    reader.message(role, List.of(part));
  }

  /** Returns whether probabilities are wanted; what else is to be included is a loss. */
  private boolean include() {
    boolean logprobs = false;
    for (String what : body.texts("include")) {
      switch (what) {
        case "message.output_text.logprobs" -> logprobs = true;
        case "reasoning.encrypted_content" -> {} // sealed thoughts are always handed out
        default -> losses.add("include", what + " belongs to a tool that its vendor runs");
      }
    }
    return logprobs;
  }

  private List<Tool> tools() {
    var tools = new ArrayList<Tool>();
    for (Fields tool : body.objects("tools")) {
      if (tool.requiredText("type").equals("function")) {
        tools.add(
            new Tool.Function(
                tool.requiredText("name"),
                tool.text("description"),
                tool.rawJson("parameters"),
                tool.flag("strict")));
      } else {
        tool.ignoreRest();
        tools.add(new Tool.Foreign(ProtocolName.OPENAI_RESPONSES, Json.text(tool.node())));
      }
    }
    return tools;
  }

  private ToolChoice toolChoice() {
    JsonNode choice = body.raw("tool_choice").orElse(null);
    if (choice == null) {
      return new ToolChoice.Unsaid();
    }
    if (choice.isString()) {
      return switch (choice.stringValue()) {
        case "auto" -> new ToolChoice.Auto();
        case "none" -> new ToolChoice.None();
        case "required" -> new ToolChoice.Required();
        default -> throw new Malformed("tool_choice", "must be auto, none, required or an object");
      };
    }
    if (!(choice instanceof ObjectNode object)) {
      throw new Malformed("tool_choice", "must be auto, none, required or an object");
    }
    Fields fields = body.child(object, "tool_choice");
    String type = fields.requiredText("type");
    return switch (type) {
      case "function" -> new ToolChoice.Named(fields.requiredText("name"));
      case "allowed_tools" -> among(fields);
      default -> {
        fields.ignoreRest();
        losses.add("tool_choice", type + " is a tool that its vendor runs");
        yield new ToolChoice.Unsaid();
      }
    };
  }

  private ToolChoice among(Fields fields) {
    boolean required = fields.text("mode").orElse("auto").equals("required");
    var names = new ArrayList<String>();
    for (Fields tool : fields.objects("tools")) {
      if (tool.requiredText("type").equals("function")) {
        names.add(tool.requiredText("name"));
      } else {
        tool.ignoreRest();
        losses.add(tool.path(), "a tool that its vendor runs");
      }
    }
    return new ToolChoice.Among(names, required);
  }

  private ReplyFormat format(Fields text) {
    Fields format = text.object("format").orElse(null);
    if (format == null) {
      return new ReplyFormat.Text();
    }
    String type = format.requiredText("type");
    return switch (type) {
      case "text" -> new ReplyFormat.Text();
      case "json_object" -> new ReplyFormat.JsonObject();
      case "json_schema" ->
          new ReplyFormat.JsonSchema(
              format.text("name"),
              format.text("description"),
              schema(format),
              format.flag("strict"));
      default -> {
        losses.add("text.format", type + " is a format of one vendor's own");
        format.ignoreRest();
        yield new ReplyFormat.Text();
      }
    };
  }

  private static String schema(Fields format) {
    JsonNode schema = format.raw("schema").orElse(null);
    if (schema instanceof ObjectNode) {
      return Json.text(schema);
    }
    throw new Malformed(format.pathOf("schema"), "a JSON Schema object is needed");
  }

  private Thinking thinking() {
    Fields reasoning = body.object("reasoning").orElse(null);
    if (reasoning == null) {
      return Thinking.UNSAID;
    }
    Optional<String> effort = reasoning.text("effort");
    Optional<String> summary = reasoning.text("summary");
    Optional<String> older = reasoning.text("generate_summary");
    return new Thinking(
        effort.filter("none"::equals).map(none -> false),
        false,
        effort,
        Optional.empty(),
        summary.isPresent() ? summary : older);
  }

  private Sampling sampling(boolean logprobs) {
    return new Sampling(
        body.integer("max_output_tokens"),
        body.number("temperature"),
        body.number("top_p"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        logprobs ? Optional.of(true) : Optional.empty(),
        body.integer("top_logprobs"));
  }

  private Labels labels(Fields text) {
    Optional<String> user = body.text("user");
    Optional<String> safety = body.text("safety_identifier");
    if (user.isPresent() && safety.isPresent() && !user.equals(safety)) {
      losses.add("user", "safety_identifier names the user already");
    }
    return new Labels(
        safety.isPresent() ? safety : user,
        metadata(),
        body.text("service_tier"),
        body.text("prompt_cache_key"),
        text.text("verbosity"),
        body.flag("store"));
  }

  private Map<String, String> metadata() {
    var metadata = new HashMap<String, String>();
    body.object("metadata")
        .ifPresent(fields -> {
          for (String name : fields.node().propertyNames()) {
            fields.text(name).ifPresent(value -> metadata.put(name, value));
          }
        });
    return metadata;
  }

  /** Members that ask for what happens anyway. */
  private void defaults() {
    body.ignore("background"); // true was refused
    // Padding against traffic analysis is a matter of the connection it is sent on.
    body.object("stream_options").ifPresent(options -> options.ignore("include_obfuscation"));
    Optional<String> truncation = body.text("truncation");
    if (truncation.isPresent() && !truncation.get().equals("disabled")) {
      body.reject("truncation");
    }
  }
}
