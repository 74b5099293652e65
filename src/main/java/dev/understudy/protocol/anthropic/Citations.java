package dev.understudy.protocol.anthropic;

import dev.understudy.chat.Citation;
import dev.understudy.json.Json;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Citations of every type: pages of a document, characters, blocks, search results.
 *
 * <p>The protocol says where in the source a citation stands, not where in the answer: the text
 * block that carries it is what it supports.
 */
final class Citations {
  private Citations() {}

  static Citation read(ObjectNode node) {
    Optional<String> source = text(node, "source").filter(Citations::isUrl);
    return new Citation(
        text(node, "url").or(() -> source),
        text(node, "title").or(() -> text(node, "document_title")),
        text(node, "cited_text"),
        Optional.empty(),
        Optional.empty(),
        Seals.HOME,
        Json.text(node));
  }

  /**
   * A citation as a caller is to see it. One of another protocol becomes a search result; what it
   * says of places in the answer has no field.
   */
  static ObjectNode write(Citation citation) {
    if (isAtHome(citation)) {
      return Json.parseObject(citation.json());
    }
    ObjectNode node = Json.object();
    String citedText = citation.citedText().orElse("");
    if (citation.url().isPresent()) {
      node.put("type", "web_search_result_location").put("cited_text", citedText);
      // The vendor's own index is for the vendor's eyes; ours is empty, and is not sent to it.
      node.put("encrypted_index", "");
      putOrNull(node, "title", citation.title());
      return node.put("url", citation.url().get());
    }
    node.put("type", "search_result_location").put("cited_text", citedText);
    node.put("search_result_index", 0).put("start_block_index", 0).put("end_block_index", 0);
    putOrNull(node, "title", citation.title());
    return node.put("source", citation.title().orElse(""));
  }

  /** Citations as the vendor issued them, for the next turn. */
  static ArrayNode writeHome(List<Citation> citations) {
    ArrayNode array = Json.array();
    for (Citation citation : citations) {
      if (goesHome(citation)) {
        array.add(Json.parseObject(citation.json()));
      }
    }
    return array;
  }

  /** Whether the vendor would know the citation as its own. */
  static boolean goesHome(Citation citation) {
    return isAtHome(citation)
        && !text(Json.parseObject(citation.json()), "encrypted_index").equals(Optional.of(""));
  }

  private static boolean isAtHome(Citation citation) {
    return citation.origin().equals(Seals.HOME);
  }

  private static void putOrNull(ObjectNode node, String name, Optional<String> value) {
    value.ifPresentOrElse(text -> node.put(name, text), () -> node.putNull(name));
  }

  private static boolean isUrl(String text) {
    return text.startsWith("https://") || text.startsWith("http://");
  }

  private static Optional<String> text(ObjectNode node, String name) {
    JsonNode value = node.get(name);
    return value != null && value.isString() ? Optional.of(value.stringValue()) : Optional.empty();
  }
}
