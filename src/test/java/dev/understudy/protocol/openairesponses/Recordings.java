package dev.understudy.protocol.openairesponses;

import dev.understudy.json.Json;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.UsageConvention;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.node.ObjectNode;

/** Recorded exchanges with vendors of this protocol, which lie beside the checkout. */
record Recordings(String id, String vendor, ObjectNode request, int status, ObjectNode response) {
  private static final List<String> FILES =
      List.of(
          "openai-responses",
          "azure-responses",
          "xai-responses",
          "deepseek-responses",
          "openrouter-responses",
          "bedrock-openai-responses");

  static Path shared() {
    Path shared = Path.of(System.getProperty("understudy.shared", "../shared"));
    Assumptions.assumeTrue(
        Files.isDirectory(shared.resolve("exchanges")),
        "the recorded exchanges are not at " + shared.toAbsolutePath());
    return shared;
  }

  static Stream<Recordings> all() {
    Path folder = shared().resolve("exchanges");
    return FILES.stream().flatMap(name -> lines(folder.resolve(name + ".jsonl")));
  }

  static Stream<Recordings> of(String file) {
    return lines(shared().resolve("exchanges").resolve(file + ".jsonl"));
  }

  private static Stream<Recordings> lines(Path file) {
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> !line.isBlank())
          .map(line -> of(Json.parseObject(line)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Recordings of(ObjectNode line) {
    return new Recordings(
        line.path("id").asString(),
        line.path("vendor").asString(),
        (ObjectNode) line.path("request").path("body"),
        line.path("response").path("status").asInt(),
        (ObjectNode) line.path("response").path("body"));
  }

  boolean isStream() {
    return response.has("sse");
  }

  byte[] stream() {
    return response.path("sse").asString().getBytes(StandardCharsets.UTF_8);
  }

  Dialect dialect() {
    var convention = vendor.equals("xai") ? UsageConvention.XAI : UsageConvention.STANDARD;
    return new Dialect(vendor, convention, Set.of());
  }

  @Override
  public String toString() {
    return id;
  }
}
