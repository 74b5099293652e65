package dev.understudy.protocol.openaichat;

import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Seal;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.protocol.SealText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Thoughts and what seals them, in the ways that grew around Chat Completions.
 *
 * <p>OpenAI's own protocol has neither. DeepSeek, vLLM and others send the text as {@code
 * reasoning_content} or {@code reasoning}; OpenRouter sends {@code reasoning_details}, each a text,
 * a summary or something encrypted, and wants them back unchanged; Google's OpenAI-compatible
 * address signs in {@code extra_content.google.thought_signature}; Mistral puts {@code thinking}
 * parts into the content.
 *
 * @see <a href="https://openrouter.ai/docs/use-cases/reasoning-tokens">OpenRouter</a>
 * @see <a href="https://ai.google.dev/gemini-api/docs/thought-signatures">Google</a>
 */
final class Thoughts {
  /** A seal whose data is an entry of {@code reasoning_details} but for its text. */
  static final String DETAIL = "reasoning_details";

  private static final String TEXT = "reasoning.text";

  /** A seal whose data is a {@code thought_signature}. */
  static final String SIGNATURE = "thought_signature";

  private Thoughts() {}

  /** One entry of {@code reasoning_details}, or what else a message says of its thoughts. */
  record Piece(String text, Optional<Seal> seal) {}

  /**
   * Reads all that a message or a delta says of thoughts, but for the content.
   *
   * @param vendor who says it; empty where a caller brings it back
   */
  static List<Piece> read(Fields message, Optional<String> vendor) {
    var pieces = new ArrayList<Piece>();
    List<Fields> details =
        message.node().path(DETAIL).isArray() ? message.objects(DETAIL) : List.of();
    details.forEach(detail -> pieces.add(detail(detail, vendor)));
    String inDetails = String.join("", pieces.stream().map(Piece::text).toList());
    String said =
        plain(message, "reasoning_content").or(() -> plain(message, "reasoning")).orElse("");
    message.ignore("reasoning_content", "reasoning");
    around(said, inDetails, pieces);
    signature(message)
        .ifPresent(text -> pieces.add(new Piece("", Optional.of(seal(text, SIGNATURE, vendor)))));
    return pieces;
  }

  /** Adds the text that is not in the details too. */
  private static void around(String said, String inDetails, List<Piece> pieces) {
    if (said.isEmpty() || said.equals(inDetails)) {
      return;
    }
    if (inDetails.isEmpty()) {
      pieces.addFirst(new Piece(said, Optional.empty()));
      return;
    }
    int at = said.indexOf(inDetails);
    if (at > 0) {
      pieces.addFirst(new Piece(said.substring(0, at), Optional.empty()));
    }
    if (at >= 0 && at + inDetails.length() < said.length()) {
      pieces.add(new Piece(said.substring(at + inDetails.length()), Optional.empty()));
    }
  }

  private static Piece detail(Fields detail, Optional<String> vendor) {
    ObjectNode own = detail.node().deepCopy();
    detail.ignoreRest();
    String text = take(own, "text") + take(own, "summary");
    String signature = string(own.path("signature"));
    String data = string(own.path("data"));
    String sealed = signature.isEmpty() ? data : signature;
    if (sealed.isEmpty()) {
      return new Piece(text, Optional.empty());
    }
    return new Piece(
        text,
        SealText.unwrap(sealed)
            .or(() ->
                Optional.of(new Seal(ProtocolName.OPENAI_CHAT, vendor, DETAIL, Json.text(own)))));
  }

  /** The seal of a tool call, or of a whole message, where it has one. */
  static Optional<Seal> readSeal(Fields at, Optional<String> vendor) {
    return signature(at).map(text -> seal(text, SIGNATURE, vendor));
  }

  /** Adds to a message what its caller or vendor is to see of one thought. */
  static void writeDetail(ObjectNode message, Part.Reasoning thought) {
    String text = thought.text();
    int index = message.path(DETAIL).size();
    if (thought.seal().isEmpty()) {
      writeText(message, text, index);
      return;
    }
    Seal seal = thought.seal().get();
    Optional<ObjectNode> own = ownDetail(seal);
    boolean withText = own.map(detail -> type(detail).equals(TEXT)).orElse(!isSignature(seal));
    if (!text.isEmpty() && !withText) {
      // An encrypted thought and its summary are entries of their own.
      ObjectNode summary = message.withArray(DETAIL).addObject();
      summary.put("type", "reasoning.summary");
      summary.put("summary", text);
      own.ifPresent(detail -> copy(detail, summary, "format"));
      summary.put("index", index);
    }
    writeSeal(message, seal, withText && !text.isEmpty(), index);
    if (withText && !text.isEmpty()) {
      JsonNode last = message.withArray(DETAIL).get(message.withArray(DETAIL).size() - 1);
      ((ObjectNode) last).put("text", text);
    }
  }

  /**
   * Adds a sealed thought to the delta that ends it; the text was told before, and is told here if
   * the seal is worth nothing without it.
   */
  static void writeSealed(ObjectNode delta, String text, Seal seal, int index) {
    boolean ofText =
        !isSignature(seal)
            && !text.isEmpty()
            && ownDetail(seal).map(detail -> type(detail).equals(TEXT)).orElse(true);
    writeSeal(delta, seal, ofText, index);
    if (ofText) {
      ((ObjectNode) delta.withArray(DETAIL).get(0)).put("text", text);
    }
  }

  /** Adds a piece of thought, unsealed. */
  private static void writeText(ObjectNode message, String text, int index) {
    ObjectNode detail = message.withArray(DETAIL).addObject();
    detail.put("type", TEXT);
    detail.put("text", text);
    detail.put("format", "unknown");
    detail.put("index", index);
  }

  /**
   * Adds the seal of a thought.
   *
   * @param ofText whether it seals a text, which is told beside or was told before
   */
  private static void writeSeal(ObjectNode message, Seal seal, boolean ofText, int index) {
    if (isSignature(seal)) {
      writeSignature(message, seal);
      return;
    }
    Optional<ObjectNode> own = ownDetail(seal);
    if (own.isPresent()) {
      message.withArray(DETAIL).add(own.get());
      return;
    }
    ObjectNode detail = message.withArray(DETAIL).addObject();
    detail.put("type", ofText ? TEXT : "reasoning.encrypted");
    detail.put(ofText ? "signature" : "data", SealText.wrap(seal));
    detail.put("format", "unknown");
    detail.put("index", index);
  }

  private static boolean isSignature(Seal seal) {
    return seal.protocol().equals(ProtocolName.OPENAI_CHAT) && seal.kind().equals(SIGNATURE);
  }

  private static Optional<ObjectNode> ownDetail(Seal seal) {
    return seal.protocol().equals(ProtocolName.OPENAI_CHAT)
            && seal.kind().equals(DETAIL)
            && Json.parse(seal.data()) instanceof ObjectNode detail
        ? Optional.of(detail)
        : Optional.empty();
  }

  private static String type(ObjectNode detail) {
    return string(detail.path("type"));
  }

  /** Adds the seal of a tool call, or of a whole message. */
  static void writeSignature(ObjectNode at, Seal seal) {
    at.withObject("extra_content")
        .withObject("google")
        .put(SIGNATURE, SealText.write(seal, ProtocolName.OPENAI_CHAT));
  }

  private static Seal seal(String text, String kind, Optional<String> vendor) {
    return SealText.unwrap(text)
        .orElseGet(() -> new Seal(ProtocolName.OPENAI_CHAT, vendor, kind, text));
  }

  private static Optional<String> signature(Fields at) {
    String inGoogle = string(at.node().path("extra_content").path("google").path(SIGNATURE));
    if (!inGoogle.isEmpty()) {
      // Google repeats it beside, and says that there was a thought.
      at.ignore("extra_content", SIGNATURE);
      return Optional.of(inGoogle);
    }
    String beside = string(at.node().path(SIGNATURE));
    if (!beside.isEmpty()) {
      at.ignore(SIGNATURE);
      return Optional.of(beside);
    }
    return Optional.empty();
  }

  private static Optional<String> plain(Fields message, String name) {
    return Optional.of(string(message.node().path(name))).filter(text -> !text.isEmpty());
  }

  private static String take(ObjectNode node, String name) {
    JsonNode value = node.remove(name);
    return value == null ? "" : string(value);
  }

  private static String string(JsonNode node) {
    return node.isString() ? node.stringValue() : "";
  }

  private static void copy(ObjectNode from, ObjectNode to, String name) {
    if (from.has(name)) {
      to.set(name, from.get(name));
    }
  }
}
