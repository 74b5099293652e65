package dev.understudy.protocol.openaichat;

import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Role;
import dev.understudy.chat.Source;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the messages of a request. Results of tools that follow each other become the parts of one
 * message, as they answer one turn.
 */
final class MessageReader {
  private final List<Message> messages = new ArrayList<>();
  private final Map<String, String> toolNames = new HashMap<>();
  private final Map<String, String> lastFunctionCall = new HashMap<>();
  private int functionCalls;
  private boolean inResults;

  private MessageReader() {}

  static List<Message> read(List<Fields> messages) {
    var reader = new MessageReader();
    messages.forEach(reader::message);
    return reader.messages;
  }

  private void message(Fields message) {
    String role = message.requiredText("role");
    switch (role) {
      case "system" -> add(Role.SYSTEM, message, content(message));
      case "developer" -> add(Role.DEVELOPER, message, content(message));
      case "user" -> add(Role.USER, message, content(message));
      case "assistant" -> add(Role.ASSISTANT, message, assistant(message));
      case "tool" -> result(toolResult(message));
      case "function" -> result(functionResult(message));
      default ->
          throw new Malformed(
              message.pathOf("role"),
              "is none of system, developer, user, assistant, tool, function");
    }
  }

  private void add(Role role, Fields message, List<Part> parts) {
    inResults = false;
    var all = new ArrayList<Part>(parts);
    ToolReader.cachePoint(message).ifPresent(all::add);
    messages.add(new Message(role, all, message.text("name")));
  }

  private void result(List<Part> parts) {
    if (inResults) {
      var all = new ArrayList<Part>(messages.removeLast().parts());
      all.addAll(parts);
      messages.add(new Message(Role.USER, all));
    } else {
      messages.add(new Message(Role.USER, parts));
    }
    inResults = true;
  }

  private List<Part> toolResult(Fields message) {
    String id = message.requiredText("tool_call_id");
    Optional<String> name = message.text("name").or(() -> Optional.ofNullable(toolNames.get(id)));
    return results(message, id, name);
  }

  private List<Part> functionResult(Fields message) {
    String name = message.requiredText("name");
    String id = lastFunctionCall.getOrDefault(name, "call_" + name);
    return results(message, id, Optional.of(name));
  }

  private List<Part> results(Fields message, String id, Optional<String> name) {
    var content = new ArrayList<Part>();
    var points = new ArrayList<Part>();
    for (Part part : content(message)) {
      (part instanceof Part.CachePoint ? points : content).add(part);
    }
    ToolReader.cachePoint(message).ifPresent(points::add);
    var all = new ArrayList<Part>();
    all.add(new Part.ToolResult(id, name, content, false));
    all.addAll(points);
    return all;
  }

  private List<Part> assistant(Fields message) {
    var parts = new ArrayList<Part>();
    var thought = new StringBuilder();
    for (Thoughts.Piece piece : Thoughts.read(message, Optional.empty())) {
      thought.append(piece.text());
      if (piece.seal().isPresent()) {
        parts.add(new Part.Reasoning(thought.toString(), piece.seal()));
        thought.setLength(0);
      }
    }
    if (!thought.isEmpty()) {
      parts.add(new Part.Reasoning(thought.toString(), Optional.empty()));
    }
    parts.addAll(cited(content(message), message));
    message
        .text("refusal")
        .filter(text -> !text.isEmpty())
        .ifPresent(text -> parts.add(new Part.Refusal(text)));
    message
        .object("audio")
        .flatMap(audio -> audio.text("id"))
        .ifPresent(id ->
            parts.add(
                new Part.Audio(
                    new Source.FileId(ProtocolName.OPENAI_CHAT, id, Optional.empty()),
                    Optional.empty())));
    message.objects("tool_calls").forEach(call -> toolCall(call, parts));
    message.object("function_call").ifPresent(call -> functionCall(call, parts));
    if (message.flag("prefix").orElse(false)) {
      // Mistral and DeepSeek go on with such a message; others would answer to it.
      message.reject("prefix");
    }
    return parts;
  }

  /** Puts what was cited in an earlier answer to its text. */
  private static List<Part> cited(List<Part> content, Fields message) {
    var citations = Annotations.read(message);
    if (citations.isEmpty()) {
      return content;
    }
    var parts = new ArrayList<Part>(content);
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i) instanceof Part.Text(var text, _, var logprobs)) {
        parts.set(i, new Part.Text(text, citations, logprobs));
        break;
      }
    }
    return parts;
  }

  private void toolCall(Fields call, List<Part> parts) {
    if (!call.has("function")) {
      parts.add(new Part.Foreign(ProtocolName.OPENAI_CHAT, Json.text(call.node())));
      call.ignoreRest();
      return;
    }
    call.ignore("type", "index");
    Fields function = call.requiredObject("function");
    String id = call.requiredText("id");
    String name = function.requiredText("name");
    toolNames.put(id, name);
    JsonNode arguments = function.raw("arguments").orElse(null);
    String input =
        arguments == null
            ? ""
            : arguments.isString() ? arguments.stringValue() : Json.text(arguments);
    parts.add(new Part.ToolCall(id, name, input, Thoughts.readSeal(call, Optional.empty())));
    ToolReader.cachePoint(call).ifPresent(parts::add);
  }

  /** A call of the deprecated {@code functions} has no id; it gets one, by its place. */
  private void functionCall(Fields call, List<Part> parts) {
    String name = call.requiredText("name");
    String id = "call_function_" + functionCalls;
    functionCalls++;
    lastFunctionCall.put(name, id);
    parts.add(new Part.ToolCall(id, name, call.text("arguments").orElse("")));
  }

  private static List<Part> content(Fields message) {
    var parts = new ArrayList<Part>();
    JsonNode content = message.node().path("content");
    if (content.isString()) {
      String text = message.requiredText("content");
      if (!text.isEmpty()) {
        parts.add(new Part.Text(text));
      }
    } else if (content instanceof ObjectNode) {
      throw new Malformed(message.pathOf("content"), "a string or an array is needed");
    } else {
      for (Fields part : message.objects("content")) {
        parts.add(part(part));
        ToolReader.cachePoint(part).ifPresent(parts::add);
      }
    }
    return parts;
  }

  private static Part part(Fields part) {
    return switch (part.requiredText("type")) {
      case "text" -> new Part.Text(part.requiredText("text"));
      case "image_url" ->
          Media.image(part)
              .orElseThrow(() -> new Malformed(part.pathOf("image_url"), "is missing"));
      case "input_audio" -> audio(part);
      case "file" -> file(part.requiredObject("file"));
      case "refusal" -> new Part.Refusal(part.requiredText("refusal"));
      case "thinking" -> new Part.Reasoning(AnswerReader.thinking(part), Optional.empty());
      case "video_url" -> new Part.Video(Media.source(address(part, "video_url")));
      case "document_url" ->
          document(Media.source(address(part, "document_url")), part.text("document_name"));
      case "file_url" -> document(Media.source(address(part, "file_url")), part.text("file_name"));
      default -> {
        String json = Json.text(part.node());
        part.ignoreRest();
        yield new Part.Foreign(ProtocolName.OPENAI_CHAT, json);
      }
    };
  }

  private static String address(Fields part, String name) {
    return part.node().path(name).isString()
        ? part.requiredText(name)
        : part.requiredObject(name).requiredText("url");
  }

  private static Part audio(Fields part) {
    if (part.node().path("input_audio").isString()) {
      return new Part.Audio(Media.sound(part.requiredText("input_audio")), Optional.empty());
    }
    Fields audio = part.requiredObject("input_audio");
    return new Part.Audio(
        new Source.Inline(
            Media.audioType(audio.text("format").orElse("wav")), audio.requiredText("data")),
        Optional.empty());
  }

  private static Part file(Fields file) {
    Optional<String> name = file.text("filename");
    Optional<String> id = file.text("file_id");
    if (id.isPresent()) {
      return document(
          new Source.FileId(ProtocolName.OPENAI_CHAT, id.get(), Optional.empty()), name);
    }
    String data = file.requiredText("file_data");
    boolean address = data.startsWith("data:") || data.startsWith("http");
    return document(
        address ? Media.source(data) : new Source.Inline(Media.fileType(name), data), name);
  }

  private static Part document(Source source, Optional<String> title) {
    return new Part.Document(source, title, Optional.empty(), false);
  }
}
