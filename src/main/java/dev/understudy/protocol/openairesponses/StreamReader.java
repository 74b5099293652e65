package dev.understudy.protocol.openairesponses;

import dev.understudy.chat.Failure;
import dev.understudy.chat.PartStart;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.ReplyEvent.Broken;
import dev.understudy.chat.ReplyEvent.Counted;
import dev.understudy.chat.ReplyEvent.Ended;
import dev.understudy.chat.ReplyEvent.Heartbeat;
import dev.understudy.chat.ReplyEvent.Opened;
import dev.understudy.chat.ReplyEvent.Started;
import dev.understudy.chat.Usage;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.ReplyReader;
import dev.understudy.protocol.wire.EndMark;
import dev.understudy.protocol.wire.SseReader;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a streamed response.
 *
 * <p>Source: <a href="https://platform.openai.com/docs/api-reference/responses-streaming">streaming
 * events</a>. Items are told one after another in the order of {@code output_index}: an event of an
 * item whose turn has not come waits. Some vendors leave out pieces or the ends of items; the
 * response object of the last event makes them good.
 */
final class StreamReader implements ReplyReader, SseReader.Listener {
  private final Dialect dialect;
  private final Consumer<ReplyEvent> out;
  private final Losses losses;
  private final SseReader sse = new SseReader(this);
  private final ItemOrder items;
  private final ArrayNode vendorsCalls = Json.array();
  private boolean started;
  private boolean over;
  private boolean calls;
  private boolean refuses;

  StreamReader(Dialect dialect, Consumer<ReplyEvent> out, Losses losses) {
    this.dialect = dialect;
    this.out = out;
    this.losses = losses;
    var parts = new ItemParts(this::emit);
    var reader = new OutputItems(dialect.vendor(), losses);
    this.items = new ItemOrder(() -> new StreamItem(parts, reader, losses), losses);
  }

  @Override
  public void accept(byte[] bytes, int offset, int length) {
    if (over) {
      return;
    }
    try {
      sse.accept(bytes, offset, length);
    } catch (IllegalStateException e) {
      broken(e.getMessage() == null ? "the stream cannot be read" : e.getMessage());
    }
  }

  @Override
  public void end() {
    if (over) {
      return;
    }
    sse.end();
    if (!over) {
      broken("the vendor's stream stopped before its end");
    }
  }

  @Override
  public void comment() {
    heartbeat();
  }

  @Override
  public void event(String name, byte[] data, int offset, int length) {
    if (over || EndMark.saysNothing(data, offset, length)) {
      return;
    }
    try {
      ObjectNode event = Json.parseObject(data, offset, length);
      event(event.path("type").asString(name), event);
    } catch (Malformed e) {
      broken("an event of the vendor's stream is malformed: " + e.getMessage());
    }
  }

  private void event(String type, ObjectNode event) {
    switch (type) {
      case "response.created", "response.queued", "response.in_progress" -> begin(event);
      case "response.output_item.added" -> {
        begin(event);
        items.added(index(event), event.path("item"));
      }
      case "response.output_item.done" -> {
        begin(event);
        keepCall(event.path("item"));
        items.done(index(event), event.path("item"));
      }
      case "response.completed", "response.incomplete", "response.cancelled", "response.done" ->
          finish(event);
      case "response.failed" -> fail(event);
      case "error" -> {
        over = true;
        out.accept(new Broken(Failures.ofEvent(event, dialect.vendor())));
      }
      case "keepalive", "ping" -> heartbeat();
      default -> piece(type, event);
    }
  }

  private void piece(String type, ObjectNode event) {
    if (!event.has("type") && event.has("error")) {
      over = true;
      out.accept(new Broken(Failures.ofEvent(event, dialect.vendor())));
      return;
    }
    if (isProgress(type)) {
      // A tool that the vendor runs: what comes of it arrives as a whole item.
      heartbeat();
      return;
    }
    begin(event);
    items.piece(index(event), type, event);
  }

  private static boolean isProgress(String type) {
    return (type.contains("_call") && !type.contains("function_call"))
        || type.startsWith("response.mcp_list_tools.");
  }

  private void begin(ObjectNode event) {
    if (!started) {
      started = true;
      JsonNode response = event.path("response");
      out.accept(
          new Started(response.path("id").asString(""), response.path("model").asString("")));
    }
  }

  private void finish(ObjectNode event) {
    begin(event);
    if (!(event.get("response") instanceof ObjectNode response)) {
      broken("the vendor's last event holds no response");
      return;
    }
    items.finish(response.path("output"));
    Fields fields = Fields.of(response);
    fields.ignore("id", "model", "output");
    var stop = ResponseReader.stop(fields, calls, refuses);
    ResponseReader.head(fields);
    losses.unread(fields.unread());
    count(response);
    over = true;
    out.accept(new Ended(stop));
  }

  private void fail(ObjectNode event) {
    if (event.get("response") instanceof ObjectNode response) {
      count(response);
      over = true;
      out.accept(new Broken(Failures.ofResponse(response, dialect.vendor())));
    } else {
      over = true;
      out.accept(new Broken(Failures.ofEvent(event, dialect.vendor())));
    }
  }

  private void count(ObjectNode response) {
    JsonNode output = response.path("output");
    Usage usage = ResponseReader.usage(response, output.isEmpty() ? vendorsCalls : output, dialect);
    if (started && usage.isSaid()) {
      out.accept(new Counted(usage));
    }
  }

  private void keepCall(JsonNode item) {
    if (ResponsesUsage.isVendorsCall(item.path("type").asString(""))) {
      vendorsCalls.addObject().set("type", item.get("type"));
    }
  }

  private void emit(ReplyEvent event) {
    if (event instanceof Opened opened) {
      calls |= opened.part() instanceof PartStart.ToolCall;
      refuses |= opened.part() instanceof PartStart.Refusal;
    }
    out.accept(event);
  }

  private void heartbeat() {
    if (!over) {
      out.accept(new Heartbeat());
    }
  }

  private void broken(String message) {
    over = true;
    out.accept(new Broken(Failure.of(502, "server_error", message).withVendor(dialect.vendor())));
  }

  private static Optional<Integer> index(ObjectNode event) {
    JsonNode index = event.get("output_index");
    return index != null && index.canConvertToInt() && index.intValue() >= 0
        ? Optional.of(index.intValue())
        : Optional.empty();
  }
}
