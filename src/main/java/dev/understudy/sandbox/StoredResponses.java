package dev.understudy.sandbox;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The responses one vendor keeps, so that a later request can go on with them. */
final class StoredResponses {
  private static final int KEPT_MAX = 1_000;

  private final Map<String, List<JsonNode>> conversations =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<JsonNode>> eldest) {
          return size() > KEPT_MAX;
        }
      };

  synchronized void keep(String id, List<JsonNode> input, JsonNode output) {
    List<JsonNode> items = new ArrayList<>(input);
    output.forEach(items::add);
    conversations.put(id, items);
  }

  /** All items of the conversation that ended with this response. */
  synchronized Optional<List<JsonNode>> conversation(String id) {
    return Optional.ofNullable(conversations.get(id));
  }

  synchronized boolean knowsItem(String id) {
    return conversations.values().stream()
        .flatMap(List::stream)
        .anyMatch(item -> item.path("id").asString("").equals(id));
  }
}
