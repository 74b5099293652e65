package dev.understudy.protocol.cohere;

import dev.understudy.chat.Failure;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.ReplyEvent.Broken;
import dev.understudy.chat.ReplyEvent.Counted;
import dev.understudy.chat.ReplyEvent.Ended;
import dev.understudy.chat.ReplyEvent.Heartbeat;
import dev.understudy.chat.ReplyEvent.Started;
import dev.understudy.chat.Usage;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.PartSequencer;
import dev.understudy.protocol.ReplyReader;
import dev.understudy.protocol.wire.EndMark;
import dev.understudy.protocol.wire.SseReader;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a stream of Cohere's: {@code message-start}, plan, content and tool calls, {@code
 * message-end} with usage and reason.
 *
 * <p>A text part stays open past its {@code content-end}, because citations may follow it.
 */
final class CohereStreamReader implements ReplyReader, SseReader.Listener {
  private enum Open {
    NOTHING,
    TEXT,
    THINKING,
    PLAN,
    CALLS
  }

  private final Dialect dialect;
  private final Consumer<ReplyEvent> events;
  private final Losses losses;
  private final PartSequencer parts;
  private final SseReader sse = new SseReader(this);
  private final StringBuilder text = new StringBuilder();
  private final Set<Integer> callsWithInput = new HashSet<>();
  private Open open = Open.NOTHING;
  private boolean started;
  private boolean over;

  CohereStreamReader(Dialect dialect, Consumer<ReplyEvent> events, Losses losses) {
    this.dialect = dialect;
    this.events = events;
    this.losses = losses;
    this.parts = new PartSequencer(events);
  }

  @Override
  public void accept(byte[] bytes, int offset, int length) {
    if (over) {
      return;
    }
    try {
      sse.accept(bytes, offset, length);
    } catch (IllegalStateException e) {
      fail(CohereFailure.brokenStream("the stream cannot be read: " + e.getMessage(), dialect));
    }
  }

  @Override
  public void end() {
    if (over) {
      return;
    }
    sse.end();
    if (!over) {
      fail(CohereFailure.brokenStream("the stream ended before message-end", dialect));
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
      Fields event = Fields.of(Json.parseObject(data, offset, length));
      take(event.text("type").orElse(name), event);
      losses.unread(event.unread());
    } catch (Malformed | IllegalStateException e) {
      fail(CohereFailure.brokenStream("the stream cannot be read: " + e.getMessage(), dialect));
    }
  }

  private void take(String type, Fields event) {
    if (!started) {
      if (type.equals("message-start")) {
        start(event);
        return;
      }
      // An error that comes before the answer is a bare error object.
      if (event.has("message") || event.has("error")) {
        fail(CohereFailure.inStream(500, "error", event, dialect));
        event.ignoreRest();
        return;
      }
      throw new Malformed("", "the stream begins with \"" + type + "\"");
    }
    Optional<Fields> delta = event.object("delta");
    Optional<Fields> message = delta.flatMap(d -> d.object("message"));
    switch (type) {
      case "content-start" -> {
        event.ignore("index");
        content(message.flatMap(m -> m.object("content")), true);
      }
      case "content-delta" -> {
        event.ignore("index");
        content(message.flatMap(m -> m.object("content")), false);
        delta.ifPresent(d -> logprobs(d));
      }
      case "content-end" -> event.ignore("index");
      case "tool-plan-delta" -> {
        enter(Open.PLAN);
        message.flatMap(m -> m.text("tool_plan")).ifPresent(parts::reasoning);
      }
      case "tool-call-start" -> message.ifPresent(m -> callStart(index(event), m));
      case "tool-call-delta" -> message.ifPresent(m -> callDelta(index(event), m));
      case "tool-call-end" -> callEnd(index(event));
      case "citation-start" -> {
        event.ignore("index");
        message.ifPresent(this::citation);
      }
      case "citation-end" -> event.ignore("index");
      case "message-end" -> finish(delta.orElseThrow(() -> new Malformed("delta", "is missing")));
      case "debug" -> event.ignoreRest();
      default -> {
        event.ignoreRest();
        losses.add(type, "unknown event");
      }
    }
  }

  private void start(Fields event) {
    started = true;
    String id = event.text("id").orElse("");
    Optional<String> plan =
        event
            .object("delta")
            .flatMap(delta -> delta.object("message"))
            .flatMap(message -> {
              // The message as it will be, still empty.
              message.ignore("role", "content", "tool_calls", "citations");
              return message.text("tool_plan");
            });
    events.accept(new Started(id, ""));
    plan.filter(text -> !text.isEmpty())
        .ifPresent(text -> {
          enter(Open.PLAN);
          parts.reasoning(text);
        });
  }

  private void content(Optional<Fields> content, boolean begins) {
    if (content.isEmpty()) {
      return;
    }
    Fields block = content.get();
    Optional<String> type = block.text("type");
    Optional<String> thought = block.text("thinking");
    Optional<String> said = block.text("text");
    if (begins) {
      leave();
    }
    if (type.map("thinking"::equals).orElse(thought.isPresent())) {
      enter(Open.THINKING);
    } else if (type.map("text"::equals).orElse(said.isPresent())) {
      enter(Open.TEXT);
    }
    thought.ifPresent(parts::reasoning);
    said.ifPresent(words -> {
      text.append(words);
      parts.text(words);
    });
  }

  private void logprobs(Fields delta) {
    JsonNode one = delta.node().path("logprobs");
    if (open == Open.TEXT && one instanceof ObjectNode) {
      // A stream carries one item where a whole answer carries a list; the text came already.
      ObjectNode wrapped = Json.object();
      wrapped.putArray("logprobs").add(one);
      var read = CohereReplyReader.logprobs(Fields.of(wrapped), "logprobs");
      if (!read.isEmpty()) {
        delta.ignore("logprobs");
        parts.text("", read);
      }
    }
  }

  private void callStart(int key, Fields message) {
    Fields call = message.requiredObject("tool_calls");
    call.ignore("type");
    Fields function = call.requiredObject("function");
    enter(Open.CALLS);
    parts.callOpened(key, call.requiredText("id"), function.requiredText("name"), Optional.empty());
    function.text("arguments").ifPresent(json -> input(key, json));
  }

  private void callDelta(int key, Fields message) {
    message
        .requiredObject("tool_calls")
        .object("function")
        .flatMap(function -> function.text("arguments"))
        .ifPresent(json -> input(key, json));
  }

  private void input(int key, String json) {
    if (!json.isBlank()) {
      callsWithInput.add(key);
    }
    parts.callDelta(key, json);
  }

  private void callEnd(int key) {
    if (parts.hasCall(key) && callsWithInput.add(key)) {
      parts.callDelta(key, "{}");
    }
  }

  private void citation(Fields message) {
    Fields citation = message.requiredObject("citations");
    if (open == Open.TEXT && CohereReplyReader.isOfText(citation)) {
      parts.cited(CohereReplyReader.citation(citation, text.toString()));
    }
    // Elsewhere there is nothing it could belong to; it stays unread and is told as a loss.
  }

  private void finish(Fields delta) {
    leave();
    parts.finish();
    Usage usage = delta.object("usage").map(CohereUsage::read).orElse(Usage.UNSAID);
    if (usage.isSaid()) {
      events.accept(new Counted(usage));
    }
    String reason = delta.requiredText("finish_reason");
    if (reason.equals("ERROR") || reason.equals("TIMEOUT")) {
      delta.ignore("error", "error_type");
      fail(CohereFailure.inStream(reason.equals("TIMEOUT") ? 504 : 500, reason, delta, dialect));
      return;
    }
    over = true;
    events.accept(new Ended(CohereReplyReader.stop(reason)));
  }

  /** Closes what is open if it is of another kind. */
  private void enter(Open kind) {
    if (open != kind) {
      leave();
      open = kind;
    }
  }

  private void leave() {
    switch (open) {
      case NOTHING, CALLS -> {}
      case TEXT -> parts.finish();
      case THINKING -> parts.seal(CohereSeal.of(CohereSeal.THINKING, dialect));
      case PLAN -> parts.seal(CohereSeal.of(CohereSeal.TOOL_PLAN, dialect));
    }
    text.setLength(0);
    open = Open.NOTHING;
  }

  private static int index(Fields event) {
    return Math.toIntExact(event.integer("index").orElse(0L) & Integer.MAX_VALUE);
  }

  /** {@code [DONE]} follows message-end and says nothing. */
  private void fail(Failure failure) {
    over = true;
    events.accept(new Broken(failure));
  }
}
