package dev.understudy.protocol.anthropic;

import dev.understudy.chat.Part;
import dev.understudy.chat.Source;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.protocol.Losses;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Images and documents, and the sources they come from. */
final class MediaBlocks {
  private MediaBlocks() {}

  /** Where the bytes are; empty for a kind of source that has no word here. */
  static Optional<Source> source(Fields block) {
    Fields source = block.requiredObject("source");
    return switch (source.requiredText("type")) {
      case "base64" ->
          Optional.of(
              new Source.Inline(source.requiredText("media_type"), source.requiredText("data")));
      case "url" -> Optional.of(new Source.Url(source.requiredText("url"), Optional.empty()));
      case "file" ->
          Optional.of(
              new Source.FileId(Seals.HOME, source.requiredText("file_id"), Optional.empty()));
      case "text" -> {
        source.ignore("media_type"); // "text/plain" is the only one
        yield Optional.of(new Source.PlainText(source.requiredText("data")));
      }
      case "content" -> texts(source, "content").map(Source.PlainText::new);
      default -> {
        source.ignoreRest();
        yield Optional.empty();
      }
    };
  }

  /** A document; empty if its source has no word here, as one of pictures has none. */
  static Optional<Part> document(Fields block) {
    return source(block)
        .map(source ->
            new Part.Document(
                source, block.text("title"), block.text("context"), isCitable(block)));
  }

  /**
   * A result of a search that somebody else made: a document whose context says where it is from.
   */
  static Optional<Part> searchResult(Fields block) {
    return texts(block, "content")
        .map(text ->
            new Part.Document(
                new Source.PlainText(text),
                block.text("title"),
                block.text("source"),
                isCitable(block)));
  }

  private static boolean isCitable(Fields block) {
    return block.object("citations").flatMap(citations -> citations.flag("enabled")).orElse(false);
  }

  /** Text, or blocks of nothing but text, which are put together with an empty line between. */
  private static Optional<String> texts(Fields owner, String name) {
    JsonNode value = owner.raw(name).orElseGet(Json::array);
    if (value.isString()) {
      return Optional.of(value.stringValue());
    }
    var texts = new ArrayList<String>();
    if (!(value instanceof ArrayNode blocks)) {
      return Optional.empty();
    }
    for (JsonNode block : blocks) {
      if (!block.path("type").asString("").equals("text") || !block.path("text").isString()) {
        return Optional.empty();
      }
      texts.add(block.path("text").stringValue());
    }
    return Optional.of(String.join("\n\n", texts));
  }

  /** An image's block; empty, with a loss, if the API could not take it. */
  static Optional<ObjectNode> write(Part.Image image, String path, Losses losses) {
    image
        .detail()
        .filter(detail -> !detail.equals("auto"))
        .ifPresent(_ -> losses.add(path + ".detail", "pictures have no resolution to wish for"));
    return source(image.source(), path, losses)
        .map(source -> Json.object().put("type", "image").set("source", source));
  }

  static Optional<ObjectNode> write(Part.Document document, String path, Losses losses) {
    return documentSource(document.source(), path, losses)
        .map(source -> {
          ObjectNode block = Json.object().put("type", "document");
          block.set("source", source);
          document.title().ifPresent(title -> block.put("title", title));
          document.context().ifPresent(context -> block.put("context", context));
          if (document.citable()) {
            block.set("citations", Json.object().put("enabled", true));
          }
          return block;
        });
  }

  /** Documents are PDF or text; the bytes of a text go as text. */
  private static Optional<ObjectNode> documentSource(Source source, String path, Losses losses) {
    if (!(source instanceof Source.Inline(String mediaType, String base64))
        || mediaType.equals("application/pdf")) {
      return source(source, path, losses);
    }
    if (isText(mediaType)) {
      try {
        byte[] bytes = Base64.getMimeDecoder().decode(base64);
        return source(
            new Source.PlainText(new String(bytes, StandardCharsets.UTF_8)), path, losses);
      } catch (IllegalArgumentException e) {
        losses.add(path, "is not base64");
        return Optional.empty();
      }
    }
    losses.add(path, "documents can be PDF or text only");
    return Optional.empty();
  }

  private static boolean isText(String mediaType) {
    String type = mediaType.split(";", 2)[0].strip();
    return type.startsWith("text/")
        || List.of("application/json", "application/xml", "application/x-yaml").contains(type);
  }

  private static Optional<ObjectNode> source(Source source, String path, Losses losses) {
    ObjectNode node = Json.object();
    return switch (source) {
      case Source.Inline(String mediaType, String base64) ->
          Optional.of(
              node.put("type", "base64")
                  .put("media_type", mediaType.equals("image/jpg") ? "image/jpeg" : mediaType)
                  .put("data", base64));
      case Source.Url(String url, _) -> Optional.of(node.put("type", "url").put("url", url));
      case Source.PlainText(String text) ->
          Optional.of(node.put("type", "text").put("media_type", "text/plain").put("data", text));
      case Source.FileId file -> {
        if (!file.origin().equals(Seals.HOME)) {
          losses.add(path, "a file uploaded for " + file.origin() + " is not known here");
          yield Optional.empty();
        }
        yield Optional.of(node.put("type", "file").put("file_id", file.id()));
      }
    };
  }
}
