package dev.understudy.protocol.bedrock;

import dev.understudy.chat.Citation;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Role;
import dev.understudy.chat.Seal;
import dev.understudy.chat.Source;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes the parts of messages as Converse's content blocks. */
final class ConverseContent {
  /** Converse refuses longer names of documents, in characters. */
  private static final int DOCUMENT_NAME_MAX = 200;

  private final Dialect dialect;
  private final ConverseFamily family;
  private final Losses losses;
  private final Set<String> documentNames = new HashSet<>();

  ConverseContent(Dialect dialect, ConverseFamily family, Losses losses) {
    this.dialect = dialect;
    this.family = family;
    this.losses = losses;
  }

  /** Appends instructions: text and cache marks are all there can be. */
  void system(List<Part> parts, String path, ArrayNode system) {
    for (int i = 0; i < parts.size(); i++) {
      String at = path + ".content[" + i + "]";
      switch (parts.get(i)) {
        case Part.Text text -> text(text.text(), system);
        case Part.CachePoint(var ttl) -> {
          if (!system.isEmpty()) {
            cachePoint(ttl, family, at, system, losses);
          }
        }
        case Part.Foreign foreign -> foreign(foreign, at, system);
        case Part.Image _,
            Part.Audio _,
            Part.Video _,
            Part.Document _,
            Part.ToolCall _,
            Part.ToolResult _,
            Part.Reasoning _,
            Part.Refusal _ ->
            losses.add(at, "Converse's instructions are text");
      }
    }
  }

  /** Appends one part of a turn. */
  void block(Part part, Role role, String path, ArrayNode blocks) {
    switch (part) {
      case Part.Text text -> cited(text, role, path, blocks);
      case Part.Image image -> image(image, path, blocks);
      case Part.Document document -> document(document, path, blocks);
      case Part.Video(Source source) -> media("video", source, ConverseMedia::video, path, blocks);
      case Part.Audio audio -> audio(audio, role, path, blocks);
      case Part.ToolCall call -> toolCall(call, path, blocks);
      case Part.ToolResult result -> toolResult(result, path, blocks);
      case Part.Reasoning reasoning -> reasoning(reasoning, path, blocks);
      case Part.Refusal(String text) -> {
        losses.add(path, "a refusal is sent as plain text");
        text(text, blocks);
      }
      case Part.CachePoint(var ttl) -> {
        // A mark needs something before it in the same message.
        if (!blocks.isEmpty()) {
          cachePoint(ttl, family, path, blocks, losses);
        }
      }
      case Part.Foreign foreign -> foreign(foreign, path, blocks);
    }
  }

  static void cachePoint(
      Optional<String> ttl, ConverseFamily family, String path, ArrayNode blocks, Losses losses) {
    if (!family.takesCachePoints()) {
      losses.add(path, "this model is not known to cache by marks on Bedrock");
      return;
    }
    ObjectNode mark = blocks.addObject().putObject("cachePoint");
    mark.put("type", "default");
    if (ttl.isPresent()) {
      if (ttl.get().equals("5m") || ttl.get().equals("1h")) {
        mark.put("ttl", ttl.get());
      } else {
        losses.add(path, "Converse caches for 5m or 1h");
      }
    }
  }

  private static void text(String text, ArrayNode blocks) {
    // Converse refuses empty text blocks, which say nothing anyway.
    if (!text.isEmpty()) {
      blocks.addObject().put("text", text);
    }
  }

  private void cited(Part.Text text, Role role, String path, ArrayNode blocks) {
    ArrayNode citations = Json.array();
    for (Citation citation : text.citations()) {
      if (role == Role.ASSISTANT && citation.origin().equals(ProtocolName.BEDROCK_CONVERSE)) {
        citations.add(Json.parse(citation.json()));
      } else {
        losses.add(path + ".citations", "citations of another protocol");
      }
    }
    if (!text.logprobs().isEmpty()) {
      losses.add(path + ".logprobs", "Converse has no such field");
    }
    if (citations.isEmpty() || text.text().isEmpty()) {
      text(text.text(), blocks);
      return;
    }
    ObjectNode content = blocks.addObject().putObject("citationsContent");
    content.putArray("content").addObject().put("text", text.text());
    content.set("citations", citations);
  }

  private void image(Part.Image image, String path, ArrayNode blocks) {
    if (image.detail().filter(detail -> !detail.equals("auto")).isPresent()) {
      losses.add(path + ".detail", "Converse has no such field");
    }
    media("image", image.source(), ConverseMedia::image, path, blocks);
  }

  private void audio(Part.Audio audio, Role role, String path, ArrayNode blocks) {
    if (role == Role.ASSISTANT) {
      losses.add(path, "a spoken answer is sent as what was said");
      audio.transcript().ifPresent(said -> text(said, blocks));
      return;
    }
    media("audio", audio.source(), ConverseMedia::audio, path, blocks);
  }

  private void media(
      String kind,
      Source source,
      Function<String, Optional<String>> formats,
      String path,
      ArrayNode blocks) {
    switch (source) {
      case Source.Inline(String mediaType, String base64) -> {
        Optional<String> format = formats.apply(mediaType);
        if (format.isEmpty()) {
          losses.add(path, "Converse takes no " + kind + " of this media type");
        } else {
          ObjectNode block = blocks.addObject().putObject(kind);
          block.put("format", format.get());
          block.putObject("source").put("bytes", base64);
        }
      }
      case Source.Url(String url, var mediaType) -> {
        Optional<String> format =
            mediaType.flatMap(formats).or(() -> ConverseMedia.ending(url, kind));
        if (!isS3(url)) {
          losses.add(path, "Bedrock fetches from s3:// addresses only");
        } else if (format.isEmpty()) {
          losses.add(path, "the format of the " + kind + " is not known");
        } else {
          ObjectNode block = blocks.addObject().putObject(kind);
          block.put("format", format.get());
          block.putObject("source").putObject("s3Location").put("uri", url);
        }
      }
      case Source.FileId _ -> losses.add(path, "a file that lies with another vendor");
      case Source.PlainText _ -> losses.add(path, "text in the place of " + kind);
    }
  }

  private void document(Part.Document document, String path, ArrayNode blocks) {
    ObjectNode written = Json.object();
    ObjectNode source = Json.object();
    switch (document.source()) {
      case Source.Inline(String mediaType, String base64) -> {
        Optional<String> format = ConverseMedia.document(mediaType);
        if (format.isEmpty()) {
          losses.add(path, "Converse takes no document of this media type");
          return;
        }
        written.put("format", format.get());
        source.put("bytes", base64);
      }
      case Source.Url(String url, var mediaType) -> {
        if (!isS3(url)) {
          losses.add(path, "Bedrock fetches from s3:// addresses only");
          return;
        }
        mediaType
            .flatMap(ConverseMedia::document)
            .or(() -> ConverseMedia.ending(url, "document"))
            .ifPresent(format -> written.put("format", format));
        source.putObject("s3Location").put("uri", url);
      }
      case Source.FileId _ -> {
        losses.add(path, "a file that lies with another vendor");
        return;
      }
      case Source.PlainText(String text) -> {
        written.put("format", "txt");
        source.put("text", text);
      }
    }
    written.put("name", documentName(document.title()));
    written.set("source", source);
    document.context().ifPresent(context -> written.put("context", context));
    if (document.citable()) {
      written.putObject("citations").put("enabled", true);
    }
    blocks.addObject().set("document", written);
  }

  /**
   * A name Converse takes: letters, digits, single spaces, hyphens, parentheses and brackets, and
   * each once in a request.
   */
  private String documentName(Optional<String> title) {
    String allowed = title.orElse("").replaceAll("[^a-zA-Z0-9()\\[\\]-]+", " ").strip();
    String name = allowed.isEmpty() ? "Document" : allowed;
    String cut = name.substring(0, Math.min(name.length(), DOCUMENT_NAME_MAX - 8)).strip();
    String unique = cut;
    for (int i = 2; !documentNames.add(unique.toLowerCase(Locale.ROOT)); i++) {
      unique = cut + " " + i;
    }
    return unique;
  }

  private static void toolCallInput(String json, ObjectNode call) {
    JsonNode input;
    try {
      input = json.isBlank() ? Json.object() : Json.parse(json);
    } catch (Malformed e) {
      // Models may write malformed input; Converse wants an object, so it is shown as text.
      input = Json.object().put("malformed_input", json);
    }
    call.set("input", input instanceof ObjectNode ? input : Json.object().set("input", input));
  }

  private void toolCall(Part.ToolCall call, String path, ArrayNode blocks) {
    ObjectNode written = blocks.addObject().putObject("toolUse");
    written.put("toolUseId", ConverseIds.of(call.callId()));
    written.put("name", call.tool());
    toolCallInput(call.inputJson(), written);
    if (call.seal().isPresent()) {
      losses.add(path + ".signature", "a seal of another protocol");
    }
  }

  private void toolResult(Part.ToolResult result, String path, ArrayNode blocks) {
    ObjectNode written = blocks.addObject().putObject("toolResult");
    written.put("toolUseId", ConverseIds.of(result.callId()));
    ArrayNode content = written.putArray("content");
    for (int i = 0; i < result.content().size(); i++) {
      String at = path + ".content[" + i + "]";
      Part part = result.content().get(i);
      switch (part) {
        case Part.Text _, Part.Image _, Part.Document _, Part.Video _, Part.Foreign _ ->
            block(part, Role.USER, at, content);
        case Part.CachePoint _ ->
            losses.add(at, "Converse takes no cache mark within a tool's result");
        case Part.Audio _, Part.ToolCall _, Part.ToolResult _, Part.Reasoning _, Part.Refusal _ ->
            losses.add(at, "Converse takes no such part in a tool's result");
      }
    }
    if (result.failed()) {
      written.put("status", "error");
    }
  }

  private void reasoning(Part.Reasoning reasoning, String path, ArrayNode blocks) {
    Optional<Seal> seal = reasoning.seal();
    if (seal.isEmpty() || !seal.get().isAtHome(ProtocolName.BEDROCK_CONVERSE, dialect.vendor())) {
      losses.add(path, "a thought without a seal of this vendor's");
      return;
    }
    ObjectNode content = blocks.addObject().putObject("reasoningContent");
    if (seal.get().kind().equals(ConverseSeal.REDACTED)) {
      content.put("redactedContent", seal.get().data());
    } else {
      content
          .putObject("reasoningText")
          .put("text", reasoning.text())
          .put("signature", seal.get().data());
    }
  }

  private void foreign(Part.Foreign foreign, String path, ArrayNode blocks) {
    if (foreign.origin().equals(ProtocolName.BEDROCK_CONVERSE)) {
      blocks.add(Json.parse(foreign.json()));
    } else {
      losses.add(path, "a block that only " + foreign.origin() + " knows");
    }
  }

  private static boolean isS3(String url) {
    return url.startsWith("s3://");
  }
}
