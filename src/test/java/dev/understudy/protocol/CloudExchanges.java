package dev.understudy.protocol;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.Part;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Recorded exchanges of the folder beside the checkout, for tests of Bedrock and Cohere. */
public final class CloudExchanges {
  private CloudExchanges() {}

  /** One recorded exchange. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Recorded(
      String id, String path, JsonNode request, int status, boolean stream, byte[] body) {}

  /** All exchanges of a file; the calling test is skipped where the folder is not there. */
  public static List<Recorded> read(String name) {
    var found = new ArrayList<Recorded>();
    for (String line : lines("exchanges/" + name)) {
      JsonNode node = Json.parse(line);
      JsonNode response = node.get("response");
      found.add(
          new Recorded(
              node.get("id").stringValue(),
              node.path("request").path("path").stringValue(""),
              node.path("request").path("body"),
              response.get("status").intValue(),
              node.get("stream").booleanValue(),
              body(response.get("body"))));
    }
    return found;
  }

  /** The lines of a shared file; the calling test is skipped where it is not there. */
  public static List<String> lines(String name) {
    Path file = Path.of(System.getProperty("understudy.shared", "../shared")).resolve(name);
    assumeTrue(Files.isReadable(file), file + " is not there; set -Dunderstudy.shared");
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] body(JsonNode body) {
    if (body.path("base64").isString() && body.size() == 1) {
      return Base64.getDecoder().decode(body.get("base64").stringValue());
    }
    if (body.path("sse").isString()) {
      return body.get("sse").stringValue().getBytes(StandardCharsets.UTF_8);
    }
    if (body.path("ndjson").isString()) {
      return body.get("ndjson").stringValue().getBytes(StandardCharsets.UTF_8);
    }
    return Json.bytes(body);
  }

  /** Reads a stream in pieces of {@code size} bytes, each event checked against the grammar. */
  public static List<ReplyEvent> events(
      Outbound protocol, Dialect dialect, byte[] body, int size, Losses losses) {
    var events = new ArrayList<ReplyEvent>();
    var grammar = new EventGrammar();
    ReplyReader reader =
        protocol.streamReader(dialect, event -> events.add(grammar.check(event)), losses);
    for (int at = 0; at < body.length; at += size) {
      reader.accept(body, at, Math.min(size, body.length - at));
    }
    reader.end();
    return events;
  }

  /** Reads a stream in two pieces, cut at {@code cut}. */
  public static List<ReplyEvent> eventsCut(
      Outbound protocol, Dialect dialect, byte[] body, int cut) {
    var events = new ArrayList<ReplyEvent>();
    ReplyReader reader = protocol.streamReader(dialect, events::add, new Losses());
    reader.accept(body, 0, cut);
    reader.accept(body, cut, body.length - cut);
    reader.end();
    return events;
  }

  /** The whole answer that events tell. */
  public static ReplyFold fold(List<ReplyEvent> events) {
    var fold = new ReplyFold();
    events.forEach(fold);
    return fold;
  }

  /** All text of an answer. */
  public static String text(ChatReply reply) {
    var text = new StringBuilder();
    for (Part part : reply.parts()) {
      if (part instanceof Part.Text said) {
        text.append(said.text());
      }
    }
    return text.toString();
  }

  /** A JSON object with one quote mark for another, for readable tests. */
  public static ObjectNode json(String text) {
    return Json.parseObject(text.replace('\'', '"'));
  }
}
