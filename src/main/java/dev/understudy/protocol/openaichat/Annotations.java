package dev.understudy.protocol.openaichat;

import dev.understudy.chat.Citation;
import dev.understudy.chat.ProtocolName;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Where answers come from: OpenAI's annotations, Perplexity's lists beside the choices. */
final class Annotations {
  private Annotations() {}

  /** Reads {@code annotations} of a message; kinds that cite nothing are left unread. */
  static List<Citation> read(Fields message) {
    var citations = new ArrayList<Citation>();
    for (Fields annotation : objects(message, "annotations")) {
      String type = annotation.text("type").orElse("");
      Optional<Fields> body =
          switch (type) {
            case "url_citation", "file_citation" ->
                annotation.has(type) ? annotation.object(type) : Optional.of(annotation);
            default -> Optional.empty();
          };
      if (body.isEmpty()) {
        annotation.reject("type");
        continue;
      }
      Fields cited = body.get();
      citations.add(
          new Citation(
              cited.text("url"),
              cited.text("title").or(() -> cited.text("filename")),
              cited.text("content").or(() -> cited.text("quote")),
              cited.integer("start_index"),
              cited.integer("end_index"),
              ProtocolName.OPENAI_CHAT,
              Json.text(annotation.node())));
      // All of it stands in the citation's own JSON.
      cited.ignoreRest();
      annotation.ignoreRest();
    }
    return citations;
  }

  /**
   * Reads {@code search_results} and {@code citations} beside the choices, as Perplexity sends
   * them. They support the answer as a whole.
   */
  static List<Citation> readLists(Fields reply) {
    var citations = new ArrayList<Citation>();
    Set<String> seen = new HashSet<>();
    for (Fields result : objects(reply, "search_results")) {
      Optional<String> url = result.text("url");
      url.ifPresent(seen::add);
      citations.add(
          new Citation(
              url,
              result.text("title"),
              result.text("snippet"),
              Optional.empty(),
              Optional.empty(),
              ProtocolName.OPENAI_CHAT,
              Json.text(result.node())));
      result.ignoreRest();
    }
    reply
        .raw("citations")
        .filter(JsonNode::isArray)
        .ifPresent(urls ->
            urls.forEach(url -> {
              if (url.isString() && seen.add(url.stringValue())) {
                citations.add(bare(url));
              }
            }));
    return citations;
  }

  /**
   * Writes a citation as an annotation.
   *
   * @param before characters of the message's text before the cited part
   * @param length characters of the cited part so far, for citations that support all of it
   */
  static ObjectNode write(Citation citation, int before, int length) {
    if (citation.origin().equals(ProtocolName.OPENAI_CHAT)
        && Json.parse(citation.json()) instanceof ObjectNode own
        && own.has("type")) {
      return own;
    }
    ObjectNode annotation = Json.object();
    ObjectNode body = Json.object();
    body.put("start_index", before + citation.start().orElse(0L));
    body.put("end_index", before + citation.end().orElse((long) length));
    if (citation.url().isPresent()) {
      body.put("url", citation.url().get());
      body.put("title", citation.title().orElse(citation.url().get()));
      citation.citedText().ifPresent(text -> body.put("content", text));
      annotation.put("type", "url_citation");
      annotation.set("url_citation", body);
    } else {
      citation.title().ifPresent(title -> body.put("filename", title));
      citation.citedText().ifPresent(text -> body.put("quote", text));
      annotation.put("type", "file_citation");
      annotation.set("file_citation", body);
    }
    return annotation;
  }

  private static Citation bare(JsonNode url) {
    return new Citation(
        Optional.of(url.stringValue()),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        ProtocolName.OPENAI_CHAT,
        Json.text(url));
  }

  private static List<Fields> objects(Fields at, String name) {
    return at.node().path(name).isArray() ? at.objects(name) : List.of();
  }
}
