package dev.understudy.protocol.openairesponses;

import dev.understudy.chat.Citation;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Source;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads what a message or a tool's output holds: a text, or a list of content parts. */
final class ContentReader {
  private ContentReader() {}

  static List<Part> read(Fields holder, String member, PartPlaces places) {
    JsonNode value = holder.raw(member).orElse(null);
    if (value == null) {
      throw new Malformed(holder.pathOf(member), "is missing");
    }
    if (value.isString()) {
      var text = new Part.Text(value.stringValue());
      places.note(text, holder.pathOf(member));
      return List.of(text);
    }
    if (!(value instanceof ArrayNode array)) {
      throw new Malformed(holder.pathOf(member), "a string or an array is needed");
    }
    var parts = new ArrayList<Part>();
    for (int i = 0; i < array.size(); i++) {
      String path = holder.pathOf(member) + "[" + i + "]";
      if (!(array.get(i) instanceof ObjectNode part)) {
        throw new Malformed(path, "an object is needed");
      }
      Fields fields = holder.child(part, path);
      Part read = part(fields);
      places.note(read, path);
      parts.add(read);
      // https://platform.openai.com/docs/guides/prompt-caching: a prefix ends behind this part.
      fields
          .object("prompt_cache_breakpoint")
          .ifPresent(mark -> {
            mark.ignore("mode");
            var point = new Part.CachePoint(Optional.empty());
            places.note(point, mark.path());
            parts.add(point);
          });
    }
    return parts;
  }

  private static Part part(Fields fields) {
    String type = fields.requiredText("type");
    return switch (type) {
      case "input_text", "output_text", "text" -> text(fields);
      case "refusal" -> new Part.Refusal(fields.requiredText("refusal"));
      case "input_image" -> image(fields);
      case "input_file" -> file(fields);
      case "input_audio" -> audio(fields);
      default -> {
        fields.ignoreRest();
        yield new Part.Foreign(ProtocolName.OPENAI_RESPONSES, Json.text(fields.node()));
      }
    };
  }

  static Part.Text text(Fields fields) {
    String text = fields.requiredText("text");
    var citations = new ArrayList<Citation>();
    for (Fields annotation : fields.objects("annotations")) {
      annotation.ignoreRest(); // kept whole in the citation
      citations.add(Annotations.read(annotation.node(), text));
    }
    return new Part.Text(text, citations, Logprobs.read(fields));
  }

  private static Part image(Fields fields) {
    Optional<String> detail = fields.text("detail");
    Optional<String> url = fields.text("image_url");
    Optional<String> fileId = fields.text("file_id");
    if (url.isPresent()) {
      Optional<Source.Inline> inline = DataUrl.read(url.get());
      Source source =
          inline.isPresent() ? inline.get() : new Source.Url(url.get(), Optional.empty());
      return new Part.Image(source, detail);
    }
    return new Part.Image(uploaded(fields, fileId), detail);
  }

  private static Part file(Fields fields) {
    Optional<String> name = fields.text("filename");
    Optional<String> data = fields.text("file_data");
    Optional<String> url = fields.text("file_url");
    Optional<String> fileId = fields.text("file_id");
    Source source;
    if (data.isPresent()) {
      Optional<Source.Inline> inline = DataUrl.read(data.get());
      source =
          inline.isPresent()
              ? inline.get()
              : new Source.Inline(DataUrl.typeOf(name.orElse("")), data.get());
    } else if (url.isPresent()) {
      source = new Source.Url(url.get(), Optional.empty());
    } else {
      source = uploaded(fields, fileId);
    }
    return new Part.Document(source, name, Optional.empty(), false);
  }

  private static Part audio(Fields fields) {
    Fields audio = fields.requiredObject("input_audio");
    String format = audio.requiredText("format").toLowerCase(Locale.ROOT);
    String type = format.equals("mp3") ? "audio/mpeg" : "audio/" + format;
    return new Part.Audio(new Source.Inline(type, audio.requiredText("data")), Optional.empty());
  }

  private static Source uploaded(Fields fields, Optional<String> fileId) {
    return new Source.FileId(
        ProtocolName.OPENAI_RESPONSES,
        fileId.orElseThrow(() -> new Malformed(fields.path(), "names neither bytes nor a file")),
        Optional.empty());
  }
}
