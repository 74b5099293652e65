package dev.understudy.protocol.gemini;

import dev.understudy.json.Json;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Finds what a {@code $ref} inside one JSON Schema document points at. */
record SchemaRefs(JsonNode root) {

  /** The schema that a reference such as {@code #/$defs/Person} names. */
  Optional<ObjectNode> find(String reference) {
    if (reference.equals("#")) {
      return root instanceof ObjectNode whole ? Optional.of(whole) : Optional.empty();
    }
    if (!reference.startsWith("#/")) {
      return Optional.empty();
    }
    JsonNode at = root;
    for (String step : reference.substring(2).split("/", -1)) {
      String name = step.replace("~1", "/").replace("~0", "~").replace("%24", "$");
      at =
          at instanceof ArrayNode array && name.chars().allMatch(Character::isDigit)
              ? array.path(name.length() > 6 || name.isEmpty() ? -1 : Integer.parseInt(name))
              : at.path(name);
    }
    return at instanceof ObjectNode found ? Optional.of(found) : Optional.empty();
  }

  /** The referenced schema with the reference's own members laid over it. */
  static ObjectNode over(ObjectNode target, ObjectNode reference) {
    ObjectNode both = Json.object();
    both.setAll(target);
    for (var member : reference.properties()) {
      if (!member.getKey().startsWith("$")) {
        both.set(member.getKey(), member.getValue());
      }
    }
    return both;
  }
}
