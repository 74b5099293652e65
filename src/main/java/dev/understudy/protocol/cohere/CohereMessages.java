package dev.understudy.protocol.cohere;

import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Role;
import dev.understudy.chat.Seal;
import dev.understudy.chat.Source;
import dev.understudy.json.Json;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a conversation as Cohere's messages: instructions, turns, and each tool result as a
 * message of its own; documents of text go to the request's {@code documents}, where they can be
 * cited.
 */
final class CohereMessages {
  private static final Set<String> DETAILS = Set.of("auto", "low", "high");

  private final Dialect dialect;
  private final Losses losses;
  private final ArrayNode documents = Json.array();

  CohereMessages(Dialect dialect, Losses losses) {
    this.dialect = dialect;
    this.losses = losses;
  }

  void write(List<Message> messages, ObjectNode body) {
    ArrayNode written = body.putArray("messages");
    for (int i = 0; i < messages.size(); i++) {
      Message message = messages.get(i);
      String path = "messages[" + i + "]";
      message.name().ifPresent(_ -> losses.add(path + ".name", "Cohere names no speakers"));
      switch (message.role()) {
        case SYSTEM, DEVELOPER -> turn("system", message, path, written);
        case USER -> user(message, path, written);
        case ASSISTANT -> assistant(message, path, written);
      }
    }
    if (!documents.isEmpty()) {
      body.set("documents", documents);
    }
  }

  /** Tool results first, as they answer the message before; then what the person says. */
  private void user(Message message, String path, ArrayNode written) {
    for (int i = 0; i < message.parts().size(); i++) {
      if (message.parts().get(i) instanceof Part.ToolResult result) {
        toolResult(result, path + ".content[" + i + "]", written);
      }
    }
    turn("user", message, path, written);
  }

  private void turn(String role, Message message, String path, ArrayNode written) {
    ArrayNode content = Json.array();
    for (int i = 0; i < message.parts().size(); i++) {
      block(message.parts().get(i), message.role(), path + ".content[" + i + "]", content);
    }
    if (!content.isEmpty()) {
      ObjectNode turn = written.addObject();
      turn.put("role", role);
      contentOf(turn, content);
    }
  }

  /** One text is written as a string, which every model takes. */
  private static void contentOf(ObjectNode turn, ArrayNode content) {
    if (content.size() == 1 && content.get(0).path("type").stringValue("").equals("text")) {
      turn.set("content", content.get(0).get("text"));
    } else {
      turn.set("content", content);
    }
  }

  private void block(Part part, Role role, String path, ArrayNode content) {
    switch (part) {
      case Part.Text text -> {
        if (!text.citations().isEmpty()) {
          losses.add(path + ".citations", "earlier answers are sent without citations");
        }
        if (!text.logprobs().isEmpty()) {
          losses.add(path + ".logprobs", "Cohere has no such field");
        }
        text(text.text(), content);
      }
      case Part.Image image when role == Role.USER -> image(image, path, content);
      case Part.Document document when role == Role.USER -> document(document, path);
      case Part.Refusal(String text) -> {
        losses.add(path, "a refusal is sent as plain text");
        text(text, content);
      }
      case Part.CachePoint _ -> losses.add(path, "Cohere caches by itself and takes no marks");
      case Part.Audio audio when audio.transcript().isPresent() -> {
        losses.add(path, "a sound is sent as what is said in it");
        text(audio.transcript().get(), content);
      }
      case Part.Foreign foreign -> foreign(foreign, path, content);
      // Told apart by whoever calls: user messages and answers write them elsewhere.
      case Part.ToolResult _ -> {
        if (role != Role.USER) {
          losses.add(path, "a tool's result belongs into a user's message");
        }
      }
      case Part.ToolCall _, Part.Reasoning _ -> losses.add(path, "belongs into an answer");
      case Part.Image _, Part.Document _ -> losses.add(path, "belongs into a user's message");
      case Part.Audio _, Part.Video _ -> losses.add(path, "Cohere takes texts and images");
    }
  }

  private void assistant(Message message, String path, ArrayNode written) {
    ObjectNode turn = Json.object();
    turn.put("role", "assistant");
    ArrayNode content = Json.array();
    ArrayNode calls = Json.array();
    var plan = new StringBuilder();
    for (int i = 0; i < message.parts().size(); i++) {
      String at = path + ".content[" + i + "]";
      Part part = message.parts().get(i);
      if (part instanceof Part.ToolCall call) {
        toolCall(call, at, calls);
      } else if (part instanceof Part.Reasoning reasoning) {
        thought(reasoning, at, plan, content);
      } else {
        block(part, Role.ASSISTANT, at, content);
      }
    }
    if (!content.isEmpty()) {
      contentOf(turn, content);
    }
    if (!calls.isEmpty()) {
      turn.set("tool_calls", calls);
    }
    if (!plan.isEmpty()) {
      turn.put("tool_plan", plan.toString());
    }
    if (turn.size() > 1) {
      written.add(turn);
    }
  }

  private void thought(
      Part.Reasoning reasoning, String path, StringBuilder plan, ArrayNode content) {
    Optional<Seal> seal = reasoning.seal();
    if (seal.isEmpty() || !seal.get().isAtHome(ProtocolName.COHERE_CHAT, dialect.vendor())) {
      losses.add(path, "a thought that is not this vendor's");
    } else if (seal.get().kind().equals(CohereSeal.TOOL_PLAN)) {
      plan.append(reasoning.text());
    } else {
      content.addObject().put("type", "thinking").put("thinking", reasoning.text());
    }
  }

  private void toolCall(Part.ToolCall call, String path, ArrayNode calls) {
    ObjectNode written = calls.addObject();
    written.put("id", call.callId());
    written.put("type", "function");
    written
        .putObject("function")
        .put("name", call.tool())
        .put("arguments", call.inputJson().isBlank() ? "{}" : call.inputJson());
    call.seal().ifPresent(_ -> losses.add(path + ".signature", "a seal of another protocol"));
  }

  private void toolResult(Part.ToolResult result, String path, ArrayNode written) {
    ArrayNode content = Json.array();
    for (int i = 0; i < result.content().size(); i++) {
      String at = path + ".content[" + i + "]";
      switch (result.content().get(i)) {
        case Part.Text text -> text(text.text(), content);
        case Part.Document document ->
            data(document, at)
                .ifPresent(data -> {
                  ObjectNode block = content.addObject();
                  block.put("type", "document");
                  block.putObject("document").set("data", data);
                });
        case Part.Foreign foreign -> foreign(foreign, at, content);
        case Part.Image _,
            Part.Audio _,
            Part.Video _,
            Part.ToolCall _,
            Part.ToolResult _,
            Part.Reasoning _,
            Part.Refusal _,
            Part.CachePoint _ ->
            losses.add(at, "Cohere takes texts and documents in a tool's result");
      }
    }
    if (result.failed()) {
      losses.add(path + ".is_error", "Cohere does not know failed results");
    }
    ObjectNode message = written.addObject();
    message.put("role", "tool");
    message.put("tool_call_id", result.callId());
    if (content.isEmpty()) {
      message.put("content", "");
    } else {
      contentOf(message, content);
    }
  }

  private static void text(String text, ArrayNode content) {
    if (!text.isEmpty()) {
      content.addObject().put("type", "text").put("text", text);
    }
  }

  private void image(Part.Image image, String path, ArrayNode content) {
    String url =
        switch (image.source()) {
          case Source.Inline(String mediaType, String base64) ->
              "data:" + mediaType + ";base64," + base64;
          case Source.Url(String address, _) -> address;
          case Source.FileId _, Source.PlainText _ -> "";
        };
    if (url.isEmpty()) {
      losses.add(path, "Cohere takes images by address or inline");
      return;
    }
    ObjectNode block = content.addObject();
    block.put("type", "image_url");
    ObjectNode written = block.putObject("image_url");
    written.put("url", url);
    if (image.detail().isPresent()) {
      if (DETAILS.contains(image.detail().get())) {
        written.put("detail", image.detail().get());
      } else {
        losses.add(path + ".detail", "Cohere knows auto, low and high");
      }
    }
  }

  private void document(Part.Document document, String path) {
    data(document, path)
        .ifPresent(data -> {
          ObjectNode written = documents.addObject();
          written.put("id", "doc:" + (documents.size() - 1));
          written.set("data", data);
        });
  }

  /** A document as Cohere's dictionary of texts; empty if it is not of text. */
  private Optional<ObjectNode> data(Part.Document document, String path) {
    Optional<String> text =
        switch (document.source()) {
          case Source.PlainText(String plain) -> Optional.of(plain);
          case Source.Inline(String mediaType, String base64) when mediaType.startsWith("text/") ->
              decoded(base64);
          case Source.Inline _, Source.Url _, Source.FileId _ -> Optional.empty();
        };
    if (text.isEmpty()) {
      losses.add(path, "Cohere takes documents of plain text");
      return Optional.empty();
    }
    ObjectNode data = Json.object();
    data.put("text", text.get());
    document.title().ifPresent(title -> data.put("title", title));
    document.context().ifPresent(context -> data.put("context", context));
    return Optional.of(data);
  }

  private static Optional<String> decoded(String base64) {
    try {
      return Optional.of(
          new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private void foreign(Part.Foreign foreign, String path, ArrayNode content) {
    if (foreign.origin().equals(ProtocolName.COHERE_CHAT)) {
      content.add(Json.parse(foreign.json()));
    } else {
      losses.add(path, "a block that only " + foreign.origin() + " knows");
    }
  }
}
