package dev.understudy.gateway;

import dev.understudy.json.Json;
import dev.understudy.routing.Overrides;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Changes in a request's body what its target wants changed. */
final class BodyOverrides {
  private BodyOverrides() {}

  /**
   * The body with its members set and dropped. A block that a path leads through is made where it
   * is missing; what is there and is no block is replaced by one.
   *
   * @throws dev.understudy.json.Malformed if the body is not a JSON object
   */
  static byte[] apply(Overrides overrides, byte[] body) {
    ObjectNode root = Json.parseObject(body, 0, body.length);
    for (String path : overrides.drop()) {
      drop(root, path);
    }
    overrides
        .set()
        .forEach((path, json) -> {
          byte[] value = json.getBytes(StandardCharsets.UTF_8);
          set(root, path, Json.parse(value, 0, value.length));
        });
    return Json.bytes(root);
  }

  private static void set(ObjectNode root, String path, JsonNode value) {
    ObjectNode block = root;
    String rest = path;
    for (int dot = rest.indexOf('.'); dot >= 0; dot = rest.indexOf('.')) {
      String name = rest.substring(0, dot);
      rest = rest.substring(dot + 1);
      block = block.get(name) instanceof ObjectNode inner ? inner : block.putObject(name);
    }
    block.set(rest, value);
  }

  private static void drop(ObjectNode root, String path) {
    ObjectNode block = root;
    String rest = path;
    for (int dot = rest.indexOf('.'); dot >= 0; dot = rest.indexOf('.')) {
      if (!(block.get(rest.substring(0, dot)) instanceof ObjectNode inner)) {
        return;
      }
      block = inner;
      rest = rest.substring(dot + 1);
    }
    block.remove(rest);
  }
}
