package dev.understudy.protocol.openaichat;

import dev.understudy.chat.Part;
import dev.understudy.chat.Source;
import dev.understudy.json.Fields;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** Images, sounds and files: their addresses, their media types, and OpenAI's short words. */
final class Media {
  private Media() {}

  /** What an address holds: a {@code data:} URL is the bytes themselves. */
  static Source source(String url) {
    if (!url.regionMatches(true, 0, "data:", 0, 5)) {
      return new Source.Url(url, Optional.empty());
    }
    int comma = url.indexOf(',');
    if (comma < 0) {
      return new Source.Url(url, Optional.empty());
    }
    String head = url.substring(5, comma);
    String data = url.substring(comma + 1);
    int semicolon = head.indexOf(';');
    String type = semicolon < 0 ? head : head.substring(0, semicolon);
    String mediaType = type.isEmpty() ? "text/plain" : type;
    if (head.toLowerCase(Locale.ROOT).endsWith(";base64")) {
      return new Source.Inline(mediaType, data);
    }
    byte[] plain =
        URLDecoder.decode(data.replace("+", "%2B"), StandardCharsets.UTF_8)
            .getBytes(StandardCharsets.UTF_8);
    return new Source.Inline(mediaType, Base64.getEncoder().encodeToString(plain));
  }

  static String dataUrl(Source.Inline inline) {
    return "data:" + inline.mediaType() + ";base64," + inline.base64();
  }

  /** The image of a part whose {@code image_url} is an object, or with Mistral a string. */
  static Optional<Part> image(Fields part) {
    if (part.node().path("image_url").isString()) {
      return part.text("image_url").map(url -> new Part.Image(source(url), Optional.empty()));
    }
    return part.object("image_url")
        .map(image -> new Part.Image(source(image.requiredText("url")), image.text("detail")));
  }

  /** A sound in an answer, where only the request said which format it has. */
  static Source sound(String base64) {
    String mediaType = "audio/pcm";
    if (base64.startsWith("UklGR")) {
      mediaType = "audio/wav";
    } else if (base64.startsWith("SUQz") || base64.startsWith("//")) {
      mediaType = "audio/mpeg";
    } else if (base64.startsWith("T2dnUw")) {
      mediaType = "audio/ogg";
    } else if (base64.startsWith("ZkxhQ")) {
      mediaType = "audio/flac";
    }
    return new Source.Inline(mediaType, base64);
  }

  /** The media type of {@code input_audio.format}. */
  static String audioType(String format) {
    return format.equals("mp3") ? "audio/mpeg" : "audio/" + format;
  }

  /** OpenAI's word for a media type; it takes no others. */
  static Optional<String> audioFormat(String mediaType) {
    return switch (mediaType.toLowerCase(Locale.ROOT)) {
      case "audio/wav", "audio/x-wav", "audio/wave" -> Optional.of("wav");
      case "audio/mpeg", "audio/mp3" -> Optional.of("mp3");
      default -> Optional.empty();
    };
  }

  /** The media type of a file that comes without one, by its name. */
  static String fileType(Optional<String> filename) {
    String name = filename.orElse("").toLowerCase(Locale.ROOT);
    if (name.endsWith(".txt")) {
      return "text/plain";
    }
    if (name.endsWith(".csv")) {
      return "text/csv";
    }
    if (name.endsWith(".md")) {
      return "text/markdown";
    }
    return "application/pdf";
  }
}
