package dev.understudy.protocol;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Recorded vendor traffic in the folder beside the checkout; tests skip where it is missing. */
public final class Recordings {

  /**
   * One recorded exchange.
   *
   * @param features what the exchange shows, as found by a program
   * @param headers those of the answer
   */
  public record Recording(
      String id,
      String vendor,
      String api,
      boolean stream,
      List<String> features,
      String path,
      ObjectNode request,
      int status,
      Map<String, String> headers,
      JsonNode answer) {

    /** The body of the answer, as it was on the wire. */
    public byte[] body() {
      if (answer.path("sse").isString()) {
        return answer.get("sse").stringValue().getBytes(StandardCharsets.UTF_8);
      }
      if (answer.path("ndjson").isString()) {
        return answer.get("ndjson").stringValue().getBytes(StandardCharsets.UTF_8);
      }
      if (answer.path("base64").isString() && answer.size() == 1) {
        return Base64.getDecoder().decode(answer.get("base64").stringValue());
      }
      if (answer.path("text").isString() && answer.size() == 1) {
        return answer.get("text").stringValue().getBytes(StandardCharsets.UTF_8);
      }
      return Json.bytes(answer);
    }

    public boolean isSse() {
      return answer.path("sse").isString();
    }
  }

  private Recordings() {}

  /** The folder, or the test is skipped with a message. */
  public static Path shared() {
    Path shared =
        Path.of(System.getProperty("understudy.shared", "../shared")).toAbsolutePath().normalize();
    assumeTrue(
        Files.isDirectory(shared),
        "no recordings at " + shared + "; set -Dunderstudy.shared to the folder that has them");
    return shared;
  }

  /** Every exchange in the files whose name passes, one after another. */
  public static void each(Predicate<String> file, Consumer<Recording> use) {
    Path folder = shared().resolve("exchanges");
    assumeTrue(Files.isDirectory(folder), "no recordings at " + folder);
    try (var files = Files.list(folder)) {
      List<Path> chosen =
          files
              .filter(path -> path.toString().endsWith(".jsonl"))
              .filter(path -> file.test(path.getFileName().toString()))
              .sorted()
              .toList();
      for (Path path : chosen) {
        try (var lines = Files.lines(path)) {
          lines.forEach(line -> use.accept(recording(Json.parseObject(line))));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Recording recording(ObjectNode line) {
    JsonNode request = line.get("request");
    JsonNode response = line.get("response");
    return new Recording(
        line.get("id").stringValue(),
        line.get("vendor").stringValue(),
        line.get("api").stringValue(),
        line.path("stream").asBoolean(false),
        line.path("features").valueStream().map(JsonNode::asString).toList(),
        request.path("path").asString(""),
        request.path("body") instanceof ObjectNode body ? body : Json.object(),
        response.get("status").asInt(),
        headers(response.path("headers")),
        response.path("body"));
  }

  private static Map<String, String> headers(JsonNode node) {
    var headers = new TreeMap<String, String>();
    node.properties().forEach(header -> headers.put(header.getKey(), header.getValue().asString()));
    return headers;
  }
}
