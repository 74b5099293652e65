package dev.understudy.protocol.gemini;

import dev.understudy.chat.Citation;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a streamed answer as chunks: server-sent events, or the elements of one JSON array.
 *
 * <p>Function calls wait until they are whole, because callers know no pieces of them unless they
 * ask. An array that breaks off is left open, so that nobody takes it for a whole one.
 */
final class StreamWriter implements ReplyWriter {
  private final ReplyContext context;
  private final Grounding.Writer grounding = new Grounding.Writer();
  private final StringBuilder text = new StringBuilder();
  private final List<Citation> citations = new ArrayList<>();
  private String id = "";
  private String model = "";
  private Usage usage = Usage.UNSAID;
  private Optional<String> malformedCall = Optional.empty();
  private boolean begun;
  private @Nullable PartStart open;
  private final Unplaced unplaced;

  private @Nullable Continued continued;

  StreamWriter(ReplyContext context, Losses losses) {
    this.context = context;
    this.unplaced = new Unplaced(ProtocolName.GEMINI, losses);
  }

  /** A writer that goes on where a relayed stream broke off. */
  static StreamWriter resumed(ReplyContext context, Trail trail, Losses losses) {
    var writer = new StreamWriter(context, losses);
    writer.id = trail.replyId();
    writer.model = trail.model();
    writer.begun = true;
    if (trail.isOpen()) {
      writer.open = new PartStart.Text();
      writer.text.append(trail.openText());
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
        id = started.id();
        model = started.model();
      }
      case ReplyEvent.Opened opened -> opened(opened.part(), out);
      case ReplyEvent.Delta delta -> delta(delta.text(), delta.logprobs(), out);
      case ReplyEvent.Cited cited -> {
        unplaced.placeOf(cited.citation());
        citations.add(cited.citation());
      }
      case ReplyEvent.Closed closed -> closed(closed.seal(), out);
      case ReplyEvent.Counted counted -> usage = counted.usage();
      case ReplyEvent.Ended ended -> {
        ObjectNode candidate = candidate(PartWriter.text(""));
        ReplyBody.finish(candidate, ended.stop(), malformedCall);
        grounding.writeTo(candidate);
        chunk(candidate, usage, out);
        if (!context.sse()) {
          out.text("]\n");
        }
      }
      case ReplyEvent.Broken broken -> {
        raw(Failures.write(broken.failure()), out);
        if (!context.sse()) {
          out.text("]");
        }
      }
      // White space between chunks means nothing to any client, where some cannot read a comment.
      case ReplyEvent.Heartbeat _ -> out.text("\n");
    }
  }

  private void opened(PartStart start, Bytes out) {
    open = start;
    text.setLength(0);
    citations.clear();
    if (start instanceof PartStart.Whole(var part)) {
      PartWriter.whole(part, unplaced).ifPresent(written -> part(written, out));
    }
  }

  private void delta(String more, List<TokenLogprob> logprobs, Bytes out) {
    switch (open) {
      case PartStart.Text _ -> {
        text.append(more);
        ObjectNode candidate = candidate(PartWriter.text(more));
        if (!logprobs.isEmpty()) {
          candidate.set("logprobsResult", PartWriter.logprobs(logprobs));
        }
        chunk(candidate, Usage.UNSAID, out);
      }
      case PartStart.Refusal _ -> part(PartWriter.text(more), out);
      case PartStart.Reasoning _ -> part(PartWriter.thought(more), out);
      case PartStart.ToolCall _ -> text.append(more);
      case PartStart.Whole _ -> {}
      case null -> {}
    }
  }

  private void closed(Optional<Seal> seal, Bytes out) {
    String whole = text.toString();
    // A client that joins chunks holds one text; places are counted from its part's beginning.
    citations.forEach(citation -> grounding.cited(citation, whole, 0));
    if (open instanceof PartStart.ToolCall call) {
      PartWriter.call(call.callId(), call.tool(), whole, call.seal())
          .ifPresentOrElse(
              written -> part(written, out),
              () ->
                  malformedCall = Optional.of(PartWriter.malformed(call.tool(), whole, unplaced)));
    }
    seal.ifPresent(found -> part(PartWriter.seal(found), out));
    open = null;
  }

  private void part(ObjectNode part, Bytes out) {
    chunk(candidate(part), Usage.UNSAID, out);
  }

  private static ObjectNode candidate(ObjectNode part) {
    var candidate = Json.object();
    ObjectNode content = candidate.putObject("content");
    content.putArray("parts").add(part);
    content.put("role", "model");
    return candidate;
  }

  private void chunk(ObjectNode candidate, Usage counted, Bytes out) {
    candidate.put("index", 0);
    var chunk = Json.object();
    chunk.putArray("candidates").add(candidate);
    ReplyBody.tail(chunk, counted, model, id, context);
    if (continued != null && candidate.has("finishReason")) {
      continued.writeTo(chunk);
    }
    raw(chunk, out);
  }

  private void raw(ObjectNode chunk, Bytes out) {
    if (context.sse()) {
      out.event(chunk);
    } else {
      out.text(begun ? ",\n" : "[").json(chunk);
    }
    begun = true;
  }
}
