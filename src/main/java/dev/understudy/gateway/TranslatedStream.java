package dev.understudy.gateway;

import dev.understudy.chat.Failure;
import dev.understudy.chat.PartStart;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.protocol.Inbound;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.Outbound;
import dev.understudy.protocol.ReplyContext;
import dev.understudy.protocol.wire.Bytes;
import dev.understudy.vendor.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Passes a streamed reply on in the caller's protocol: vendor's bytes in, caller's events out. */
final class TranslatedStream implements Passage {
  /** So many events without content are held back at the most. */
  private static final int HELD_EVENTS_MAX = 1_000;

  private final VendorAttempt attempt;
  private final CallerReply reply;
  private final Told told;
  private final VendorEvents events;
  private final Inbound callers;
  private final Losses unplaced;
  private final boolean strict;
  private final boolean follows;
  private final HeldEvents calls = new HeldEvents();
  private boolean holding;
  private boolean letThrough;
  private boolean refused;
  private final Bytes out = new Bytes();
  private final List<ReplyEvent> held = new ArrayList<>();
  private boolean content;
  private boolean worthTelling;
  private boolean committed;
  private int lossesInHead;
  private boolean over;
  private @Nullable Failure failure;

  TranslatedStream(
      VendorAttempt attempt,
      CallerReply reply,
      Outbound vendors,
      Endpoint endpoint,
      Inbound callers,
      ReplyContext context,
      boolean strict,
      boolean follows) {
    this.attempt = attempt;
    this.reply = reply;
    this.callers = callers;
    this.strict = strict;
    this.follows = follows;
    this.unplaced = attempt.replyLosses();
    this.events = new VendorEvents(vendors, endpoint, attempt.replyLosses(), this::event);
    this.told = new Told(callers.streamWriter(context, unplaced));
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

  private void event(ReplyEvent event) {
    switch (event) {
      case ReplyEvent.Opened opened -> {
        content = true;
        holding |= follows && !letThrough && opened.part() instanceof PartStart.ToolCall;
        worthTelling |= !holding;
      }
      case ReplyEvent.Broken broken -> {
        failure = broken.failure();
        return; // told to the caller once it is known whether another target can still answer
      }
      // Told beside what a strict caller refuses: vendors add words, which must not end its calls.
      case ReplyEvent.Ended ended -> callers.noteStop(ended.stop(), attempt.replyLosses());
      case ReplyEvent.Started _,
          ReplyEvent.Delta _,
          ReplyEvent.Counted _,
          ReplyEvent.Cited _,
          ReplyEvent.Closed _,
          ReplyEvent.Heartbeat _ -> {}
    }
    if (holding) {
      hold(event);
    } else if (committed) {
      write(event);
    } else {
      held.add(event);
    }
  }

  /** From the first tool call on nothing goes to the caller until all of it has come. */
  private void hold(ReplyEvent event) {
    if (event instanceof ReplyEvent.Heartbeat && committed) {
      write(event);
      return;
    }
    calls.add(event);
    if (event instanceof ReplyEvent.Ended) {
      release();
      letGo();
    } else if (calls.isTooLong()) {
      release();
      letGo();
      letThrough = true;
    }
  }

  private void letGo() {
    holding = false;
    calls.take().forEach(this::write);
  }

  private void write(ReplyEvent event) {
    if (failure != null) {
      return;
    }
    if (event instanceof ReplyEvent.Ended && !refusesLosses()) {
      tellLosses();
    }
    if (failure == null) {
      told.tell(event, out);
      refusesLosses();
    }
  }

  /** A strict caller's stream ends as an error where a part of it would be left out. */
  private boolean refusesLosses() {
    if (strict && !unplaced.isEmpty() && failure == null) {
      letThrough = true; // nobody else is asked for what is to be an error
      refused = true;
      failure = Failures.lost(attempt.candidate().target().name(), unplaced);
    }
    return failure != null;
  }

  /** What the head could not say any more is told before the end. */
  private void tellLosses() {
    Losses losses = attempt.losses();
    if (committed && losses.total() > lossesInHead) {
      callers.writeStreamRemark(LossText.remark(losses), out);
    }
  }

  /** After what one read brought: pass on, break off, or go on waiting. */
  private void settle() {
    if (failure != null) {
      broken(failure);
    } else if (worthTelling || events.stop() != null || held.size() > HELD_EVENTS_MAX) {
      release();
    }
  }

  @Override
  public void release() {
    if (!committed && !over) {
      // Written before the head, which then names what these lose.
      held.forEach(this::write);
      held.clear();
      if (failure != null) {
        broken(failure);
        return;
      }
      committed = true;
      lossesInHead = attempt.losses().total();
      attempt.commit();
    }
  }

  @Override
  public void readComplete() {
    if (committed && !over) {
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
    settle();
    if (over) {
      return;
    }
    answered();
  }

  private void answered() {
    over = true;
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
    if (events.stop() == null && failure == null && committed) {
      events.endUnannounced();
      if (!refused) {
        failure = null;
      }
    }
    if (events.stop() != null && !refused) {
      // The answer is whole and told; what broke is only the connection it came on.
      release();
      answered();
      return;
    }
    over = true;
    if (committed) {
      drain();
      reply.flush();
      attempt.brokeOff(why);
    } else {
      attempt.failedBeforeFirstByte(why);
    }
  }

  @Override
  public Optional<Told> told() {
    return follows && !letThrough ? Optional.of(told) : Optional.empty();
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
}
