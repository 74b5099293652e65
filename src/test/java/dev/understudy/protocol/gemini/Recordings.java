package dev.understudy.protocol.gemini;

import dev.understudy.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Recorded exchanges and usage objects from the folder beside the checkout, where there is one. */
final class Recordings {
  private Recordings() {}

  static Path shared() {
    return Path.of(System.getProperty("understudy.shared", "../shared"));
  }

  /** The lines of a file; the test is skipped where the file is not there. */
  static List<ObjectNode> lines(String name) {
    Path file = shared().resolve(name);
    Assumptions.assumeTrue(
        Files.isReadable(file), () -> "skipped: " + file + " is not there (see understudy.shared)");
    try (var lines = Files.lines(file)) {
      var found = new ArrayList<ObjectNode>();
      lines.forEach(line -> found.add(Json.parseObject(line)));
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<ObjectNode> generate() {
    var all = new ArrayList<>(lines("exchanges/gemini-generate.jsonl"));
    all.addAll(lines("exchanges/vertex-generate.jsonl"));
    return all;
  }

  static boolean isStream(JsonNode exchange) {
    JsonNode body = exchange.path("response").path("body");
    return body.has("sse") || body.isArray();
  }

  /** The body of the answer as it came. */
  static byte[] answer(JsonNode exchange) {
    JsonNode body = exchange.path("response").path("body");
    return body.has("sse")
        ? body.path("sse").stringValue().getBytes(StandardCharsets.UTF_8)
        : Json.bytes(body);
  }

  static String model(JsonNode exchange) {
    String path = exchange.path("request").path("path").stringValue();
    String last = path.substring(path.lastIndexOf('/') + 1);
    return last.substring(0, last.indexOf(':'));
  }
}
