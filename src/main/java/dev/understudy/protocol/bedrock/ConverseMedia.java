package dev.understudy.protocol.bedrock;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Converse's formats of images, documents, videos and sounds, by media type and by the ending of a
 * name (API_runtime_ImageBlock.html, …DocumentBlock, …VideoBlock, …AudioBlock).
 */
final class ConverseMedia {
  private ConverseMedia() {}

  private static final Map<String, String> IMAGES =
      Map.of(
          "image/png", "png",
          "image/jpeg", "jpeg",
          "image/jpg", "jpeg",
          "image/gif", "gif",
          "image/webp", "webp");

  private static final Map<String, String> DOCUMENTS =
      Map.ofEntries(
          Map.entry("application/pdf", "pdf"),
          Map.entry("text/csv", "csv"),
          Map.entry("application/csv", "csv"),
          Map.entry("application/msword", "doc"),
          Map.entry(
              "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
          Map.entry("application/vnd.ms-excel", "xls"),
          Map.entry("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
          Map.entry("text/html", "html"),
          Map.entry("text/plain", "txt"),
          Map.entry("text/markdown", "md"),
          Map.entry("text/x-markdown", "md"));

  private static final Map<String, String> VIDEOS =
      Map.ofEntries(
          Map.entry("video/x-matroska", "mkv"),
          Map.entry("video/mkv", "mkv"),
          Map.entry("video/quicktime", "mov"),
          Map.entry("video/mov", "mov"),
          Map.entry("video/mp4", "mp4"),
          Map.entry("video/webm", "webm"),
          Map.entry("video/x-flv", "flv"),
          Map.entry("video/flv", "flv"),
          Map.entry("video/mpeg", "mpeg"),
          Map.entry("video/mpg", "mpg"),
          Map.entry("video/x-ms-wmv", "wmv"),
          Map.entry("video/wmv", "wmv"),
          Map.entry("video/3gpp", "three_gp"));

  private static final Map<String, String> SOUNDS =
      Map.ofEntries(
          Map.entry("audio/mpeg", "mp3"),
          Map.entry("audio/mp3", "mp3"),
          Map.entry("audio/opus", "opus"),
          Map.entry("audio/wav", "wav"),
          Map.entry("audio/x-wav", "wav"),
          Map.entry("audio/wave", "wav"),
          Map.entry("audio/aac", "aac"),
          Map.entry("audio/x-aac", "x-aac"),
          Map.entry("audio/flac", "flac"),
          Map.entry("audio/x-flac", "flac"),
          Map.entry("audio/mp4", "mp4"),
          Map.entry("audio/m4a", "m4a"),
          Map.entry("audio/x-m4a", "m4a"),
          Map.entry("audio/ogg", "ogg"),
          Map.entry("audio/webm", "webm"),
          Map.entry("audio/x-matroska", "mka"),
          Map.entry("audio/pcm", "pcm"),
          Map.entry("audio/l16", "pcm"));

  static Optional<String> image(String mediaType) {
    return find(IMAGES, mediaType);
  }

  static Optional<String> document(String mediaType) {
    return find(DOCUMENTS, mediaType);
  }

  static Optional<String> video(String mediaType) {
    return find(VIDEOS, mediaType);
  }

  static Optional<String> audio(String mediaType) {
    return find(SOUNDS, mediaType);
  }

  /** The format that an address ends in, such as {@code jpeg} for {@code s3://b/cat.JPG}. */
  static Optional<String> ending(String url, String kind) {
    int dot = url.lastIndexOf('.');
    if (dot < url.lastIndexOf('/')) {
      return Optional.empty();
    }
    String ending = url.substring(dot + 1).toLowerCase(Locale.ROOT);
    return switch (kind) {
      case "image" -> known(IMAGES, ending.equals("jpg") ? "jpeg" : ending);
      case "document" -> known(DOCUMENTS, ending.equals("htm") ? "html" : ending);
      case "video" -> known(VIDEOS, ending.equals("3gp") ? "three_gp" : ending);
      default -> known(SOUNDS, ending);
    };
  }

  private static Optional<String> known(Map<String, String> formats, String format) {
    return formats.containsValue(format) ? Optional.of(format) : Optional.empty();
  }

  private static Optional<String> find(Map<String, String> formats, String mediaType) {
    int semicolon = mediaType.indexOf(';');
    String plain = semicolon < 0 ? mediaType : mediaType.substring(0, semicolon);
    return Optional.ofNullable(formats.get(plain.strip().toLowerCase(Locale.ROOT)));
  }
}
