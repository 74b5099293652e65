package dev.understudy.protocol.gemini;

import dev.understudy.chat.Citation;
import dev.understudy.chat.ProtocolName;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What supports an answer, to and from {@code groundingMetadata}, {@code citationMetadata} and
 * {@code urlContextMetadata}.
 *
 * <p>Segments are measured in bytes of UTF-8, citations here in UTF-16 units. Source:
 * ai.google.dev/api/generate-content, "GroundingMetadata".
 */
final class Grounding {
  private final Set<String> told = new HashSet<>();
  private final Set<String> urls = new HashSet<>();
  private final List<Citation> pages = new ArrayList<>();

  /**
   * The citations of one candidate that have not been told before.
   *
   * @param text the answer's text so far, as one text
   */
  List<Citation> read(ProtoFields candidate, String text) {
    var found = new ArrayList<Citation>();
    candidate.object("citationMetadata").ifPresent(data -> recited(data, text, found));
    candidate.object("groundingMetadata").ifPresent(data -> grounded(data, text, found));
    candidate.object("urlContextMetadata").ifPresent(this::fetched);
    found.removeIf(citation -> !told.add(citation.json()));
    found.forEach(citation -> citation.url().ifPresent(urls::add));
    return found;
  }

  /** Pages that the vendor fetched and nothing else has cited, once the answer is over. */
  List<Citation> rest() {
    pages.removeIf(page -> !urls.add(page.url().orElse("")));
    return pages;
  }

  private static void recited(ProtoFields data, String text, List<Citation> found) {
    // Vertex AI and older answers differ in the name of the list.
    for (String name : List.of("citations", "citationSources")) {
      for (ProtoFields source : data.objects(name)) {
        ObjectNode node = source.fields().node();
        source.fields().ignoreRest();
        if (node.isEmpty()) {
          continue; // Seen in recorded answers; it says nothing.
        }
        int begin = node.path("startIndex").asInt(0);
        int end = node.path("endIndex").asInt(0);
        found.add(
            new Citation(
                text(node.get("uri")),
                text(node.get("title")),
                Optional.empty(),
                end > begin ? units(text, begin) : Optional.empty(),
                end > begin ? units(text, end) : Optional.empty(),
                ProtocolName.GEMINI,
                Json.text(node)));
      }
    }
  }

  private static void grounded(ProtoFields data, String text, List<Citation> found) {
    // Searches made, the snippet that displays them, and scores say nothing about the answer.
    ArrayNode chunks = data.list("groundingChunks");
    ArrayNode supports = data.list("groundingSupports");
    data.fields().ignoreRest();
    var used = new HashSet<JsonNode>();
    for (JsonNode support : supports) {
      JsonNode segment = support.path("segment");
      Optional<Long> begin = place(segment, text);
      Optional<Long> end = begin.map(at -> at + segment.path("text").asString("").length());
      for (JsonNode index : support.path("groundingChunkIndices")) {
        JsonNode chunk = chunks.path(index.asInt(-1));
        if (chunk.isObject()) {
          used.add(chunk);
          found.add(citation(chunk, Optional.of(support), begin, end));
        }
      }
    }
    for (JsonNode chunk : chunks) {
      if (used.add(chunk) && chunk.isObject()) {
        found.add(citation(chunk, Optional.empty(), Optional.empty(), Optional.empty()));
      }
    }
  }

  private void fetched(ProtoFields data) {
    for (ProtoFields page : data.objects("urlMetadata")) {
      ObjectNode node = page.fields().node();
      page.fields().ignoreRest();
      Optional<String> url = text(node.get("retrievedUrl"));
      if (url.isPresent()) {
        pages.add(
            new Citation(
                url,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                ProtocolName.GEMINI,
                Json.text(node)));
      }
    }
  }

  private static Citation citation(
      JsonNode chunk, Optional<JsonNode> support, Optional<Long> begin, Optional<Long> end) {
    JsonNode source = Json.object();
    for (String kind : List.of("web", "retrievedContext", "maps", "image")) {
      if (chunk.has(kind)) {
        source = chunk.get(kind);
      }
    }
    var json = Json.object();
    json.set("groundingChunk", chunk);
    support.ifPresent(found -> json.set("segment", found.path("segment")));
    return new Citation(
        text(source.get("uri")).or(() -> chunkUri(chunk)),
        text(source.get("title")),
        text(source.get("text")),
        begin,
        end,
        ProtocolName.GEMINI,
        Json.text(json));
  }

  private static Optional<String> chunkUri(JsonNode chunk) {
    return text(chunk.path("image").get("sourceUri"));
  }

  /**
   * Where a segment begins. The bytes say it in a whole answer; in streams, where parts are cut
   * anywhere, the segment's text has the last word.
   */
  private static Optional<Long> place(JsonNode segment, String text) {
    String said = segment.path("text").asString("");
    if (said.isEmpty()) {
      return Optional.empty();
    }
    Optional<Long> begin = units(text, segment.path("startIndex").asInt(0));
    if (begin.isPresent() && text.startsWith(said, begin.get().intValue())) {
      return begin;
    }
    int at = text.indexOf(said);
    return at < 0 ? Optional.empty() : Optional.of((long) at);
  }

  /** The UTF-16 position of a position in bytes; empty if it is beyond the text. */
  static Optional<Long> units(String text, int bytes) {
    int count = 0;
    int i = 0;
    while (i < text.length() && count < bytes) {
      int point = text.codePointAt(i);
      count += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      i += Character.charCount(point);
    }
    return count < bytes ? Optional.empty() : Optional.of((long) i);
  }

  private static Optional<String> text(@Nullable JsonNode node) {
    return node != null && node.isString() && !node.stringValue().isEmpty()
        ? Optional.of(node.stringValue())
        : Optional.empty();
  }

  /** Gathers citations for callers, who read them in one place at the end. */
  static final class Writer {
    private final ArrayNode chunks = Json.array();
    private final ArrayNode supports = Json.array();
    private final ArrayNode recitations = Json.array();
    private final ArrayNode pages = Json.array();

    void cited(Citation citation, String text, int partIndex) {
      ObjectNode own = own(citation);
      if (own.has("retrievedUrl")) {
        pages.add(own);
        return;
      }
      if (!own.isEmpty() && !own.has("groundingChunk")) {
        recitations.add(own);
        return;
      }
      JsonNode chunk = own.get("groundingChunk");
      if (chunk == null) {
        chunk = chunk(citation);
      }
      int at = 0;
      while (at < chunks.size() && !chunks.get(at).equals(chunk)) {
        at++;
      }
      if (at == chunks.size()) {
        chunks.add(chunk);
      }
      boolean unplaced = own.has("groundingChunk") && !own.has("segment");
      if (!unplaced) {
        ObjectNode support = supports.addObject();
        if (own.has("segment") && citation.start().isEmpty()) {
          support.set("segment", own.get("segment"));
        } else {
          support.set("segment", segment(citation, text, partIndex));
        }
        support.putArray("groundingChunkIndices").add(at);
      }
    }

    private static ObjectNode segment(Citation citation, String text, int partIndex) {
      int begin = clamp(citation.start().orElse(0L), text);
      int end = Math.max(begin, clamp(citation.end().orElse((long) text.length()), text));
      ObjectNode segment = Json.object();
      if (partIndex > 0) {
        segment.put("partIndex", partIndex);
      }
      int startIndex = bytes(text.substring(0, begin));
      String said = text.substring(begin, end);
      if (startIndex > 0) {
        segment.put("startIndex", startIndex);
      }
      return segment.put("endIndex", startIndex + bytes(said)).put("text", said);
    }

    private static int clamp(long at, String text) {
      return (int) Math.max(0, Math.min(at, text.length()));
    }

    private static int bytes(String text) {
      return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static ObjectNode own(Citation citation) {
      if (!citation.origin().equals(ProtocolName.GEMINI)) {
        return Json.object();
      }
      try {
        return Json.parseObject(citation.json());
      } catch (Malformed e) {
        return Json.object();
      }
    }

    private static ObjectNode chunk(Citation citation) {
      var chunk = Json.object();
      boolean web = citation.url().isPresent() && citation.citedText().isEmpty();
      ObjectNode source = chunk.putObject(web ? "web" : "retrievedContext");
      citation.url().ifPresent(url -> source.put("uri", url));
      citation.title().ifPresent(title -> source.put("title", title));
      citation.citedText().ifPresent(text -> source.put("text", text));
      return chunk;
    }

    void writeTo(ObjectNode candidate) {
      if (!recitations.isEmpty()) {
        candidate.putObject("citationMetadata").set("citations", recitations);
      }
      if (!pages.isEmpty()) {
        candidate.putObject("urlContextMetadata").set("urlMetadata", pages);
      }
      if (!chunks.isEmpty()) {
        ObjectNode data = candidate.putObject("groundingMetadata");
        data.set("groundingChunks", chunks);
        if (!supports.isEmpty()) {
          data.set("groundingSupports", supports);
        }
      }
    }
  }
}
