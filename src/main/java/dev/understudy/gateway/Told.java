package dev.understudy.gateway;

import dev.understudy.chat.PartStart;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.protocol.ReplyWriter;
import dev.understudy.protocol.Trail;
import dev.understudy.protocol.wire.Bytes;

/** What a caller has of an answer so far, and the writer that tells the rest of it. */
final class Told {
  private final ReplyWriter writer;
  private final StringBuilder text = new StringBuilder();
  private int part = -1;
  private boolean textOpen;
  private boolean thinking;
  private String obstacle = "";

  Told(ReplyWriter writer) {
    this.writer = writer;
  }

  /** What went by of a relayed stream. */
  static Told of(Trail trail, ReplyWriter writer) {
    var told = new Told(writer);
    told.text.append(trail.text());
    told.part = trail.part();
    told.textOpen = trail.isOpen();
    told.thinking = trail.isThinking();
    told.obstacle = trail.obstacle().orElse("");
    return told;
  }

  /** Tells the caller one event and takes note of it. */
  void tell(ReplyEvent event, Bytes out) {
    switch (event) {
      case ReplyEvent.Opened(int index, PartStart start) -> {
        part = index;
        textOpen = start instanceof PartStart.Text;
        thinking = start instanceof PartStart.Reasoning;
        if (start instanceof PartStart.Refusal) {
          obstacle = "a refusal";
        } else if (start instanceof PartStart.Whole) {
          obstacle = "a part that is no text";
        }
      }
      case ReplyEvent.Delta delta -> {
        if (textOpen && obstacle.isEmpty()) {
          text.append(delta.text());
        }
        if (!delta.logprobs().isEmpty()) {
          obstacle = "how likely each token was";
        }
        if (text.length() > Trail.BYTES_MAX) {
          obstacle = "it is longer than is remembered";
        }
      }
      case ReplyEvent.Closed _ -> textOpen = false;
      case ReplyEvent.Started _,
          ReplyEvent.Cited _,
          ReplyEvent.Counted _,
          ReplyEvent.Ended _,
          ReplyEvent.Broken _,
          ReplyEvent.Heartbeat _ -> {}
    }
    writer.write(event, out);
  }

  /** More of the text that is open, or of a new one. */
  void say(String more, Bytes out) {
    if (more.isEmpty()) {
      return;
    }
    if (!textOpen) {
      open(new PartStart.Text(), out);
    }
    tell(new ReplyEvent.Delta(part, more), out);
  }

  /** Opens the next part, after the one that is open. */
  void open(PartStart start, Bytes out) {
    close(out);
    tell(new ReplyEvent.Opened(part + 1, start), out);
  }

  /** Closes the text that is open, if one is. */
  void close(Bytes out) {
    if (textOpen) {
      tell(new ReplyEvent.Closed(part), out);
    }
  }

  ReplyWriter writer() {
    return writer;
  }

  String text() {
    return text.toString();
  }

  int part() {
    return part;
  }

  boolean isTextOpen() {
    return textOpen;
  }

  /** What stands against going on: half a thought, or what is no text; empty if nothing does. */
  String obstacle() {
    if (obstacle.isEmpty() && thinking) {
      return "half a thought";
    }
    boolean halfACharacter =
        !text.isEmpty() && Character.isHighSurrogate(text.charAt(text.length() - 1));
    return obstacle.isEmpty() && halfACharacter ? "half a character" : obstacle;
  }
}
