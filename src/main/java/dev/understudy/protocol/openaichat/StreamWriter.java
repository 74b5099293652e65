package dev.understudy.protocol.openaichat;

import dev.understudy.chat.Part;
import dev.understudy.chat.PartStart;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.Seal;
import dev.understudy.chat.TokenLogprob;
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

/**
 * Writes an answer in chunks.
 *
 * <p>A stream that broke ends with a chunk that holds {@code error} and without {@code [DONE]}:
 * OpenAI's own clients raise an error at the first and miss the second.
 */
final class StreamWriter implements ReplyWriter {
  private final ReplyContext context;
  private String id = "";
  private String model = "";
  private Usage usage = Usage.UNSAID;
  private @Nullable PartStart open;
  private final StringBuilder thought = new StringBuilder();
  private int toolCalls;
  private int details;
  private int images;
  private int textBefore;
  private int textLength;
  private boolean refused;
  private boolean sounded;
  private final Unplaced unplaced;
  private long created;
  private @Nullable Continued continued;

  StreamWriter(ReplyContext context, Losses losses) {
    this.context = context;
    this.unplaced = new Unplaced(ProtocolName.OPENAI_CHAT, losses);
    this.created = context.createdEpochSeconds();
  }

  /** A writer that goes on where a relayed stream broke off. */
  static StreamWriter resumed(ReplyContext context, Trail trail, Losses losses) {
    var writer = new StreamWriter(context, losses);
    writer.id = ReplyBodyWriter.id(trail.replyId(), context);
    writer.model = ReplyBodyWriter.model(trail.model(), context);
    if (!trail.kept().isEmpty()) {
      writer.created =
          Json.parseObject(trail.kept().getFirst()).path("created").asLong(writer.created);
    }
    if (trail.isOpen()) {
      writer.open = new PartStart.Text();
      writer.textLength = trail.text().length();
    }
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
      case ReplyEvent.Started started -> {
        id = ReplyBodyWriter.id(started.id(), context);
        model = ReplyBodyWriter.model(started.model(), context);
        ObjectNode delta = Json.object();
        delta.put("role", "assistant");
        delta.put("content", "");
        chunk(delta, List.of(), out);
      }
      case ReplyEvent.Opened(_, PartStart start) -> opened(start, out);
      case ReplyEvent.Delta(_, String text, var logprobs) -> delta(text, logprobs, out);
      case ReplyEvent.Cited(_, var citation) -> {
        unplaced.placeOf(citation);
        ObjectNode delta = Json.object();
        delta.putArray("annotations").add(Annotations.write(citation, textBefore, textLength));
        chunk(delta, List.of(), out);
      }
      case ReplyEvent.Closed(_, var seal) -> closed(seal, out);
      case ReplyEvent.Counted(Usage counted) -> usage = counted;
      case ReplyEvent.Ended(var stop) -> {
        ObjectNode last = envelope();
        ObjectNode choice = choice(last, Json.object());
        choice.put("finish_reason", Finish.write(stop, refused));
        if (continued != null) {
          continued.writeTo(last);
        }
        out.event(last);
        if (context.request().usageInStream() && usage.isSaid()) {
          ObjectNode counted = envelope();
          counted.putArray("choices");
          counted.set("usage", UsageWriter.write(usage.tokens()));
          out.event(counted);
        }
        out.text("data: [DONE]\n\n");
      }
      case ReplyEvent.Broken(var failure) -> Failures.writeInStream(failure, out);
      case ReplyEvent.Heartbeat _ -> out.text(": heartbeat\n\n");
    }
  }

  private void opened(PartStart start, Bytes out) {
    open = start;
    thought.setLength(0);
    switch (start) {
      case PartStart.Text _ -> {
        textBefore += textLength;
        textLength = 0;
      }
      case PartStart.Reasoning _ -> {}
      case PartStart.Refusal _ -> refused = true;
      case PartStart.ToolCall(String callId, String tool, var seal) -> {
        ObjectNode delta = Json.object();
        ObjectNode call = delta.putArray("tool_calls").addObject();
        call.put("index", toolCalls);
        call.put("id", callId);
        call.put("type", "function");
        call.putObject("function").put("name", tool).put("arguments", "");
        seal.ifPresent(value -> Thoughts.writeSignature(call, value));
        toolCalls++;
        chunk(delta, List.of(), out);
      }
      case PartStart.Whole(Part part) -> whole(part, out);
    }
  }

  private void delta(String text, List<TokenLogprob> logprobs, Bytes out) {
    ObjectNode delta = Json.object();
    switch (open) {
      case PartStart.Text _ -> {
        textLength += text.length();
        delta.put("content", text);
      }
      case PartStart.Reasoning _ -> {
        thought.append(text);
        delta.put("reasoning_content", text);
      }
      case PartStart.Refusal _ -> delta.put("refusal", text);
      case PartStart.ToolCall _ -> {
        ObjectNode call = delta.putArray("tool_calls").addObject();
        call.put("index", toolCalls - 1);
        call.putObject("function").put("arguments", text);
      }
      case PartStart.Whole _ -> {
        return;
      }
      case null -> {
        return;
      }
    }
    chunk(delta, logprobs, out);
  }

  private void closed(Optional<Seal> seal, Bytes out) {
    if (open instanceof PartStart.Reasoning) {
      if (seal.isPresent()) {
        // A sealed thought is told again as a whole, with its seal: OpenAI's own libraries put a
        // field they do not know together by keeping its last delta, and bring that back.
        ObjectNode delta = Json.object();
        Thoughts.writeSealed(delta, thought.toString(), seal.get(), details);
        chunk(delta, List.of(), out);
      }
      details++;
    }
    open = null;
  }

  private void whole(Part part, Bytes out) {
    ObjectNode delta = Json.object();
    switch (part) {
      case Part.Image(var source, _) ->
          ReplyBodyWriter.image(source, images)
              .ifPresent(image -> {
                images++;
                delta.putArray("images").add(image);
              });
      case Part.Audio(var source, var transcript) -> {
        if (!sounded) { // there is room for one sound
          ReplyBodyWriter.audio(source, transcript, context)
              .ifPresent(audio -> delta.set("audio", audio));
          sounded = !delta.isEmpty();
        }
      }
      case Part.Text _,
          Part.Video _,
          Part.Document _,
          Part.ToolCall _,
          Part.ToolResult _,
          Part.Reasoning _,
          Part.Refusal _,
          Part.CachePoint _,
          Part.Foreign _ -> {}
    }
    if (delta.isEmpty()) {
      unplaced.part(part);
    } else {
      chunk(delta, List.of(), out);
    }
  }

  private void chunk(ObjectNode delta, List<TokenLogprob> logprobs, Bytes out) {
    ObjectNode chunk = envelope();
    ObjectNode choice = choice(chunk, delta);
    if (!logprobs.isEmpty()) {
      choice.set("logprobs", Logprobs.write(logprobs));
    }
    choice.putNull("finish_reason");
    out.event(chunk);
  }

  private ObjectNode envelope() {
    ObjectNode chunk = Json.object();
    chunk.put("id", id);
    chunk.put("object", "chat.completion.chunk");
    chunk.put("created", created);
    chunk.put("model", model);
    return chunk;
  }

  private static ObjectNode choice(ObjectNode chunk, ObjectNode delta) {
    ObjectNode choice = chunk.putArray("choices").addObject();
    choice.put("index", 0);
    choice.set("delta", delta);
    return choice;
  }
}
