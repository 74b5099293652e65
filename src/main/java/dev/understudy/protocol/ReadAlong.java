package dev.understudy.protocol;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.Failure;
import dev.understudy.chat.PartStart;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.Stop;
import dev.understudy.chat.Usage;
import dev.understudy.json.Malformed;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A meter for any protocol, made of its reader of replies. */
public final class ReadAlong implements Meter {
  private final Outbound protocol;
  private final Dialect dialect;
  private final Losses losses = new Losses();
  private final ReplyReader reader;
  private Usage usage = Usage.UNSAID;
  private String replyId = "";
  private String model = "";
  private boolean content;
  private boolean gaveUp;
  private long contentBytes;
  private @Nullable Stop stop;
  private @Nullable Failure failure;
  private @Nullable String fault;
  private @Nullable Trail trail;
  private @Nullable PartStart open;

  public ReadAlong(Outbound protocol, Dialect dialect) {
    this.protocol = protocol;
    this.dialect = dialect;
    this.reader = protocol.streamReader(dialect, this::event, losses);
  }

  @Override
  public void whole(byte[] bytes, int offset, int length) {
    try {
      ChatReply reply =
          protocol.readReply(Arrays.copyOfRange(bytes, offset, offset + length), dialect, losses);
      ReplyUnfold.unfold(reply, this::event);
    } catch (FailedReply e) {
      failure = e.failure();
    } catch (Malformed e) {
      fault = e.getMessage();
    } catch (RuntimeException e) {
      giveUp(e);
    }
  }

  @Override
  public void accept(byte[] bytes, int offset, int length) {
    if (gaveUp) {
      return;
    }
    try {
      reader.accept(bytes, offset, length);
    } catch (RuntimeException e) {
      giveUp(e);
    }
  }

  /** A fault of the reader must not become a fault of the call: the bytes go on. */
  private void giveUp(RuntimeException e) {
    gaveUp = true;
    fault = "the reader failed: " + e.getClass().getSimpleName();
  }

  @Override
  public void end() {
    if (gaveUp) {
      return;
    }
    try {
      reader.end();
    } catch (RuntimeException e) {
      giveUp(e);
    }
  }

  @Override
  public void remember(Trail where) {
    trail = where;
  }

  private void keep(Trail kept, ReplyEvent event) {
    switch (event) {
      case ReplyEvent.Started started -> kept.named(started.id(), started.model());
      case ReplyEvent.Opened(int index, PartStart start) -> {
        open = start;
        switch (start) {
          case PartStart.Text _ -> kept.opened(index);
          case PartStart.Reasoning _ -> kept.thought();
          case PartStart.ToolCall _ -> kept.holds();
          case PartStart.Refusal _ -> kept.obstacle("a refusal");
          case PartStart.Whole _ -> kept.obstacle("a part that is no text");
        }
      }
      case ReplyEvent.Delta delta -> {
        if (open instanceof PartStart.Text) {
          kept.text(delta.text());
        }
        if (!delta.logprobs().isEmpty()) {
          kept.obstacle("how likely each token was");
        }
      }
      case ReplyEvent.Closed closed -> kept.closed(closed.index());
      case ReplyEvent.Broken _ -> kept.breaks();
      case ReplyEvent.Cited _,
          ReplyEvent.Counted _,
          ReplyEvent.Ended _,
          ReplyEvent.Heartbeat _ -> {}
    }
  }

  private void event(ReplyEvent event) {
    if (trail != null) {
      keep(trail, event);
    }
    switch (event) {
      case ReplyEvent.Started started -> {
        replyId = started.id();
        model = started.model();
      }
      case ReplyEvent.Opened _ -> content = true;
      case ReplyEvent.Delta delta -> contentBytes += delta.text().length();
      case ReplyEvent.Counted counted -> usage = counted.usage();
      case ReplyEvent.Ended ended -> stop = ended.stop();
      case ReplyEvent.Broken broken -> failure = broken.failure();
      case ReplyEvent.Cited _, ReplyEvent.Closed _, ReplyEvent.Heartbeat _ -> {}
    }
  }

  @Override
  public Usage usage() {
    return usage;
  }

  @Override
  public String replyId() {
    return replyId;
  }

  @Override
  public String model() {
    return model;
  }

  @Override
  public Optional<String> stopReason() {
    return Optional.ofNullable(stop)
        .map(s -> s.vendorReason().orElse(s.reason().name().toLowerCase(Locale.ROOT)));
  }

  @Override
  public boolean isComplete() {
    return stop != null;
  }

  @Override
  public boolean hasContent() {
    return content;
  }

  @Override
  public Optional<Failure> failure() {
    return Optional.ofNullable(failure);
  }

  @Override
  public Optional<String> fault() {
    return Optional.ofNullable(fault);
  }

  @Override
  public long contentBytes() {
    return contentBytes;
  }
}
