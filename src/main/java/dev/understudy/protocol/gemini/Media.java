package dev.understudy.protocol.gemini;

import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Source;
import dev.understudy.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Images, sounds, films and documents to and from {@code inlineData} and {@code fileData}. */
final class Media {
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("png", "image/png"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("jpeg", "image/jpeg"),
          Map.entry("webp", "image/webp"),
          Map.entry("gif", "image/gif"),
          Map.entry("heic", "image/heic"),
          Map.entry("heif", "image/heif"),
          Map.entry("wav", "audio/wav"),
          Map.entry("mp3", "audio/mpeg"),
          Map.entry("aiff", "audio/aiff"),
          Map.entry("aac", "audio/aac"),
          Map.entry("ogg", "audio/ogg"),
          Map.entry("flac", "audio/flac"),
          Map.entry("m4a", "audio/m4a"),
          Map.entry("mp4", "video/mp4"),
          Map.entry("mpeg", "video/mpeg"),
          Map.entry("mpg", "video/mpeg"),
          Map.entry("mov", "video/quicktime"),
          Map.entry("avi", "video/x-msvideo"),
          Map.entry("webm", "video/webm"),
          Map.entry("wmv", "video/wmv"),
          Map.entry("3gp", "video/3gpp"),
          Map.entry("flv", "video/x-flv"),
          Map.entry("pdf", "application/pdf"),
          Map.entry("txt", "text/plain"),
          Map.entry("md", "text/markdown"),
          Map.entry("csv", "text/csv"),
          Map.entry("html", "text/html"),
          Map.entry("htm", "text/html"),
          Map.entry("xml", "text/xml"),
          Map.entry("json", "application/json"),
          Map.entry("rtf", "text/rtf"));

  private Media() {}

  /** A part that holds {@code inlineData}, {@code fileData} or neither. */
  static Optional<Part> read(ProtoFields part) {
    Optional<ProtoFields> inline = part.object("inlineData");
    if (inline.isPresent()) {
      ProtoFields blob = inline.get();
      String type = blob.text("mimeType").orElse("application/octet-stream");
      String data = standardBase64(blob.text("data").orElse(""));
      return Optional.of(part(source(type, data), type, blob, part));
    }
    return part.object("fileData").map(file -> file(file, part));
  }

  private static Part file(ProtoFields file, ProtoFields part) {
    String uri = file.text("fileUri").orElse("");
    Optional<String> type = file.text("mimeType").filter(text -> !text.isEmpty());
    Source source =
        isStoredAtGoogle(uri)
            ? new Source.FileId(ProtocolName.GEMINI, uri, type)
            : new Source.Url(uri, type);
    String known =
        type.or(() -> guess(uri)).orElse(isYouTube(uri) ? "video/*" : "application/octet-stream");
    return part(source, known, file, part);
  }

  private static Part part(Source source, String type, ProtoFields holder, ProtoFields part) {
    if (type.startsWith("image/")) {
      Optional<String> detail =
          part.object("mediaResolution").flatMap(found -> found.word("level")).map(Media::detail);
      return new Part.Image(source, detail);
    }
    if (type.startsWith("audio/")) {
      return new Part.Audio(source, Optional.empty());
    }
    if (type.startsWith("video/")) {
      return new Part.Video(source);
    }
    return new Part.Document(source, holder.text("displayName"), Optional.empty(), false);
  }

  private static String detail(String level) {
    return level.replace("MEDIA_RESOLUTION_", "").toLowerCase(Locale.ROOT);
  }

  private static Source source(String type, String base64) {
    // Other protocols know a document of plain text, but no text in base64.
    if (type.equals("text/plain")) {
      try {
        var decoder = StandardCharsets.UTF_8.newDecoder();
        var bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64));
        return new Source.PlainText(decoder.decode(bytes).toString());
      } catch (CharacterCodingException | IllegalArgumentException e) {
        return new Source.Inline(type, base64);
      }
    }
    return new Source.Inline(type, base64);
  }

  /**
   * The part that carries the source; empty if this protocol has none for it. Without a known media
   * type {@code fileData} goes without, and {@code mimeType} is missing in the result.
   */
  static Optional<ObjectNode> write(Source source) {
    return switch (source) {
      case Source.Inline(String type, String base64) -> Optional.of(inline(type, base64));
      case Source.PlainText(String text) ->
          Optional.of(
              inline(
                  "text/plain",
                  Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
      case Source.Url(String url, Optional<String> type) ->
          Optional.of(dataUrl(url).orElseGet(() -> file(url, type.or(() -> guess(url)))));
      case Source.FileId(ProtocolName origin, String id, Optional<String> type) ->
          origin.equals(ProtocolName.GEMINI)
              ? Optional.of(file(id, type.or(() -> guess(id))))
              : Optional.empty();
    };
  }

  private static ObjectNode inline(String type, String base64) {
    var part = Json.object();
    part.putObject("inlineData").put("mimeType", type).put("data", base64);
    return part;
  }

  private static ObjectNode file(String uri, Optional<String> type) {
    var part = Json.object();
    ObjectNode file = part.putObject("fileData");
    type.ifPresent(text -> file.put("mimeType", text));
    file.put("fileUri", uri);
    return part;
  }

  private static Optional<ObjectNode> dataUrl(String url) {
    int comma = url.indexOf(',');
    if (!url.startsWith("data:") || comma < 0 || !url.substring(0, comma).endsWith(";base64")) {
      return Optional.empty();
    }
    String type = url.substring(5, comma - ";base64".length());
    return Optional.of(inline(type, url.substring(comma + 1)));
  }

  /** The media type that an address ends in. */
  static Optional<String> guess(String url) {
    int end = url.length();
    for (char stop : new char[] {'?', '#'}) {
      int at = url.indexOf(stop);
      end = at < 0 ? end : Math.min(end, at);
    }
    String path = url.substring(0, end);
    int dot = path.lastIndexOf('.');
    return dot < path.lastIndexOf('/')
        ? Optional.empty()
        : Optional.ofNullable(TYPES.get(path.substring(dot + 1).toLowerCase(Locale.ROOT)));
  }

  /** Files of the Gemini API and of Cloud Storage: nobody else can fetch them. */
  private static boolean isStoredAtGoogle(String uri) {
    return uri.startsWith("gs://")
        || uri.startsWith("files/")
        || uri.startsWith("https://generativelanguage.googleapis.com/");
  }

  static boolean isYouTube(String uri) {
    return uri.startsWith("https://www.youtube.com/")
        || uri.startsWith("https://youtube.com/")
        || uri.startsWith("https://youtu.be/");
  }

  /** Google takes both alphabets of base64, other vendors the standard one, padded. */
  static String standardBase64(String text) {
    String standard = text;
    if (text.indexOf('-') >= 0 || text.indexOf('_') >= 0) {
      standard = text.replace('-', '+').replace('_', '/');
    }
    int over = standard.length() % 4;
    return over == 0 || over == 1 ? standard : standard + "=".repeat(4 - over);
  }
}
