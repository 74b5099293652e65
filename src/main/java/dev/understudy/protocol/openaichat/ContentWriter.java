package dev.understudy.protocol.openaichat;

import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Source;
import dev.understudy.json.Json;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.Quirk;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Writes the parts of a user's message, each as one content part or as none and a loss. */
final class ContentWriter {
  private final Dialect dialect;
  private final Losses losses;

  ContentWriter(Dialect dialect, Losses losses) {
    this.dialect = dialect;
    this.losses = losses;
  }

  Optional<ObjectNode> part(Part part, String path) {
    return switch (part) {
      case Part.Text(String text, _, _) -> Optional.of(text(text));
      case Part.Refusal(String text) -> Optional.of(text(text));
      case Part.Image(var source, var detail) -> image(source, detail, path);
      case Part.Audio(var source, _) -> audio(source, path);
      case Part.Document document -> document(document, path);
      case Part.Foreign(var origin, var json) ->
          origin.equals(ProtocolName.OPENAI_CHAT) && Json.parse(json) instanceof ObjectNode own
              ? Optional.of(own)
              : lost(path, "a part that only " + origin + " has");
      case Part.Video _ -> lost(path, "videos are not taken");
      case Part.CachePoint _ -> Optional.empty();
      case Part.ToolCall _, Part.ToolResult _, Part.Reasoning _ ->
          lost(path, "it cannot stand here");
    };
  }

  static ObjectNode text(String text) {
    ObjectNode part = Json.object();
    part.put("type", "text");
    part.put("text", text);
    return part;
  }

  private Optional<ObjectNode> image(Source source, Optional<String> detail, String path) {
    String url;
    switch (source) {
      case Source.Inline inline -> url = Media.dataUrl(inline);
      case Source.Url(String address, _) -> url = address;
      case Source.FileId _, Source.PlainText _ -> {
        return lost(path, "an image must be given by its bytes or its address");
      }
    }
    ObjectNode part = Json.object();
    part.put("type", "image_url");
    ObjectNode image = part.putObject("image_url");
    image.put("url", url);
    detail.ifPresent(wish -> image.put("detail", wish));
    return Optional.of(part);
  }

  private Optional<ObjectNode> audio(Source source, String path) {
    if (!(source instanceof Source.Inline(var mediaType, var base64))) {
      return lost(path, "a sound must be given by its bytes");
    }
    Optional<String> format = Media.audioFormat(mediaType);
    if (format.isEmpty()) {
      return lost(path, "sounds are wav or mp3 here");
    }
    ObjectNode part = Json.object();
    part.put("type", "input_audio");
    part.putObject("input_audio").put("data", base64).put("format", format.get());
    return Optional.of(part);
  }

  private Optional<ObjectNode> document(Part.Document document, String path) {
    if (document.citable()) {
      losses.add(path + ".citations", "documents are not cited here");
    }
    return switch (document.source()) {
      case Source.PlainText(String text) -> Optional.of(plain(document, text));
      case Source.Inline inline -> {
        if (inline.mediaType().toLowerCase(Locale.ROOT).startsWith("text/")) {
          Optional<String> text = decode(inline.base64());
          if (text.isPresent()) {
            yield Optional.of(plain(document, text.get()));
          }
        }
        lostContext(document, path);
        if (dialect.has(Quirk.MISTRAL_NAMES)) {
          yield Optional.of(mistral(Media.dataUrl(inline), document));
        }
        ObjectNode part = Json.object();
        part.put("type", "file");
        ObjectNode file = part.putObject("file");
        file.put("filename", document.title().orElse("document." + extension(inline)));
        file.put("file_data", Media.dataUrl(inline));
        yield Optional.of(part);
      }
      case Source.FileId(var origin, var id, _) -> {
        if (!origin.equals(ProtocolName.OPENAI_CHAT)
            && !origin.equals(ProtocolName.OPENAI_RESPONSES)) {
          yield lost(path, "a file that was uploaded to another vendor");
        }
        lostContext(document, path);
        ObjectNode part = Json.object();
        part.put("type", "file");
        ObjectNode file = part.putObject("file");
        file.put("file_id", id);
        // OpenAI takes a name beside an id, and shows the model the file's own.
        document.title().ifPresent(title -> file.put("filename", title));
        yield Optional.of(part);
      }
      case Source.Url(String url, _) -> {
        if (dialect.has(Quirk.MISTRAL_NAMES)) {
          lostContext(document, path);
          yield Optional.of(mistral(url, document));
        }
        yield lost(path, "a document must be given by its bytes");
      }
    };
  }

  /** https://docs.mistral.ai/capabilities/document_ai/document_qna */
  private static ObjectNode mistral(String url, Part.Document document) {
    ObjectNode part = Json.object();
    part.put("type", "document_url");
    part.put("document_url", url);
    document.title().ifPresent(title -> part.put("document_name", title));
    return part;
  }

  private void lostContext(Part.Document document, String path) {
    if (document.context().isPresent()) {
      losses.add(path + ".context", "files have no description here");
    }
  }

  private static ObjectNode plain(Part.Document document, String text) {
    var all = new StringBuilder();
    document.title().ifPresent(title -> all.append(title).append("\n\n"));
    document.context().ifPresent(context -> all.append(context).append("\n\n"));
    return text(all.append(text).toString());
  }

  private static Optional<String> decode(String base64) {
    try {
      return Optional.of(
          new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String extension(Source.Inline inline) {
    String type = inline.mediaType();
    String sub = type.substring(type.indexOf('/') + 1);
    return sub.matches("[a-z0-9]{1,5}") ? sub : "bin";
  }

  private Optional<ObjectNode> lost(String path, String reason) {
    losses.add(path, reason);
    return Optional.empty();
  }
}
