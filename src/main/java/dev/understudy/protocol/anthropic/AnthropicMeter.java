package dev.understudy.protocol.anthropic;

import dev.understudy.chat.Usage;
import dev.understudy.json.Json;
import dev.understudy.json.JsonScanner;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Outbound;
import dev.understudy.protocol.SseMeter;
import dev.understudy.protocol.Trail;
import dev.understudy.protocol.wire.EndMark;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads along with a Messages stream: cumulative usage, stop reason, {@code message_stop}. */
final class AnthropicMeter extends SseMeter {
  /** For each thread, not each stream: what it found is used before the next scan. */
  private static final ThreadLocal<JsonScanner> DELTA = ThreadLocal.withInitial(JsonScanner::new);

  private Optional<ObjectNode> usage = Optional.empty();
  private boolean outputTold;

  AnthropicMeter(Outbound protocol, Dialect dialect) {
    super(protocol, dialect);
  }

  @Override
  protected boolean isMark(byte[] data, int offset, int length) {
    // After the end nothing counts, whatever comes: the answer is whole.
    return isComplete() || EndMark.is(data, offset, length);
  }

  @Override
  protected void event(JsonScanner event, byte[] data, int offset, int length) {
    int type = event.find("type");
    if (type < 0 || !event.isString(type)) {
      if (event.find("error") >= 0) {
        failed(data, offset, length);
      }
      return;
    }
    Trail trail = trail();
    if (event.isText(type, "content_block_delta")) {
      int delta = event.find("delta");
      said(delta < 0 ? 0 : Math.max(0, event.valueEnd(delta) - event.valueStart(delta) - OVERHEAD));
      if (trail != null && delta >= 0) {
        changed(trail, event, delta, data);
      }
    } else if (event.isText(type, "content_block_start")) {
      said(0);
      if (trail != null) {
        opened(trail, Json.parseObject(data, offset, length), data, offset);
      }
    } else if (event.isText(type, "content_block_stop")) {
      if (trail != null) {
        trail.closed(Json.parseObject(data, offset, length).path("index").asInt(0));
      }
    } else if (event.isText(type, "message_start")) {
      started(Json.parseObject(data, offset, length));
    } else if (event.isText(type, "message_delta")) {
      changed(Json.parseObject(data, offset, length));
    } else if (event.isText(type, "message_stop")) {
      completed();
    } else if (event.isText(type, "error")) {
      failed(data, offset, length);
    }
  }

  /** What stands around a delta's text: {@code {"type":"text_delta","text":""}}. */
  private static final int OVERHEAD = 31;

  private static void changed(Trail trail, JsonScanner event, int delta, byte[] data) {
    if (!trail.isOpen() || event.kind(delta) != '{') {
      return; // a thought, or a tool's input
    }
    JsonScanner inner = DELTA.get();
    inner.scan(data, event.valueStart(delta), event.valueEnd(delta) - event.valueStart(delta));
    int text = inner.find("text");
    if (text >= 0 && inner.isString(text)) {
      trail.text(data, inner.valueStart(text) + 1, inner.valueEnd(text) - 1);
    }
  }

  private static void opened(Trail trail, ObjectNode event, byte[] data, int offset) {
    JsonNode block = event.path("content_block");
    int index = event.path("index").asInt(0);
    switch (block.path("type").asString("")) {
      case "text" -> {
        trail.opened(index);
        String text = block.path("text").asString("");
        if (!text.isEmpty()) {
          trail.text(text);
        }
      }
      case "thinking", "redacted_thinking" -> trail.thought();
      case "tool_use" -> trail.holds(data, offset);
      default -> trail.obstacle("a part that is no text");
    }
  }

  private void started(ObjectNode event) {
    JsonNode message = event.path("message");
    named(message.path("id").asString(""), message.path("model").asString(""));
    count(message);
  }

  private void changed(ObjectNode event) {
    JsonNode reason = event.path("delta").path("stop_reason");
    if (reason.isString()) {
      stopped(reason.stringValue());
    }
    outputTold |=
        event.path("usage") instanceof ObjectNode said && AnthropicUsage.tellsOutput(said);
    count(event);
  }

  private void count(JsonNode holder) {
    if (holder.path("usage") instanceof ObjectNode counted) {
      usage =
          Optional.of(usage.map(before -> AnthropicUsage.merge(before, counted)).orElse(counted));
    }
  }

  @Override
  protected void bodyEnded() {}

  @Override
  protected Usage streamUsage() {
    return usage
        .map(isComplete() && !outputTold ? AnthropicUsage::readUnfinished : AnthropicUsage::read)
        .orElse(Usage.UNSAID);
  }
}
