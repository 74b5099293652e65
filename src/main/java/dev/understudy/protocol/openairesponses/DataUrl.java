package dev.understudy.protocol.openairesponses;

import dev.understudy.chat.Source;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Bytes inside an address: {@code data:image/png;base64,…}. */
final class DataUrl {
  private static final Map<String, String> TYPES =
      Map.of(
          "pdf", "application/pdf",
          "txt", "text/plain",
          "md", "text/markdown",
          "csv", "text/csv",
          "html", "text/html",
          "json", "application/json");

  private DataUrl() {}

  /** Reads a data address in base64; empty if the text is none. */
  static Optional<Source.Inline> read(String text) {
    int comma = text.indexOf(',');
    if (!text.regionMatches(true, 0, "data:", 0, 5) || comma < 0) {
      return Optional.empty();
    }
    String head = text.substring(5, comma);
    if (!head.toLowerCase(Locale.ROOT).endsWith(";base64")) {
      return Optional.empty();
    }
    String type = head.substring(0, head.length() - ";base64".length());
    return Optional.of(
        new Source.Inline(type.isEmpty() ? "text/plain" : type, text.substring(comma + 1)));
  }

  static String write(Source.Inline inline) {
    return "data:" + inline.mediaType() + ";base64," + inline.base64();
  }

  /** The media type that a file's name suggests; a PDF where it suggests none. */
  static String typeOf(String filename) {
    String extension = filename.substring(filename.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return TYPES.getOrDefault(extension, "application/pdf");
  }

  /** A name for a file that has none: the API wants one beside {@code file_data}. */
  static String nameOf(String mediaType) {
    for (Map.Entry<String, String> entry : TYPES.entrySet()) {
      if (entry.getValue().equals(mediaType)) {
        return "document." + entry.getKey();
      }
    }
    return "document";
  }
}
