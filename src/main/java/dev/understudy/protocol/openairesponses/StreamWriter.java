package dev.understudy.protocol.openairesponses;

import dev.understudy.chat.Failure;
import dev.understudy.chat.Part;
import dev.understudy.chat.PartStart;
import dev.understudy.chat.ProtocolName;
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
import dev.understudy.chat.Source;
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
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Writes an answer as the events of a streamed response. */
final class StreamWriter implements ReplyWriter {
  private final ResponseObject response;
  private final OutputWriter output;
  private String model = "";
  private boolean started;
  private boolean refuses;
  private Usage usage = Usage.UNSAID;
  private @Nullable ObjectNode ended;
  private final Unplaced unplaced;
  private @Nullable Continued continued;

  StreamWriter(ReplyContext context, Losses losses) {
    this.unplaced = new Unplaced(ProtocolName.OPENAI_RESPONSES, losses);
    this.response = new ResponseObject(context);
    this.output = new OutputWriter(context.exchangeId());
  }

  /** A writer that goes on where a relayed stream broke off. */
  static StreamWriter resumed(ReplyContext context, Trail trail, Losses losses) {
    var told = new ToldItems(trail);
    var writer = new StreamWriter(context, losses);
    writer.started = true;
    writer.model = trail.model();
    told.response().ifPresent(writer.response::goOnWith);
    writer.output.goOnWith(told, trail.number() + 1);
    return writer;
  }

  @Override
  public void continued(Continued by) {
    continued = by;
  }

  @Override
  public void write(ReplyEvent event, Bytes out) {
    output.to(out);
    unplaced.follow(event);
    switch (event) {
      case Started(_, String name) -> {
        model = name;
        start();
      }
      case Opened(_, PartStart part) -> {
        start();
        open(part);
      }
      case Delta(_, String text, var logprobs) -> output.delta(text, logprobs);
      case Cited(_, var citation) -> {
        unplaced.placeOf(citation);
        output.cited(citation);
      }
      case Closed(_, var seal) -> output.close(seal);
      case Counted(Usage counted) -> usage = counted;
      case Ended(Stop stop) -> {
        start();
        end(stop);
      }
      case Broken(Failure failure) ->
          output.event("error", Failures.event(failure, output.nextNumber()));
      case Heartbeat _ -> out.text(": keepalive\n\n");
    }
  }

  /** The whole response, once the answer ended. */
  Optional<ObjectNode> response() {
    return Optional.ofNullable(ended);
  }

  private void start() {
    if (started) {
      return;
    }
    started = true;
    output.event("response.created", output.numbered().set("response", response.begun(model)));
    output.event("response.in_progress", output.numbered().set("response", response.begun(model)));
  }

  private void open(PartStart part) {
    switch (part) {
      case PartStart.Text _ -> output.openText();
      case PartStart.Refusal _ -> {
        refuses = true;
        output.openRefusal();
      }
      case PartStart.Reasoning _ -> output.openReasoning();
      case PartStart.ToolCall call -> output.openCall(call);
      case PartStart.Whole(Part whole) -> whole(whole);
    }
  }

  private void whole(Part part) {
    switch (part) {
      case Part.Foreign(ProtocolName origin, String json) -> {
        if (origin.equals(ProtocolName.OPENAI_RESPONSES)) {
          output.whole(Json.parseObject(json));
        } else {
          unplaced.part(part);
        }
      }
      case Part.Image(Source.Inline inline, _) ->
          output.whole(
              Json.object()
                  .put("type", "image_generation_call")
                  .put("id", output.newId("ig_"))
                  .put("status", "completed")
                  .put("result", inline.base64()));
      case Part.Audio(_, Optional<String> transcript) when transcript.isPresent() -> {
        output.openText();
        output.delta(transcript.get(), List.of());
        output.close(Optional.empty());
        unplaced.field("audio", "the sound stays behind, its words go as text");
      }
      case Part.Text _,
          Part.Image _,
          Part.Audio _,
          Part.Video _,
          Part.Document _,
          Part.ToolCall _,
          Part.ToolResult _,
          Part.Reasoning _,
          Part.Refusal _,
          Part.CachePoint _ ->
          unplaced.part(part);
    }
  }

  private void end(Stop stop) {
    output.closeMessage();
    ObjectNode whole = response.ended(model, stop, refuses, output.items(), usage);
    if (continued != null) {
      continued.writeTo(whole);
    }
    ended = whole;
    String type = "response." + whole.path("status").asString();
    output.event(type, output.numbered().set("response", whole));
  }
}
