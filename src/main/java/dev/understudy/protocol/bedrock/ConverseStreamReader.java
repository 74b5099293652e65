package dev.understudy.protocol.bedrock;

import dev.understudy.chat.Failure;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.ReplyEvent.Broken;
import dev.understudy.chat.ReplyEvent.Counted;
import dev.understudy.chat.ReplyEvent.Ended;
import dev.understudy.chat.ReplyEvent.Started;
import dev.understudy.chat.Stop;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.ReplyReader;
import dev.understudy.protocol.wire.AwsEventStream;
import dev.understudy.protocol.wire.AwsFrame;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a ConverseStream: {@code messageStart (contentBlockStart? contentBlockDelta*
 * contentBlockStop)* messageStop metadata}, each in a frame of its own.
 *
 * <p>The usage comes after {@code messageStop}, so the end is told once {@code metadata} has come
 * or the body has ended.
 */
final class ConverseStreamReader implements ReplyReader {
  private final Dialect dialect;
  private final Consumer<ReplyEvent> events;
  private final Losses losses;
  private final ConverseBlocks blocks;
  private final AwsEventStream frames = new AwsEventStream(this::frame);
  private boolean started;
  private boolean over;
  private @Nullable Stop stop;

  ConverseStreamReader(Dialect dialect, Consumer<ReplyEvent> events, Losses losses) {
    this.dialect = dialect;
    this.events = events;
    this.losses = losses;
    this.blocks = new ConverseBlocks(dialect, events);
  }

  @Override
  public void accept(byte[] bytes, int offset, int length) {
    if (over) {
      return;
    }
    try {
      frames.accept(bytes, offset, length);
    } catch (Malformed e) {
      fail(ConverseFailure.brokenStream(e.getMessage(), dialect));
    }
  }

  @Override
  public void end() {
    if (over) {
      return;
    }
    Stop known = stop;
    if (known == null) {
      fail(ConverseFailure.brokenStream("the stream ended before messageStop", dialect));
      return;
    }
    // The answer is whole; a torn frame after it costs the usage and nothing else.
    finish(known);
  }

  private void frame(AwsFrame frame) {
    if (over) {
      return;
    }
    switch (frame.messageType()) {
      case "event" -> event(frame.type(), Fields.of(Json.parseObject(frame.payload())));
      case "exception" -> fail(ConverseFailure.exception(frame.type(), frame.payload(), dialect));
      default ->
          fail(
              Failure.of(500, frame.type(), frame.text(":error-message"))
                  .withVendor(dialect.vendor()));
    }
  }

  private void event(String type, Fields event) {
    // "p" is padding against guessing answers from the lengths of packets.
    event.ignore("p");
    if (!started) {
      if (!type.equals("messageStart")) {
        throw new Malformed("", "the stream begins with " + type);
      }
      started = true;
      events.accept(new Started("", ""));
    }
    switch (type) {
      case "messageStart" -> event.ignore("role");
      case "contentBlockStart" -> blocks.start(index(event), event.requiredObject("start"));
      case "contentBlockDelta" -> blocks.delta(index(event), event.requiredObject("delta"));
      case "contentBlockStop" -> blocks.stop(index(event));
      case "messageStop" -> {
        blocks.closeOpen();
        Optional<Fields> additional = event.object("additionalModelResponseFields");
        stop = ConverseStop.read(event.requiredText("stopReason"), additional);
        additional.ifPresent(Fields::ignoreRest);
      }
      case "metadata" -> metadata(event);
      default -> {
        event.ignoreRest();
        losses.add(type, "unknown event");
      }
    }
    losses.unread(event.unread());
  }

  private void metadata(Fields event) {
    ConverseReplyReader.invokedModel(event);
    var usage = ConverseReplyReader.usage(event);
    if (usage.isSaid()) {
      events.accept(new Counted(usage));
    }
    Stop known = stop;
    if (known != null) {
      finish(known);
    }
  }

  private static int index(Fields event) {
    long index = event.integer("contentBlockIndex").orElse(0L);
    if (index < 0 || index > Integer.MAX_VALUE) {
      throw new Malformed("contentBlockIndex", "is out of bounds");
    }
    return (int) index;
  }

  private void finish(Stop known) {
    over = true;
    events.accept(new Ended(known));
  }

  private void fail(Failure failure) {
    over = true;
    events.accept(new Broken(failure));
  }
}
