package dev.understudy.sandbox;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How the input tokens of a Messages request divide by its cache marks, from the request alone: a
 * conversation that goes on finds everything up to its first mark in the cache and writes what
 * follows up to its last; a first question writes it all.
 */
record CachedInput(int uncached, int read, int written5m, int written1h) {

  int total() {
    return uncached + read + written5m + written1h;
  }

  static CachedInput of(ObjectNode body) {
    // Blocks in the order in which the cache sees them: tools, system, messages.
    List<JsonNode> blocks = new ArrayList<>();
    body.path("tools").forEach(blocks::add);
    add(body.path("system"), blocks);
    boolean goesOn = false;
    for (JsonNode message : body.path("messages")) {
      goesOn |= message.path("role").asString("").equals("assistant");
      add(message.path("content"), blocks);
    }
    int sum = 0;
    int first = -1;
    int last = 0;
    boolean hour = false;
    for (JsonNode block : blocks) {
      sum += TokenCount.of(block);
      JsonNode mark = block.path("cache_control");
      if (mark.isObject()) {
        first = first < 0 ? sum : first;
        last = sum;
        hour = mark.path("ttl").asString("").equals("1h");
      }
    }
    int read = goesOn && first > 0 ? first : 0;
    int written = last - read;
    return new CachedInput(sum - last, read, hour ? 0 : written, hour ? written : 0);
  }

  private static void add(JsonNode content, List<JsonNode> blocks) {
    if (content.isArray()) {
      content.forEach(blocks::add);
    } else if (content.isString()) {
      blocks.add(content);
    }
  }
}
