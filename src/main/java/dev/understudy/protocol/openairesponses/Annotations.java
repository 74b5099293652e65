package dev.understudy.protocol.openairesponses;

import dev.understudy.chat.Citation;
import dev.understudy.chat.ProtocolName;
import dev.understudy.json.Json;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Annotations of an output text to and from citations.
 *
 * <p>Positions are characters in the sense of Unicode code points on the wire, UTF-16 units in a
 * {@link Citation}.
 */
final class Annotations {
  private Annotations() {}

  static Citation read(ObjectNode annotation, CharSequence text) {
    return new Citation(
        text(annotation, "url"),
        text(annotation, "title").or(() -> text(annotation, "filename")),
        Optional.empty(),
        position(annotation, "start_index", text),
        position(annotation, "end_index", text),
        ProtocolName.OPENAI_RESPONSES,
        Json.text(annotation));
  }

  /** A citation of another protocol becomes the annotation that says most of it. */
  static ObjectNode write(Citation citation, CharSequence text) {
    if (citation.origin().equals(ProtocolName.OPENAI_RESPONSES)) {
      return Json.parseObject(citation.json());
    }
    var annotation = Json.object();
    if (citation.url().isPresent()) {
      return annotation
          .put("type", "url_citation")
          .put("start_index", points(text, citation.start().orElse(0L)))
          .put("end_index", points(text, citation.end().orElse((long) text.length())))
          .put("url", citation.url().get())
          .put("title", citation.title().orElse(""));
    }
    return annotation
        .put("type", "file_citation")
        .put("file_id", "")
        .put("filename", citation.title().orElse(""))
        .put("index", points(text, citation.end().orElse((long) text.length())));
  }

  private static Optional<String> text(ObjectNode annotation, String name) {
    JsonNode value = annotation.get(name);
    return value != null && value.isString() ? Optional.of(value.stringValue()) : Optional.empty();
  }

  private static Optional<Long> position(ObjectNode annotation, String name, CharSequence text) {
    JsonNode value = annotation.get(name);
    if (value == null || !value.canConvertToInt() || value.intValue() < 0) {
      return Optional.empty();
    }
    int points = value.intValue();
    int length = text.length();
    int unit = 0;
    int seen = 0;
    while (seen < points && unit < length) {
      unit += Character.charCount(Character.codePointAt(text, unit));
      seen++;
    }
    // A position behind the text that is known so far is taken as it stands.
    return Optional.of((long) unit + (points - seen));
  }

  private static long points(CharSequence text, long unit) {
    int within = (int) Math.clamp(unit, 0L, text.length());
    return Character.codePointCount(text, 0, within) + Math.max(0, unit - text.length());
  }
}
