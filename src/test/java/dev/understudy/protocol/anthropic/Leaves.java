package dev.understudy.protocol.anthropic;

import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The leaves of a JSON document: paths without numbers, and for short values the value. */
final class Leaves {
  private Leaves() {}

  static void collect(JsonNode node, Set<String> into) {
    collect(node, "", into);
  }

  private static void collect(JsonNode node, String path, Set<String> into) {
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        collect(member.getValue(), path + "." + member.getKey(), into);
      }
    } else if (node.isArray()) {
      for (JsonNode element : node) {
        collect(element, path + "[]", into);
      }
    } else if (!node.isNull()) {
      String value = node.toString();
      into.add(path + " = " + (value.length() > 40 ? value.hashCode() : value));
    }
  }
}
