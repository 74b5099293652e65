package dev.understudy.gateway;

import dev.understudy.chat.Failure;
import dev.understudy.chat.PartStart;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.Stop;
import dev.understudy.chat.Usage;
import dev.understudy.exchange.Attempt;
import dev.understudy.protocol.Continued;
import dev.understudy.protocol.Inbound;
import dev.understudy.protocol.Outbound;
import dev.understudy.protocol.wire.Bytes;
import dev.understudy.vendor.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings the rest of an answer to its caller: what another target says, joined at the {@link Seam}
 * to what the caller has, as parts of one well-formed stream.
 *
 * <p>Thoughts of the one who goes on are left out: they belong before the answer. Its tool calls
 * wait until all of it has come.
 */
final class ContinuedStream implements Passage {
  private final VendorAttempt attempt;
  private final CallerReply reply;
  private final Continuation continuation;
  private final Inbound callers;
  private final Told told;
  private final VendorEvents events;
  private final Seam seam;
  private final String exchangeId;
  private final long promptBytes;
  private final Bytes out = new Bytes();
  private final HeldCalls calls = new HeldCalls();
  private boolean content;
  private boolean spoke;
  private boolean over;
  private @Nullable PartStart open;
  private @Nullable Failure failure;

  ContinuedStream(
      VendorAttempt attempt,
      CallerReply reply,
      Inbound callers,
      Continuation continuation,
      boolean byPrefix,
      Outbound vendors,
      Endpoint endpoint,
      String exchangeId,
      long promptBytes) {
    this.attempt = attempt;
    this.reply = reply;
    this.callers = callers;
    this.continuation = continuation;
    this.told = continuation.told();
    this.seam = continuation.seam(byPrefix);
    this.events = new VendorEvents(vendors, endpoint, attempt.replyLosses(), this::event);
    this.exchangeId = exchangeId;
    this.promptBytes = promptBytes;
  }

  @Override
  public void body(byte[] bytes, int offset, int length) {
    if (over) {
      return;
    }
    Optional<Failure> wrong = events.accept(bytes, offset, length);
    if (wrong.isPresent()) {
      failure = wrong.get();
    }
    settle();
  }

  private Failure upstream(String what) {
    return events.upstream(what);
  }

  private void event(ReplyEvent event) {
    if (failure != null) {
      return;
    }
    switch (event) {
      case ReplyEvent.Started _, ReplyEvent.Counted _, ReplyEvent.Ended _ -> {}
      case ReplyEvent.Opened(_, PartStart start) -> opened(start);
      case ReplyEvent.Delta delta -> {
        if (open instanceof PartStart.Text) {
          spoke |= !delta.text().isBlank();
          told.say(seam.accept(delta.text()), out);
          judge();
        } else if (open instanceof PartStart.ToolCall) {
          calls.add(delta.text());
        }
      }
      case ReplyEvent.Cited cited -> {
        if (told.isTextOpen() && seam.isDecided()) {
          told.tell(new ReplyEvent.Cited(told.part(), cited.citation()), out);
        }
      }
      case ReplyEvent.Closed closed -> open = null;
      case ReplyEvent.Broken broken -> failure = broken.failure();
      case ReplyEvent.Heartbeat beat -> told.tell(beat, out);
    }
  }

  private void opened(PartStart start) {
    open = start;
    content = true;
    switch (start) {
      case PartStart.Text _, PartStart.Reasoning _ -> {}
      case PartStart.ToolCall call -> calls.open(call);
      case PartStart.Refusal _ -> failure = upstream("it refused to go on with another's answer");
      case PartStart.Whole _ ->
          failure = upstream("it went on with what is no text, which cannot be joined");
    }
    if (calls.isTooLong()) {
      failure = upstream("its tool calls are longer than is held back");
    }
  }

  /** Whether what came so far is the continuation that was asked for. */
  private void judge() {
    seam.complaint()
        .ifPresent(why -> failure = upstream("it did not go on with the answer: " + why));
  }

  private void settle() {
    if (failure != null) {
      broken(failure);
    }
  }

  @Override
  public void release() {}

  @Override
  public void readComplete() {
    if (!over && out.size() > 0) {
      drain();
      reply.flush();
    }
  }

  private void drain() {
    reply.piece(out.array(), 0, out.size());
    out.reset();
  }

  @Override
  public void end() {
    if (over) {
      return;
    }
    Optional<Failure> wrong = events.end();
    if (failure == null && wrong.isPresent()) {
      failure = wrong.get();
    }
    // Who has nothing to say but calls a tool goes on as well as anybody.
    if (failure == null && (spoke || calls.isEmpty())) {
      String rest = seam.end();
      judge();
      if (failure == null) {
        told.say(rest, out);
      }
    }
    settle();
    Stop ended = events.stop();
    if (!over && ended != null) {
      finish(ended);
    }
  }

  private void finish(Stop ended) {
    over = true;
    told.close(out);
    calls.tell(told, out);
    Usage own = Estimates.complete(reading(), Attempt.Outcome.ANSWERED, promptBytes);
    told.tell(new ReplyEvent.Counted(continuation.total(own)), out);
    told.writer()
        .continued(
            new Continued(exchangeId, continuation.targets(attempt.candidate().target().name())));
    callers.noteStop(ended, attempt.replyLosses());
    if (!attempt.losses().isEmpty()) {
      // The head, long gone, told those of the one who began.
      callers.writeStreamRemark(LossText.remark(attempt.losses()), out);
    }
    told.tell(new ReplyEvent.Ended(ended), out);
    drain();
    reply.end();
    reply.flush();
    attempt.answered(Optional.empty());
  }

  @Override
  public void broken(Failure why) {
    if (over) {
      return;
    }
    over = true;
    drain();
    reply.flush();
    attempt.brokeOff(why);
  }

  @Override
  public Optional<Told> told() {
    return Optional.of(told);
  }

  @Override
  public void fail(Failure why) {
    told.tell(new ReplyEvent.Broken(why), out);
    drain();
    reply.end();
    reply.flush();
  }

  @Override
  public boolean hasContent() {
    return content;
  }

  @Override
  public Reading reading() {
    return events.reading();
  }

  /** The tool calls of an answer, until all of it has come. */
  static final class HeldCalls {
    /** So much input of calls is held back at the most, in characters. */
    static final int CHARACTERS_MAX = 1 << 20;

    private record Held(PartStart.ToolCall call, StringBuilder input) {}

    private final List<Held> held = new ArrayList<>();
    private int characters;

    void open(PartStart.ToolCall call) {
      held.add(new Held(call, new StringBuilder()));
      characters += call.tool().length();
    }

    void add(String input) {
      held.getLast().input().append(input);
      characters += input.length();
    }

    boolean isEmpty() {
      return held.isEmpty();
    }

    boolean isTooLong() {
      return characters > CHARACTERS_MAX;
    }

    void tell(Told told, Bytes out) {
      for (Held one : held) {
        told.open(one.call(), out);
        if (!one.input().isEmpty()) {
          told.tell(new ReplyEvent.Delta(told.part(), one.input().toString()), out);
        }
        told.tell(new ReplyEvent.Closed(told.part()), out);
      }
      held.clear();
    }
  }
}
