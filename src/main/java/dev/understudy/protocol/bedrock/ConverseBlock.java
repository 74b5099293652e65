package dev.understudy.protocol.bedrock;

import dev.understudy.chat.Citation;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Source;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Dialect;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads one block of an answer's content. */
final class ConverseBlock {
  private ConverseBlock() {}

  static Part read(Fields block, Dialect dialect) {
    if (block.has("text")) {
      return new Part.Text(block.requiredText("text"));
    }
    if (block.has("toolUse") && !isServerTool(block.node().path("toolUse").path("type"))) {
      return toolCall(block.requiredObject("toolUse"));
    }
    if (block.has("reasoningContent")) {
      return reasoning(block.requiredObject("reasoningContent"), dialect);
    }
    if (block.has("citationsContent")) {
      return cited(block.requiredObject("citationsContent"));
    }
    if (block.has("image")) {
      return image(block);
    }
    return foreign(block);
  }

  /** Whether a call's {@code type} says that Bedrock itself runs the tool. */
  static boolean isServerTool(JsonNode type) {
    return type.isString() && type.stringValue().equals("server_tool_use");
  }

  /** A block that has no word here: kept whole. */
  static Part foreign(Fields block) {
    block.ignoreRest();
    return new Part.Foreign(ProtocolName.BEDROCK_CONVERSE, Json.text(block.node()));
  }

  static Citation citation(Fields citation) {
    Optional<String> url =
        citation
            .object("location")
            .flatMap(location -> {
              location.ignoreRest();
              return location.node().path("web").path("url").isString()
                  ? Optional.of(location.node().path("web").path("url").stringValue())
                  : Optional.empty();
            });
    // A search result's source is whatever the caller named it; only an address is one.
    Optional<String> source =
        citation
            .text("source")
            .filter(text -> text.startsWith("https://") || text.startsWith("http://"));
    Optional<String> title = citation.text("title");
    String text = joined(citation.objects("sourceContent"));
    return new Citation(
        url.or(() -> source),
        title,
        text.isEmpty() ? Optional.empty() : Optional.of(text),
        Optional.empty(),
        Optional.empty(),
        ProtocolName.BEDROCK_CONVERSE,
        Json.text(citation.node()));
  }

  private static Part toolCall(Fields call) {
    call.ignore("type");
    String input = call.rawJson("input").orElse("{}");
    return new Part.ToolCall(call.requiredText("toolUseId"), call.requiredText("name"), input);
  }

  private static Part reasoning(Fields content, Dialect dialect) {
    Optional<String> redacted = content.text("redactedContent");
    if (redacted.isPresent()) {
      return new Part.Reasoning(
          "", Optional.of(ConverseSeal.of(ConverseSeal.REDACTED, redacted.get(), dialect)));
    }
    Fields text = content.requiredObject("reasoningText");
    return new Part.Reasoning(
        text.text("text").orElse(""),
        text.text("signature")
            .filter(signature -> !signature.isEmpty())
            .map(signature -> ConverseSeal.of(ConverseSeal.SIGNATURE, signature, dialect)));
  }

  private static Part cited(Fields content) {
    var citations = new ArrayList<Citation>();
    content.objects("citations").forEach(citation -> citations.add(citation(citation)));
    return new Part.Text(joined(content.objects("content")), citations, List.of());
  }

  private static Part image(Fields block) {
    Fields image = block.requiredObject("image");
    Optional<String> bytes = image.object("source").flatMap(source -> source.text("bytes"));
    Optional<String> format = image.text("format");
    if (bytes.isEmpty() || format.isEmpty()) {
      return foreign(block);
    }
    return new Part.Image(
        new Source.Inline("image/" + format.get(), bytes.get()), Optional.empty());
  }

  private static String joined(List<Fields> pieces) {
    var text = new StringBuilder();
    for (Fields piece : pieces) {
      text.append(piece.text("text").orElse(""));
    }
    return text.toString();
  }

  /** A block put together from a stream, read as if it had come in one piece. */
  static Part read(ObjectNode block, Dialect dialect, Fields parent) {
    try {
      return read(parent.child(block, parent.path()), dialect);
    } catch (Malformed e) {
      return new Part.Foreign(ProtocolName.BEDROCK_CONVERSE, Json.text(block));
    }
  }
}
