package dev.understudy.protocol.anthropic;

import dev.understudy.json.Json;
import dev.understudy.protocol.Losses;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Puts marks for the cache on blocks and tools, of which the API takes at most four. */
final class CacheMarks {
  static final int MARKS_MAX = 4;

  private record Marked(ObjectNode block, String path) {}

  private final List<Marked> marked = new ArrayList<>();
  private final Losses losses;

  CacheMarks(Losses losses) {
    this.losses = losses;
  }

  /** Marks the last of {@code blocks} that can carry a mark; thoughts cannot. */
  void markLast(List<ObjectNode> blocks, Optional<String> ttl, String path) {
    for (ObjectNode block : blocks.reversed()) {
      if (!block.path("type").asString("").endsWith("thinking")) {
        mark(block, ttl, path);
        return;
      }
    }
    losses.add(path, "nothing stands before the mark that could carry it");
  }

  private void mark(ObjectNode block, Optional<String> ttl, String path) {
    ObjectNode control = Json.object().put("type", "ephemeral");
    if (ttl.filter(List.of("5m", "1h")::contains).isPresent()) {
      control.put("ttl", ttl.get());
    } else if (ttl.isPresent()) {
      losses.add(path + ".ttl", "only 5m and 1h are known");
    }
    if (!block.has("cache_control")) {
      marked.add(new Marked(block, path));
    }
    block.set("cache_control", control);
  }

  /** Takes away what is too much, in the order of the prompt: the last marks reach farthest. */
  void keepLast() {
    int tooMany = marked.size() - MARKS_MAX;
    for (int i = 0; i < tooMany; i++) {
      Marked first = marked.removeFirst();
      first.block().remove("cache_control");
      losses.add(first.path(), "more than " + MARKS_MAX + " marks for the cache");
    }
  }
}
