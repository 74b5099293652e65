package dev.understudy.gateway;

import dev.understudy.json.Json;
import dev.understudy.json.JsonScanner;
import dev.understudy.vendor.BodyEdits;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * The caller's own bytes with the few documented exceptions: the model's name, the wish for usage
 * in a stream, and what a host of another's protocol wants named elsewhere.
 */
final class RelayBody {
  private RelayBody() {}

  /** The body with the model's value replaced, and usage asked for where {@code askUsage}. */
  static byte[] splice(byte[] body, int length, Envelope envelope, String model, boolean askUsage) {
    byte[] name = envelope.modelFrom() < 0 ? NOTHING : Json.bytes(Json.object().stringNode(model));
    boolean sameName =
        envelope.modelFrom() < 0
            || java.util.Arrays.equals(
                body, envelope.modelFrom(), envelope.modelTo(), name, 0, name.length);
    if (sameName && !askUsage) {
      return length == body.length ? body : java.util.Arrays.copyOf(body, length);
    }
    var edits = new Edits(body, length);
    if (askUsage && envelope.optionsFrom() >= 0 && envelope.optionsFrom() < envelope.modelFrom()) {
      edits.replace(envelope.optionsFrom(), envelope.optionsTo(), options(body, envelope));
      edits.replace(envelope.modelFrom(), envelope.modelTo(), name);
      return edits.done();
    }
    if (!sameName) {
      edits.replace(envelope.modelFrom(), envelope.modelTo(), name);
    }
    if (askUsage && envelope.optionsFrom() >= 0) {
      edits.replace(envelope.optionsFrom(), envelope.optionsTo(), options(body, envelope));
    } else if (askUsage) {
      edits.replace(envelope.closingBrace(), envelope.closingBrace(), ASK_USAGE);
    }
    return edits.done();
  }

  private static final byte[] NOTHING = {};
  private static final byte[] ASK_USAGE =
      ",\"stream_options\":{\"include_usage\":true}".getBytes(StandardCharsets.US_ASCII);

  private static byte[] options(byte[] body, Envelope envelope) {
    var node =
        Json.parse(body, envelope.optionsFrom(), envelope.optionsTo() - envelope.optionsFrom());
    ObjectNode options = node instanceof ObjectNode object ? object : Json.object();
    options.put("include_usage", true);
    return Json.bytes(options);
  }

  /** The body for a host that wants members named elsewhere, or others besides. */
  static byte[] edit(byte[] body, int length, BodyEdits edits, JsonScanner scanner) {
    scanner.scan(body, 0, length);
    var out = new java.io.ByteArrayOutputStream(length + 64);
    out.write('{');
    boolean first = true;
    int model = edits.modelInBody() ? -1 : scanner.find("model");
    int stream = edits.streamInBody() ? -1 : scanner.find("stream");
    for (int i = 0; i < scanner.members(); i++) {
      if (i == model || i == stream) {
        continue;
      }
      if (!first) {
        out.write(',');
      }
      first = false;
      out.write(body, scanner.nameStart(i), scanner.valueEnd(i) - scanner.nameStart(i));
    }
    for (Map.Entry<String, String> added : edits.added().entrySet()) {
      if (scanner.find(added.getKey()) < 0) {
        if (!first) {
          out.write(',');
        }
        first = false;
        out.writeBytes(Json.bytes(Json.object().stringNode(added.getKey())));
        out.write(':');
        out.writeBytes(added.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    out.write('}');
    return out.toByteArray();
  }

  /** Copies a body piece by piece, from front to back, with pieces replaced. */
  private static final class Edits {
    private final byte[] body;
    private final int length;
    private final java.io.ByteArrayOutputStream out;
    private int at;

    Edits(byte[] body, int length) {
      this.body = body;
      this.length = length;
      this.out = new java.io.ByteArrayOutputStream(length + 96);
    }

    void replace(int from, int to, byte[] by) {
      out.write(body, at, from - at);
      out.writeBytes(by);
      at = to;
    }

    byte[] done() {
      out.write(body, at, length - at);
      return out.toByteArray();
    }
  }
}
