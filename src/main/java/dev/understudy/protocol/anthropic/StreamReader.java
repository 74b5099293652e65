package dev.understudy.protocol.anthropic;

import dev.understudy.chat.Citation;
import dev.understudy.chat.Failure;
import dev.understudy.chat.Part;
import dev.understudy.chat.PartStart;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.ReplyEvent.Broken;
import dev.understudy.chat.ReplyEvent.Cited;
import dev.understudy.chat.ReplyEvent.Closed;
import dev.understudy.chat.ReplyEvent.Counted;
import dev.understudy.chat.ReplyEvent.Delta;
import dev.understudy.chat.ReplyEvent.Ended;
import dev.understudy.chat.ReplyEvent.Heartbeat;
import dev.understudy.chat.ReplyEvent.Opened;
import dev.understudy.chat.ReplyEvent.Started;
import dev.understudy.chat.Seal;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.ReplyReader;
import dev.understudy.protocol.wire.EndMark;
import dev.understudy.protocol.wire.SseReader;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads one streamed answer (platform.claude.com/docs/en/build-with-claude/streaming).
 *
 * <p>Only the {@code data} of an event counts, which repeats the event's name as its {@code type}:
 * Bedrock sends no names.
 */
final class StreamReader implements ReplyReader, SseReader.Listener {
  private enum Open {
    NOTHING,
    TEXT,
    THOUGHT,
    REDACTED,
    CALL,
    FOREIGN
  }

  /** The vendor's stream is not what the protocol says. */
  private static final class BrokenStream extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokenStream(String message) {
      super(message, null, false, false);
    }
  }

  private final String vendor;
  private final Consumer<ReplyEvent> events;
  private final Losses losses;
  private final SseReader sse = new SseReader(this);

  private boolean over;
  private boolean started;
  private ObjectNode usage = Json.object();
  private boolean outputTold;
  private Optional<String> stopReason = Optional.empty();
  private Optional<String> stopSequence = Optional.empty();

  private Open open = Open.NOTHING;
  private long vendorIndex;
  private int index = -1;
  private boolean told;
  private final StringBuilder seal = new StringBuilder();
  private String startInput = "{}";
  private @Nullable BlockInProgress foreign;
  private @Nullable Seal callSeal;

  StreamReader(String vendor, Consumer<ReplyEvent> events, Losses losses) {
    this.vendor = vendor;
    this.events = events;
    this.losses = losses;
  }

  @Override
  public void accept(byte[] bytes, int offset, int length) {
    if (over) {
      return;
    }
    try {
      sse.accept(bytes, offset, length);
    } catch (IllegalStateException e) {
      broken(Failures.broken("the stream cannot be read: " + e.getMessage(), vendor));
    }
  }

  @Override
  public void end() {
    if (!over) {
      sse.end();
    }
    if (!over) {
      broken(Failures.broken("the stream ended before message_stop", vendor));
    }
  }

  @Override
  public void comment() {
    if (!over) {
      events.accept(new Heartbeat());
    }
  }

  @Override
  public void event(String name, byte[] data, int offset, int length) {
    if (over || EndMark.saysNothing(data, offset, length)) {
      return;
    }
    try {
      event(Json.parseObject(data, offset, length));
    } catch (Malformed | BrokenStream e) {
      broken(Failures.broken("the stream breaks its protocol: " + e.getMessage(), vendor));
    }
  }

  private void event(ObjectNode event) {
    String type = event.path("type").asString("");
    switch (type) {
      case "message_start" -> messageStart(event);
      case "content_block_start" -> blockStart(event);
      case "content_block_delta" -> blockDelta(event);
      case "content_block_stop" -> {
        known(event, type, "type", "index");
        closeBlock();
      }
      case "message_delta" -> messageDelta(event);
      case "message_stop" -> {
        known(event, type, "type", "amazon-bedrock-invocationMetrics");
        messageStop();
      }
      case "ping" -> events.accept(new Heartbeat());
      case "error" -> broken(Failures.readEvent(event, vendor));
      default -> {
        if (Failures.isError(event)) {
          broken(Failures.readEvent(event, vendor));
        } else {
          losses.add(type.isEmpty() ? "event" : type, "unknown event");
        }
      }
    }
  }

  private void messageStart(ObjectNode event) {
    if (started) {
      throw new BrokenStream("a second message_start");
    }
    known(event, "message_start", "type", "message");
    started = true;
    if (!(event.get("message") instanceof ObjectNode message)) {
      throw new BrokenStream("message_start without a message");
    }
    Fields fields = Fields.of(message, "message");
    fields.ignore("type", "role", "stop_reason", "stop_sequence");
    if (message.path("content").isEmpty()) {
      fields.ignore("content");
    }
    events.accept(new Started(fields.text("id").orElse(""), fields.text("model").orElse("")));
    count(fields.raw("usage"));
    losses.unread(fields.unread());
  }

  private void count(Optional<JsonNode> said) {
    if (said.isPresent() && said.get() instanceof ObjectNode counts) {
      usage = AnthropicUsage.merge(usage, counts);
      events.accept(new Counted(AnthropicUsage.read(usage)));
    }
  }

  private void blockStart(ObjectNode event) {
    demandStarted("content_block_start");
    known(event, "content_block_start", "type", "index", "content_block");
    if (!(event.get("content_block") instanceof ObjectNode block)) {
      throw new BrokenStream("content_block_start without a block");
    }
    closeBlock();
    vendorIndex = event.path("index").asLong(0);
    told = false;
    seal.setLength(0);
    Fields fields = Fields.of(block, "content[" + vendorIndex + "]");
    switch (fields.requiredText("type")) {
      case "text" -> startText(fields);
      case "thinking" -> {
        open = Open.THOUGHT;
        seal.append(fields.text("signature").orElse(""));
        thought(fields.text("thinking").orElse(""));
      }
      case "redacted_thinking" -> {
        open = Open.REDACTED;
        seal.append(fields.text("data").orElse(""));
      }
      case "tool_use" -> startCall(fields);
      default -> {
        fields.ignoreRest();
        tellWaitingSeal();
        open = Open.FOREIGN;
        foreign = new BlockInProgress(block);
      }
    }
    losses.unread(fields.unread());
  }

  private void startText(Fields fields) {
    tellWaitingSeal();
    open = Open.TEXT;
    opened(new PartStart.Text());
    String text = fields.text("text").orElse("");
    if (!text.isEmpty()) {
      events.accept(new Delta(index, text));
    }
    if (fields.raw("citations").orElseGet(Json::array) instanceof ArrayNode citations) {
      citations.forEach(this::cited);
    }
  }

  private void startCall(Fields fields) {
    open = Open.CALL;
    Optional<Seal> own = Optional.ofNullable(callSeal);
    callSeal = null;
    BlockReader.ignoreDirectCaller(fields);
    startInput = ToolInput.read(fields.raw("input").orElseGet(Json::object), Optional.empty());
    opened(new PartStart.ToolCall(fields.requiredText("id"), fields.requiredText("name"), own));
  }

  private void opened(PartStart start) {
    index++;
    events.accept(new Opened(index, start));
  }

  private void blockDelta(ObjectNode event) {
    if (!(event.get("delta") instanceof ObjectNode delta)) {
      throw new BrokenStream("content_block_delta without a delta");
    }
    if (open == Open.NOTHING || event.path("index").asLong(vendorIndex) != vendorIndex) {
      throw new BrokenStream("a delta for a block that is not open");
    }
    known(event, "content_block_delta", "type", "index", "delta");
    if (foreign != null) {
      foreign.add(delta);
      return;
    }
    String type = delta.path("type").asString("");
    switch (type) {
      case "text_delta" -> {
        demandOpen(Open.TEXT, type);
        tell(delta, "text");
      }
      case "input_json_delta" -> {
        demandOpen(Open.CALL, type);
        tell(delta, "partial_json");
      }
      case "thinking_delta" -> {
        demandOpen(Open.THOUGHT, type);
        known(delta, "delta", "type", "thinking", "estimated_tokens");
        thought(delta.path("thinking").asString(""));
      }
      case "signature_delta" -> {
        demandOpen(Open.THOUGHT, type);
        known(delta, "delta", "type", "signature");
        seal.append(delta.path("signature").asString(""));
      }
      case "citations_delta" -> {
        demandOpen(Open.TEXT, type);
        known(delta, "delta", "type", "citation");
        cited(delta.path("citation"));
      }
      default -> losses.add("content_block_delta." + type, "unknown delta");
    }
  }

  private void tell(ObjectNode delta, String member) {
    known(delta, "delta", "type", member);
    String text = delta.path(member).asString("");
    if (!text.isEmpty()) {
      told = true;
      events.accept(new Delta(index, text));
    }
  }

  /** A thought opens with its first text: one without may be nothing but the seal of a call. */
  private void thought(String text) {
    if (text.isEmpty()) {
      return;
    }
    if (!told) {
      told = true;
      tellWaitingSeal();
      opened(new PartStart.Reasoning());
    }
    events.accept(new Delta(index, text));
  }

  private void cited(JsonNode node) {
    if (node instanceof ObjectNode object) {
      Citation citation = Citations.read(object);
      events.accept(new Cited(index, citation));
    }
  }

  private void closeBlock() {
    switch (open) {
      case NOTHING -> {}
      case TEXT -> events.accept(new Closed(index));
      case CALL -> {
        if (!told) {
          events.accept(new Delta(index, startInput));
        }
        events.accept(new Closed(index));
      }
      case THOUGHT -> closeThought(Seals.read(seal.toString(), Seals.SIGNATURE, vendor));
      case REDACTED -> closeThought(Seals.read(seal.toString(), Seals.REDACTED, vendor));
      case FOREIGN -> {
        if (foreign != null) {
          opened(new PartStart.Whole(new Part.Foreign(Seals.HOME, foreign.json())));
          events.accept(new Closed(index));
          foreign = null;
        }
      }
    }
    open = Open.NOTHING;
  }

  private void closeThought(Optional<Seal> sealed) {
    if (!told && sealed.filter(Seals::isOfCall).isPresent()) {
      tellWaitingSeal();
      callSeal = sealed.get();
      return;
    }
    if (!told) {
      tellWaitingSeal();
      opened(new PartStart.Reasoning());
    }
    events.accept(new Closed(index, sealed));
  }

  /** The seal was not followed by a call after all: then it is a thought without words. */
  private void tellWaitingSeal() {
    if (callSeal != null) {
      Seal waiting = callSeal;
      callSeal = null;
      opened(new PartStart.Reasoning());
      events.accept(new Closed(index, Optional.of(waiting)));
    }
  }

  private void messageDelta(ObjectNode event) {
    demandStarted("message_delta");
    Fields fields = Fields.of(event);
    fields.ignore("type");
    fields
        .object("delta")
        .ifPresent(delta -> {
          stopReason = delta.text("stop_reason").or(() -> stopReason);
          stopSequence = delta.text("stop_sequence").or(() -> stopSequence);
        });
    Optional<JsonNode> counts = fields.raw("usage");
    outputTold |=
        counts
            .filter(said -> said instanceof ObjectNode it && AnthropicUsage.tellsOutput(it))
            .isPresent();
    count(counts);
    losses.unread(fields.unread());
  }

  private void messageStop() {
    demandStarted("message_stop");
    closeBlock();
    tellWaitingSeal();
    if (!outputTold && !usage.isEmpty()) {
      events.accept(new Counted(AnthropicUsage.readUnfinished(usage)));
    }
    over = true;
    events.accept(new Ended(Stops.read(stopReason, stopSequence)));
  }

  private void demandStarted(String what) {
    if (!started) {
      throw new BrokenStream(what + " before message_start");
    }
  }

  private void demandOpen(Open kind, String delta) {
    if (open != kind) {
      throw new BrokenStream(delta + " in a block of another kind");
    }
  }

  /**
   * Looks for members that nobody reads; deltas are many, so nothing is made for the usual ones.
   */
  private void known(ObjectNode node, String path, String... names) {
    int found = 0;
    for (String name : names) {
      if (node.has(name)) {
        found++;
      }
    }
    if (found < node.size()) {
      Fields fields = Fields.of(node, path);
      fields.ignore(names);
      losses.unread(fields.unread());
    }
  }

  private void broken(Failure failure) {
    over = true;
    events.accept(new Broken(failure));
  }
}
