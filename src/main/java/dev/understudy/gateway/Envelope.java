package dev.understudy.gateway;

import dev.understudy.chat.ProtocolName;
import dev.understudy.json.JsonScanner;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.SealText;
import dev.understudy.protocol.gemini.GeminiInbound;
import java.util.Optional;

/**
 * What the gateway must know of a request before it knows the request: which model, whether a
 * stream, and where in the bytes that stands.
 *
 * @param model the name asked for
 * @param modelFrom where the model's value begins, -1 if the body does not name it
 * @param modelTo one past its end
 * @param stream whether a stream is asked for
 * @param usageAsked whether the caller wants usage in a Chat stream
 * @param optionsFrom where the value of {@code stream_options} begins, -1 if there is none
 * @param optionsTo one past its end
 * @param closingBrace where the object ends
 * @param members how many members it has
 * @param storedState the field that refers to what a vendor keeps, with its value
 * @param maxTokens the bound on one answer; 0 if none is set
 * @param answers how many answers are asked for at once
 * @param sealed whether a seal of another vendor travels in the body, which only translation takes
 *     out
 */
record Envelope(
    String model,
    int modelFrom,
    int modelTo,
    boolean stream,
    boolean usageAsked,
    int optionsFrom,
    int optionsTo,
    int closingBrace,
    int members,
    Optional<StoredState> storedState,
    long maxTokens,
    long answers,
    boolean sealed) {

  /**
   * A request that goes on from what a vendor keeps.
   *
   * @param field such as {@code previous_response_id}
   * @param id what it names, empty where that is no text
   */
  record StoredState(String field, String id) {}

  /**
   * Looks at a request's body.
   *
   * @throws Malformed if it is not a JSON object, or lacks what its protocol demands
   */
  static Envelope peek(Door door, byte[] body, int length, JsonScanner scanner) {
    scanner.scan(body, 0, length);
    int model = door.pathModel().isPresent() ? -1 : scanner.find("model");
    String name = door.pathModel().orElse("");
    if (door.pathModel().isEmpty()) {
      if (model < 0 || !scanner.isString(model)) {
        throw new Malformed("model", model < 0 ? "is missing" : "a string is needed");
      }
      name = scanner.string(model);
    }
    int stream = door.pathModel().isPresent() ? -1 : scanner.find("stream");
    if (stream >= 0 && !scanner.isLiteral(stream)) {
      // Vendors that take "true" or 1 for true would stream to a caller who is held to want none,
      // and be blamed for it.
      throw new Malformed("stream", "true or false is needed");
    }
    int options = scanner.find("stream_options");
    boolean chat = door.protocol().equals(ProtocolName.OPENAI_CHAT);
    JsonScanner bounds = AnswerBounds.where(door.protocol(), body, scanner);
    return new Envelope(
        name,
        model < 0 ? -1 : scanner.valueStart(model),
        model < 0 ? -1 : scanner.valueEnd(model),
        door.ask() == Door.Ask.CHAT_STREAM || (stream >= 0 && scanner.isTrue(stream)),
        chat
            && options >= 0
            && asksUsage(body, scanner.valueStart(options), scanner.valueEnd(options)),
        options < 0 ? -1 : scanner.valueStart(options),
        options < 0 ? -1 : scanner.valueEnd(options),
        scanner.closingBrace(),
        scanner.members(),
        door.protocol().equals(ProtocolName.OPENAI_RESPONSES)
            ? storedState(body, scanner)
            : Optional.empty(),
        AnswerBounds.tokens(door.protocol(), body, bounds),
        AnswerBounds.answers(door.protocol(), body, bounds),
        holds(SealText.MARK, body, length, scanner)
            || (door.protocol().equals(ProtocolName.GEMINI)
                && holds(GeminiInbound.WRAPPED_MARK, body, length, scanner)));
  }

  /** Whether a text that strings may begin with occurs. */
  private static boolean holds(String mark, byte[] body, int length, JsonScanner scanner) {
    return scanner.mayBegin(mark.charAt(0)) && Search.contains(body, 0, length, mark);
  }

  private static boolean asksUsage(byte[] body, int from, int to) {
    if (body[from] != '{') {
      return false;
    }
    var inner = new JsonScanner();
    inner.scan(body, from, to - from);
    int usage = inner.find("include_usage");
    return usage >= 0 && inner.isTrue(usage);
  }

  private static Optional<StoredState> storedState(byte[] body, JsonScanner scanner) {
    for (String field : new String[] {"previous_response_id", "conversation"}) {
      int at = scanner.find(field);
      if (at >= 0 && !scanner.isNull(at)) {
        return Optional.of(new StoredState(field, scanner.isString(at) ? scanner.string(at) : ""));
      }
    }
    int input = scanner.find("input");
    if (input >= 0
        && scanner.kind(input) == '['
        && Search.contains(
            body, scanner.valueStart(input), scanner.valueEnd(input), "\"item_reference\"")) {
      return Optional.of(new StoredState("item_reference", ""));
    }
    return Optional.empty();
  }
}
