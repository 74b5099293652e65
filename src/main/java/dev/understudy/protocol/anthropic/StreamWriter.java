package dev.understudy.protocol.anthropic;

import dev.understudy.chat.Part;
import dev.understudy.chat.PartStart;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.Seal;
import dev.understudy.chat.Stop;
import dev.understudy.chat.Usage;
import dev.understudy.json.Json;
import dev.understudy.protocol.Continued;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.ReplyContext;
import dev.understudy.protocol.ReplyWriter;
import dev.understudy.protocol.Trail;
import dev.understudy.protocol.Unplaced;
import dev.understudy.protocol.wire.Bytes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes one streamed answer in the grammar that the official clients demand.
 *
 * <p>Text and thoughts are opened with their first delta and not before: only then is it sure that
 * the block is not empty, and whether a thought is one to be read or one encrypted whole.
 */
final class StreamWriter implements ReplyWriter {
  private enum Open {
    NOTHING,
    WAITING_TEXT,
    TEXT,
    WAITING_THOUGHT,
    THOUGHT,
    CALL,
    WHOLE
  }

  private final ReplyContext context;
  private Usage usage = Usage.UNSAID;
  private Open open = Open.NOTHING;
  private boolean started;
  private int index;
  private boolean callsTools;
  private boolean refuses;
  private final Unplaced unplaced;

  private @Nullable Continued continued;

  StreamWriter(ReplyContext context, Losses losses) {
    this.context = context;
    this.unplaced = new Unplaced(ProtocolName.ANTHROPIC_MESSAGES, losses);
  }

  /** A writer that goes on where a relayed stream broke off. */
  static StreamWriter resumed(ReplyContext context, Trail trail, Losses losses) {
    var writer = new StreamWriter(context, losses);
    writer.started = true;
    writer.index = trail.isOpen() ? trail.part() : trail.part() + 1;
    writer.open = trail.isOpen() ? Open.TEXT : Open.NOTHING;
    return writer;
  }

  @Override
  public void continued(Continued by) {
    continued = by;
  }

  @Override
  public void write(ReplyEvent event, Bytes out) {
    unplaced.follow(event);
    switch (event) {
      case ReplyEvent.Started first -> start(first, out);
      case ReplyEvent.Opened(int part, PartStart start) -> open(part, start, out);
      case ReplyEvent.Delta(_, String text, var logprobs) -> {
        ReplyBlocks.logprobs(logprobs, unplaced);
        delta(text, out);
      }
      case ReplyEvent.Cited cited -> {
        openText(out);
        ObjectNode delta = Json.object().put("type", "citations_delta");
        ReplyBlocks.citation(cited.citation(), unplaced);
        delta.set("citation", Citations.write(cited.citation()));
        delta(delta, out);
      }
      case ReplyEvent.Closed(_, Optional<Seal> seal) -> close(seal, out);
      case ReplyEvent.Counted counted -> usage = counted.usage();
      case ReplyEvent.Ended ended -> end(ended.stop(), out);
      case ReplyEvent.Broken broken -> out.event("error", Failures.write(broken.failure()));
      case ReplyEvent.Heartbeat _ -> heartbeat(out);
    }
  }

  /** Clients want message_start before any other event; a comment may stand before it. */
  private void heartbeat(Bytes out) {
    if (started) {
      out.event("ping", Json.object().put("type", "ping"));
    } else {
      out.text(": ping\n\n");
    }
  }

  private void start(ReplyEvent.Started event, Bytes out) {
    started = true;
    ObjectNode message = ReplyBodyWriter.head(event.id(), event.model(), context);
    message.putArray("content");
    message.putNull("stop_reason").putNull("stop_sequence");
    // What was consumed is only known later; message_delta then has all of it.
    message.set("usage", AnthropicUsage.write(Usage.UNSAID));
    ObjectNode node = Json.object().put("type", "message_start");
    node.set("message", message);
    out.event("message_start", node);
  }

  private void open(int part, PartStart start, Bytes out) {
    switch (start) {
      case PartStart.Text _ -> open = Open.WAITING_TEXT;
      case PartStart.Refusal _ -> {
        refuses = true;
        open = Open.WAITING_TEXT;
      }
      case PartStart.Reasoning _ -> open = Open.WAITING_THOUGHT;
      case PartStart.ToolCall call -> {
        callsTools = true;
        call.seal().ifPresent(seal -> sealOfCall(seal, out));
        ObjectNode block =
            ReplyBlocks.toolUse(call.callId(), call.tool(), ReplyBodyWriter.callId(context, part));
        block.putObject("input");
        startBlock(block, out);
        open = Open.CALL;
      }
      case PartStart.Whole(Part whole) -> {
        whole(whole, part, out);
        open = Open.WHOLE;
      }
    }
  }

  private void sealOfCall(Seal seal, Bytes out) {
    startBlock(ReplyBlocks.thought("", Optional.empty()), out);
    signature(seal, out);
    stopBlock(out);
  }

  /** A whole block goes as clients know it from the vendor: an input is always a delta. */
  private void whole(Part part, int partIndex, Bytes out) {
    callsTools |= part instanceof Part.ToolCall;
    refuses |= part instanceof Part.Refusal;
    String callId = ReplyBodyWriter.callId(context, partIndex);
    for (ObjectNode block : ReplyBlocks.whole(part, callId, unplaced)) {
      JsonNode input = block.path("type").asString("").endsWith("_use") ? block.get("input") : null;
      if (input != null) {
        block.putObject("input");
      }
      startBlock(block, out);
      if (input != null) {
        delta(inputDelta(Json.text(input)), out);
      }
      stopBlock(out);
    }
  }

  private void delta(String text, Bytes out) {
    switch (open) {
      case WAITING_TEXT, TEXT -> {
        if (!text.isEmpty()) {
          openText(out);
          delta(Json.object().put("type", "text_delta").put("text", text), out);
        }
      }
      case WAITING_THOUGHT, THOUGHT -> {
        if (!text.isEmpty()) {
          openThought(out);
          delta(Json.object().put("type", "thinking_delta").put("thinking", text), out);
        }
      }
      case CALL -> delta(inputDelta(text), out);
      case NOTHING, WHOLE -> throw new IllegalStateException("a delta where no part takes one");
    }
  }

  private static ObjectNode inputDelta(String json) {
    return Json.object().put("type", "input_json_delta").put("partial_json", json);
  }

  private void openText(Bytes out) {
    if (open == Open.WAITING_TEXT) {
      startBlock(Json.object().put("type", "text").put("text", ""), out);
      open = Open.TEXT;
    }
  }

  private void openThought(Bytes out) {
    if (open == Open.WAITING_THOUGHT) {
      startBlock(ReplyBlocks.thought("", Optional.empty()), out);
      open = Open.THOUGHT;
    }
  }

  private void close(Optional<Seal> seal, Bytes out) {
    switch (open) {
      case WAITING_THOUGHT -> {
        if (seal.filter(Seals::isRedacted).isPresent()) {
          startBlock(ReplyBlocks.redacted(seal.get()), out);
          stopBlock(out);
        } else if (seal.isPresent()) {
          openThought(out);
          signature(seal.get(), out);
          stopBlock(out);
        }
      }
      case THOUGHT -> {
        seal.ifPresent(s -> signature(s, out));
        stopBlock(out);
      }
      case TEXT, CALL -> stopBlock(out);
      case NOTHING, WAITING_TEXT, WHOLE -> {}
    }
    open = Open.NOTHING;
  }

  private void signature(Seal seal, Bytes out) {
    delta(Json.object().put("type", "signature_delta").put("signature", Seals.write(seal)), out);
  }

  private void startBlock(ObjectNode block, Bytes out) {
    ObjectNode event = Json.object().put("type", "content_block_start").put("index", index);
    event.set("content_block", block);
    out.event("content_block_start", event);
  }

  private void delta(ObjectNode delta, Bytes out) {
    ObjectNode event = Json.object().put("type", "content_block_delta").put("index", index);
    event.set("delta", delta);
    out.event("content_block_delta", event);
  }

  private void stopBlock(Bytes out) {
    out.event(
        "content_block_stop", Json.object().put("type", "content_block_stop").put("index", index));
    index++;
  }

  private void end(Stop stop, Bytes out) {
    ObjectNode event = Json.object().put("type", "message_delta");
    ObjectNode delta = event.putObject("delta");
    delta.put("stop_reason", Stops.write(stop, callsTools, refuses));
    stop.sequence()
        .ifPresentOrElse(
            sequence -> delta.put("stop_sequence", sequence), () -> delta.putNull("stop_sequence"));
    event.set("usage", AnthropicUsage.write(usage));
    if (continued != null) {
      continued.writeTo(event);
    }
    out.event("message_delta", event);
    out.event("message_stop", Json.object().put("type", "message_stop"));
  }
}
