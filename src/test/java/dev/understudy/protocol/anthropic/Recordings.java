package dev.understudy.protocol.anthropic;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The recorded exchanges of this protocol, where the folder with them is present. */
final class Recordings {

  /** One exchange: what was sent, and the bytes that came back. */
  record Recording(String id, ObjectNode request, String path, int status, JsonNode response) {

    boolean isOk() {
      return status == 200;
    }

    boolean isStream() {
      return response.has("sse") || response.has("base64");
    }

    /** The model, where the cloud has it in the path and not in the body. */
    Optional<String> pathModel() {
      if (request.has("model")) {
        return Optional.empty();
      }
      String[] words = path.split("/");
      for (int i = 0; i + 1 < words.length; i++) {
        if (words[i].equals("model") || words[i].equals("models")) {
          return Optional.of(words[i + 1].split(":(?=[a-z]+Predict)")[0]);
        }
      }
      return Optional.of("claude");
    }

    byte[] body() {
      if (response.has("sse")) {
        return response.get("sse").stringValue().getBytes(StandardCharsets.UTF_8);
      }
      if (response.has("base64")) {
        return bedrockEvents(Base64.getDecoder().decode(response.get("base64").stringValue()));
      }
      return Json.bytes(response);
    }
  }

  private static List<Recording> messages = List.of();

  private Recordings() {}

  static Path shared() {
    return Path.of(System.getProperty("understudy.shared", "../shared"));
  }

  /** Requests for answers; read once, because parsing them takes longer than testing them. */
  static List<Recording> messages() {
    if (messages.isEmpty()) {
      messages = readMessages();
    }
    return messages;
  }

  private static List<Recording> readMessages() {
    var all = new ArrayList<Recording>();
    all.addAll(read("anthropic-messages.jsonl"));
    all.addAll(read("vertex-anthropic-messages.jsonl"));
    for (Recording recording : read("bedrock-invoke.jsonl")) {
      if (recording.request().has("anthropic_version")) {
        all.add(recording);
      }
    }
    return all;
  }

  static List<Recording> counts() {
    return read("anthropic-count-tokens.jsonl");
  }

  private static List<Recording> read(String file) {
    Path path = shared().resolve("exchanges").resolve(file);
    assumeTrue(Files.exists(path), () -> "no recordings at " + path);
    try (var lines = Files.lines(path)) {
      return lines.map(Recordings::recording).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Recording recording(String line) {
    ObjectNode node = Json.parseObject(line);
    return new Recording(
        node.get("id").stringValue(),
        (ObjectNode) node.get("request").get("body"),
        node.get("request").get("path").stringValue(),
        node.get("response").get("status").intValue(),
        node.get("response").get("body"));
  }

  /** Unwraps AWS event-stream frames, each of which holds an event in base64. */
  private static byte[] bedrockEvents(byte[] frames) {
    var text = new StringBuilder();
    ByteBuffer buffer = ByteBuffer.wrap(frames);
    while (buffer.hasRemaining()) {
      int start = buffer.position();
      int total = buffer.getInt();
      int headers = buffer.getInt();
      int payloadStart = start + 12 + headers;
      int payloadLength = total - headers - 16;
      ObjectNode payload = Json.parseObject(frames, payloadStart, payloadLength);
      if (payload.has("bytes")) {
        byte[] event = Base64.getDecoder().decode(payload.get("bytes").stringValue());
        text.append("data: ").append(new String(event, StandardCharsets.UTF_8)).append("\n\n");
      }
      buffer.position(start + total);
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
