package dev.understudy.protocol.openairesponses;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.Usage;
import dev.understudy.json.Json;
import dev.understudy.json.JsonScanner;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.Outbound;
import dev.understudy.protocol.SseMeter;
import dev.understudy.protocol.Trail;
import dev.understudy.protocol.wire.EndMark;
import java.util.Arrays;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads along with a Responses stream: what the last event says of the whole response. */
final class ResponsesMeter extends SseMeter {
  private final Outbound protocol;
  private final JsonScanner response = new JsonScanner();
  private Usage usage = Usage.UNSAID;

  /** Looked up in the first event and counted from there: each has the next number. */
  private long next = -1;

  ResponsesMeter(Outbound protocol, Dialect dialect) {
    super(protocol, dialect);
    this.protocol = protocol;
  }

  @Override
  protected boolean isMark(byte[] data, int offset, int length) {
    return isComplete() || EndMark.is(data, offset, length);
  }

  @Override
  protected void event(JsonScanner event, byte[] data, int offset, int length) {
    next = next < 0 ? numbered(event, data) + 1 : next + 1;
    int type = event.find("type");
    if (type < 0 || !event.isString(type)) {
      return;
    }
    Trail trail = trail();
    if (trail != null) {
      remember(trail, event, type, data, offset, length);
    }
    int delta = event.find("delta");
    if (delta >= 0 && event.isString(delta)) {
      said(event.valueEnd(delta) - event.valueStart(delta) - 2L);
    } else if (event.isText(type, "response.created")) {
      created(event, data);
    } else if (event.isText(type, "response.output_item.added")) {
      said(0);
    } else if (event.isText(type, "response.completed")
        || event.isText(type, "response.incomplete")) {
      finished(event, data);
    } else if (event.isText(type, "response.failed") || event.isText(type, "error")) {
      if (trail != null) {
        trail.numbered(next - 2); // the caller does not get this one
      }
      failed(data, offset, length);
    }
  }

  private static void remember(
      Trail trail, JsonScanner event, int type, byte[] data, int offset, int length) {
    if (event.isText(type, "response.output_text.delta")) {
      int delta = event.find("delta");
      if (delta >= 0 && event.isString(delta)) {
        trail.text(data, event.valueStart(delta) + 1, event.valueEnd(delta) - 1);
      }
      int odds = event.find("logprobs");
      if (odds >= 0 && event.valueEnd(odds) - event.valueStart(odds) > 2) {
        trail.obstacle("how likely each token was");
      }
    } else if (event.isText(type, "response.created")
        || event.isText(type, "response.output_item.done")) {
      trail.keep(data, offset, length);
      if (event.isText(type, "response.output_item.done")) {
        trail.closed(trail.part());
      }
    } else if (event.isText(type, "response.output_item.added")) {
      added(trail, Json.parseObject(data, offset, length), data, offset);
      trail.keep(data, offset, length);
    } else if (event.isText(type, "response.content_part.added")) {
      trail.keep(data, offset, length);
      JsonNode part = Json.parseObject(data, offset, length).path("part");
      if (part.path("type").asString("").equals("output_text")) {
        trail.opened(trail.part() + 1);
      } else if (part.path("type").asString("").equals("refusal")) {
        trail.obstacle("a refusal");
      }
    } else if (event.isText(type, "response.content_part.done")) {
      trail.keep(data, offset, length);
      trail.closed(trail.part());
    }
    int number = event.find("sequence_number");
    if (number >= 0) {
      trail.numbered(number(data, event.valueStart(number), event.valueEnd(number)));
    }
  }

  private static void added(Trail trail, ObjectNode event, byte[] data, int offset) {
    switch (event.path("item").path("type").asString("")) {
      case "message" -> {}
      case "reasoning" -> trail.thought();
      case "function_call", "custom_tool_call" -> trail.holds(data, offset);
      default -> trail.obstacle("an item that is no text");
    }
  }

  private static long numbered(JsonScanner event, byte[] data) {
    int number = event.find("sequence_number");
    return number < 0 ? 0 : number(data, event.valueStart(number), event.valueEnd(number));
  }

  private static long number(byte[] data, int from, int to) {
    long number = 0;
    for (int i = from; i < to && data[i] >= '0' && data[i] <= '9'; i++) {
      number = number * 10 + data[i] - '0';
    }
    return number;
  }

  private void created(JsonScanner event, byte[] data) {
    int at = event.find("response");
    if (at >= 0 && event.kind(at) == '{') {
      response.scan(data, event.valueStart(at), event.valueEnd(at) - event.valueStart(at));
      named(text("id"), text("model"));
    }
  }

  private String text(String name) {
    int at = response.find(name);
    return at >= 0 && response.isString(at) ? response.string(at) : "";
  }

  /** The whole response stands in the last event; its items are counted with its usage. */
  private void finished(JsonScanner event, byte[] data) {
    int at = event.find("response");
    if (at < 0 || event.kind(at) != '{') {
      return;
    }
    byte[] whole = Arrays.copyOfRange(data, event.valueStart(at), event.valueEnd(at));
    ChatReply reply = protocol.readReply(whole, dialect(), new Losses());
    usage = reply.usage();
    named(reply.id(), reply.model());
    stopped(
        reply.stop().vendorReason().orElse(reply.stop().reason().name().toLowerCase(Locale.ROOT)));
    if (!reply.parts().isEmpty()) {
      said(0);
    }
    completed();
  }

  @Override
  public long nextNumber() {
    return Math.max(next, 0);
  }

  @Override
  protected void bodyEnded() {}

  @Override
  protected Usage streamUsage() {
    return usage;
  }
}
