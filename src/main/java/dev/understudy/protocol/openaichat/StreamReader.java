package dev.understudy.protocol.openaichat;

import dev.understudy.chat.Failure;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.Stop;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.ReplyReader;
import dev.understudy.protocol.wire.EndMark;
import dev.understudy.protocol.wire.SseReader;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads an answer that comes in chunks.
 *
 * <p>It is complete at {@code [DONE]}, or when the body ends after a {@code finish_reason}; several
 * vendors leave out one of the two. Neither is a broken stream.
 */
final class StreamReader implements ReplyReader, SseReader.Listener {
  private final Dialect dialect;
  private final Consumer<ReplyEvent> events;
  private final Losses losses;
  private final AnswerReader answer;
  private final SseReader sse = new SseReader(this);
  private boolean started;
  private boolean over;
  private Optional<String> reason = Optional.empty();
  private Optional<String> tier = Optional.empty();
  private @Nullable Fields lastChoice;

  StreamReader(Dialect dialect, Consumer<ReplyEvent> events, Losses losses) {
    this.dialect = dialect;
    this.events = events;
    this.losses = losses;
    this.answer = new AnswerReader(dialect.vendor(), events);
  }

  @Override
  public void accept(byte[] bytes, int offset, int length) {
    if (over) {
      return;
    }
    try {
      sse.accept(bytes, offset, length);
    } catch (IllegalStateException e) {
      broken(e);
    }
  }

  @Override
  public void end() {
    if (over) {
      return;
    }
    try {
      sse.end();
      if (!over && reason.isPresent()) {
        complete();
      }
    } catch (Malformed | IllegalStateException e) {
      broken(e);
    }
    if (!over) {
      broken(Failure.of(502, "stream_cut", "the vendor's stream stopped before its end"));
    }
  }

  @Override
  public void comment() {
    if (!over) {
      events.accept(new ReplyEvent.Heartbeat());
    }
  }

  @Override
  public void event(String name, byte[] data, int offset, int length) {
    if (over) {
      return;
    }
    try {
      if (EndMark.is(data, offset, length)) {
        if (!started) {
          throw new Malformed("", "the stream ended before it said anything");
        }
        complete();
      } else if (length > 0) {
        read(name, Json.parse(data, offset, length));
      }
    } catch (Malformed | IllegalStateException e) {
      broken(e);
    }
  }

  private void read(String name, JsonNode node) {
    boolean error =
        name.equals("error")
            || node.path("object").asString("").equals("error")
            || (node.has("error") && !node.get("error").isNull());
    if (error) {
      broken(Failures.read(Failures.statusOf(node), node, dialect.vendor()));
    } else if (node instanceof ObjectNode object) {
      chunk(Fields.of(object));
    } else {
      throw new Malformed("", "a chunk must be an object");
    }
  }

  private void chunk(Fields chunk) {
    List<Fields> choices = chunk.objects("choices");
    String id = ReplyBodyReader.idOf(chunk);
    String model = ReplyBodyReader.modelOf(chunk);
    tier = ReplyBodyReader.tierOf(chunk).or(() -> tier);
    boolean counted = chunk.has("usage");
    if (!started && (!choices.isEmpty() || counted)) {
      // Azure's first chunk has neither: it reports on the prompt and names no model.
      started = true;
      events.accept(new ReplyEvent.Started(id, model));
    }
    answer.citations(Annotations.readLists(chunk));
    for (Fields choice : choices) {
      choice(choice);
      ReplyBodyReader.aside(chunk, choice);
    }
    if (started) {
      ReplyBodyReader.usage(chunk, tier, dialect)
          .ifPresent(usage -> events.accept(new ReplyEvent.Counted(usage)));
    }
    ReplyBodyReader.aside(chunk, chunk);
    if (!over) {
      losses.unread(chunk.unread());
    }
  }

  private void choice(Fields choice) {
    if (choice.integer("index").orElse(0L) != 0) {
      losses.add("choices", "one answer is carried");
      choice.ignoreRest();
      return;
    }
    if (choice.node().path("error") instanceof ObjectNode error) {
      broken(Failures.read(Failures.statusOf(error), error, dialect.vendor()));
      return;
    }
    // Perplexity repeats the answer so far as a whole message beside each delta.
    Optional<Fields> delta =
        choice.has("delta") ? choice.object("delta") : choice.object("message");
    choice.ignore("message");
    delta.ifPresent(read -> answer.read(read, Logprobs.read(choice)));
    Optional<String> said = ReplyBodyReader.reason(choice);
    if (said.isPresent()) {
      reason = said;
      lastChoice = choice;
      if (Finish.isFailure(said.get())) {
        throw new Malformed("", "the vendor broke off with the reason " + said.get());
      }
    }
    ReplyBodyReader.stopText(new Stop(Stop.Reason.OTHER), choice);
  }

  private void complete() {
    Stop stop = answer.finish(reason);
    over = true;
    events.accept(
        new ReplyEvent.Ended(
            lastChoice == null ? stop : ReplyBodyReader.stopText(stop, lastChoice)));
  }

  private void broken(RuntimeException e) {
    String message =
        e instanceof Malformed
            ? "the vendor's stream is malformed: " + e.getMessage()
            : "the vendor's stream breaks its protocol: " + e.getMessage();
    broken(Failure.of(502, "stream_malformed", message));
  }

  private void broken(Failure failure) {
    if (!over) {
      over = true;
      events.accept(new ReplyEvent.Broken(failure.withVendor(dialect.vendor())));
    }
  }
}
