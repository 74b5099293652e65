package dev.understudy.protocol.openairesponses;

import dev.understudy.chat.Citation;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Source;
import dev.understudy.json.Json;
import dev.understudy.protocol.Losses;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes the content parts of messages and of tools' outputs. */
final class ContentWriter {
  private final boolean marksCache;
  private final Losses losses;

  ContentWriter(boolean marksCache, Losses losses) {
    this.marksCache = marksCache;
    this.losses = losses;
  }

  /** What the model said itself. */
  void said(Part part, String path, ArrayNode content) {
    switch (part) {
      case Part.Text text -> {
        ObjectNode written =
            content.addObject().put("type", "output_text").put("text", text.text());
        ArrayNode annotations = written.putArray("annotations");
        for (Citation citation : text.citations()) {
          annotations.add(Annotations.write(citation, text.text()));
        }
      }
      case Part.Refusal(String text) ->
          content.addObject().put("type", "refusal").put("refusal", text);
      case Part.CachePoint _ -> losses.add(path, "what a model said takes no cache mark");
      case Part.Image _, Part.Audio _, Part.Video _, Part.Document _ ->
          losses.add(path, "a model's messages hold text only");
      case Part.ToolCall _, Part.ToolResult _, Part.Reasoning _, Part.Foreign _ ->
          throw new IllegalStateException("an item inside a message");
    }
  }

  /** What a person, an operator or a tool put on the table. */
  void given(Part part, String path, ArrayNode content) {
    switch (part) {
      case Part.Text text -> content.addObject().put("type", "input_text").put("text", text.text());
      case Part.Refusal(String text) ->
          content.addObject().put("type", "input_text").put("text", text);
      case Part.Image(var source, var detail) -> image(source, detail, path, content);
      case Part.Document document -> document(document, path, content);
      case Part.Audio(var source, var transcript) -> audio(source, transcript, path, content);
      case Part.CachePoint(var ttl) -> mark(ttl, path, content);
      case Part.Video _ -> losses.add(path, "this protocol takes no video");
      case Part.ToolCall _, Part.ToolResult _, Part.Reasoning _, Part.Foreign _ ->
          losses.add(path, "has no place inside a message or a tool's output");
    }
  }

  private void image(Source source, Optional<String> detail, String path, ArrayNode content) {
    var image = Json.object().put("type", "input_image");
    switch (source) {
      case Source.Inline inline -> image.put("image_url", DataUrl.write(inline));
      case Source.Url(String url, _) -> image.put("image_url", url);
      case Source.FileId(var origin, String id, _) -> {
        if (!isOurs(origin, path)) {
          return;
        }
        image.put("file_id", id);
      }
      case Source.PlainText _ -> {
        losses.add(path, "a picture given as text");
        return;
      }
    }
    detail.ifPresent(wish -> image.put("detail", wish));
    content.add(image);
  }

  private void document(Part.Document document, String path, ArrayNode content) {
    document.context().ifPresent(_ -> losses.add(path + ".context", "files have no context here"));
    if (document.citable()) {
      losses.add(path, "citations of a document cannot be asked for");
    }
    var file = Json.object().put("type", "input_file");
    switch (document.source()) {
      case Source.Inline inline ->
          file.put("filename", document.title().orElse(DataUrl.nameOf(inline.mediaType())))
              .put("file_data", DataUrl.write(inline));
      case Source.Url(String url, _) -> {
        document.title().ifPresent(title -> file.put("filename", title));
        file.put("file_url", url);
      }
      case Source.FileId(var origin, String id, _) -> {
        if (!isOurs(origin, path)) {
          return;
        }
        document.title().ifPresent(title -> file.put("filename", title));
        file.put("file_id", id);
      }
      case Source.PlainText(String text) -> {
        // Every vendor of this protocol reads text; not every one reads text files.
        String whole = document.title().map(title -> title + "\n\n" + text).orElse(text);
        content.addObject().put("type", "input_text").put("text", whole);
        return;
      }
    }
    content.add(file);
  }

  private void audio(Source source, Optional<String> transcript, String path, ArrayNode content) {
    if (source instanceof Source.Inline(String mediaType, String base64)) {
      ObjectNode audio = content.addObject().put("type", "input_audio").putObject("input_audio");
      audio.put("data", base64).put("format", format(mediaType));
    } else if (transcript.isPresent()) {
      losses.add(path, "only the transcript of a sound that is stored elsewhere");
      content.addObject().put("type", "input_text").put("text", transcript.get());
    } else {
      losses.add(path, "a sound must be given as bytes");
    }
  }

  private static String format(String mediaType) {
    String format = mediaType.substring(mediaType.indexOf('/') + 1);
    return switch (format) {
      case "mpeg", "mp3" -> "mp3";
      case "x-wav", "wave", "vnd.wave" -> "wav";
      default -> format;
    };
  }

  private void mark(Optional<String> ttl, String path, ArrayNode content) {
    if (!marksCache || content.isEmpty()) {
      losses.add(path, "this model caches prompts by itself and takes no mark here");
      return;
    }
    ttl.ifPresent(_ -> losses.add(path + ".ttl", "cache marks have one lifetime for all here"));
    if (content.get(content.size() - 1) instanceof ObjectNode last) {
      last.putObject("prompt_cache_breakpoint").put("mode", "explicit");
    }
  }

  private boolean isOurs(ProtocolName origin, String path) {
    boolean ours =
        origin.equals(ProtocolName.OPENAI_RESPONSES) || origin.equals(ProtocolName.OPENAI_CHAT);
    if (!ours) {
      losses.add(path, "a file that was uploaded to a vendor of " + origin);
    }
    return ours;
  }
}
