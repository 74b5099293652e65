package dev.understudy.gateway;

import dev.understudy.json.Json;
import dev.understudy.json.JsonScanner;
import dev.understudy.json.Quoted;
import dev.understudy.vendor.BodyEdits;
import dev.understudy.vendor.BodyPieces;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.StringJoiner;
import tools.jackson.databind.node.ObjectNode;

/**
 * The caller's own bytes with the few documented exceptions: the model's name, the wish for usage
 * in a stream, and what a host of another's protocol wants named elsewhere.
 */
final class RelayBody {
  private RelayBody() {}

  /**
   * The body with the model's value replaced, and usage asked for where {@code askUsage}; what
   * stays is not copied.
   */
  static BodyPieces splice(
      byte[] body, int length, Envelope envelope, String model, boolean askUsage) {
    byte[] name = envelope.modelFrom() < 0 ? NOTHING : Quoted.bytes(model);
    boolean sameName =
        envelope.modelFrom() < 0
            || java.util.Arrays.equals(
                body, envelope.modelFrom(), envelope.modelTo(), name, 0, name.length);
    if (sameName && !askUsage) {
      return new BodyPieces().add(body, 0, length);
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

  /**
   * The body for a host that wants members named elsewhere, or others besides; all other bytes stay
   * as they are.
   *
   * @param model the target's name for the model; a body that names it as a resource, as Google's
   *     clients do, may go on doing so
   */
  static byte[] edit(byte[] body, int length, BodyEdits edits, String model, JsonScanner scanner) {
    scanner.scan(body, 0, length);
    int named = edits.modelInBody() ? -1 : scanner.find("model");
    if (named >= 0
        && scanner.isString(named)
        && scanner.string(named).equals(RESOURCE_PREFIX + model)) {
      named = -1;
    }
    int stream = edits.streamInBody() ? -1 : scanner.find("stream");
    byte[] added = added(edits, scanner);
    if (named < 0 && stream < 0 && added.length == 0) {
      return length == body.length ? body : java.util.Arrays.copyOf(body, length);
    }
    var out = new java.io.ByteArrayOutputStream(length + added.length + 1);
    int members = scanner.members();
    out.write(body, 0, members == 0 ? scanner.closingBrace() : scanner.nameStart(0));
    int before = -1;
    for (int i = 0; i < members; i++) {
      if (i != named && i != stream) {
        if (before >= 0) {
          int gap = scanner.valueEnd(before);
          out.write(body, gap, scanner.nameStart(before + 1) - gap);
        }
        out.write(body, scanner.nameStart(i), scanner.valueEnd(i) - scanner.nameStart(i));
        before = i;
      }
    }
    if (added.length > 0 && before >= 0) {
      out.write(',');
    }
    out.writeBytes(added);
    int tail = members == 0 ? scanner.closingBrace() : scanner.valueEnd(members - 1);
    out.write(body, tail, length - tail);
    return out.toByteArray();
  }

  private static final String RESOURCE_PREFIX = "models/";

  /** The members to add that the caller does not send, with commas between them. */
  private static byte[] added(BodyEdits edits, JsonScanner scanner) {
    if (edits.added().isEmpty()) {
      return NOTHING;
    }
    var text = new StringJoiner(",");
    for (Map.Entry<String, String> added : edits.added().entrySet()) {
      if (scanner.find(added.getKey()) < 0) {
        text.add(Json.text(Json.object().stringNode(added.getKey())) + ":" + added.getValue());
      }
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Cuts a body into pieces, from front to back, with some replaced. */
  private static final class Edits {
    private final byte[] body;
    private final int length;
    private final BodyPieces out = new BodyPieces();
    private int at;

    Edits(byte[] body, int length) {
      this.body = body;
      this.length = length;
    }

    void replace(int from, int to, byte[] by) {
      out.add(body, at, from - at).add(by, 0, by.length);
      at = to;
    }

    BodyPieces done() {
      return out.add(body, at, length - at);
    }
  }
}
