package dev.understudy.gateway;

import dev.understudy.chat.Failure;
import dev.understudy.chat.PartStart;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.Stop;
import dev.understudy.chat.Usage;
import dev.understudy.protocol.EventGrammar;
import dev.understudy.protocol.Inbound;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.Outbound;
import dev.understudy.protocol.ReplyContext;
import dev.understudy.protocol.ReplyReader;
import dev.understudy.protocol.wire.BedrockChunks;
import dev.understudy.protocol.wire.Bytes;
import dev.understudy.vendor.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Passes a streamed reply on in the caller's protocol: vendor's bytes in, caller's events out. */
final class TranslatedStream implements Passage {
  /** So many events without content are held back at the most. */
  private static final int HELD_EVENTS_MAX = 1_000;

  private final VendorAttempt attempt;
  private final CallerReply reply;
  private final ReplyReader reader;
  private final Told told;
  private final Inbound callers;
  private final Losses unplaced;
  private final boolean strict;
  private final boolean follows;
  private final HeldEvents calls = new HeldEvents();
  private boolean holding;
  private boolean letThrough;
  private boolean refused;
  private final EventGrammar grammar = new EventGrammar();
  private final Optional<BedrockChunks> unwrapped;
  private final Bytes plain = new Bytes();
  private final Bytes out = new Bytes();
  private final List<ReplyEvent> held = new ArrayList<>();
  private final String vendor;
  private Usage usage = Usage.UNSAID;
  private String model = "";
  private String replyId = "";
  private long contentBytes;
  private boolean content;
  private boolean worthTelling;
  private boolean committed;
  private int lossesInHead;
  private boolean over;
  private @Nullable Stop stop;
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
    this.reader = vendors.streamReader(endpoint.dialect(), this::event, attempt.replyLosses());
    this.told = new Told(callers.streamWriter(context, unplaced));
    this.vendor = endpoint.dialect().vendor();
    this.unwrapped =
        switch (endpoint.framing()) {
          case PLAIN -> Optional.empty();
          case BEDROCK_CHUNKS -> Optional.of(new BedrockChunks());
        };
  }

  @Override
  public void body(byte[] bytes, int offset, int length) {
    if (over) {
      return;
    }
    try {
      if (unwrapped.isPresent()) {
        plain.reset();
        unwrapped.get().accept(bytes, offset, length, plain);
        reader.accept(plain.array(), 0, plain.size());
      } else {
        reader.accept(bytes, offset, length);
      }
    } catch (IllegalStateException e) {
      // The grammar's complaint, or a frame that is too long: the vendor's stream is not what it
      // should be.
      failure = nonsense();
    }
    settle();
  }

  private Failure nonsense() {
    return Failures.upstream(502, vendor, "its stream does not follow its protocol");
  }

  private void event(ReplyEvent event) {
    grammar.check(event);
    switch (event) {
      case ReplyEvent.Started started -> {
        model = started.model();
        replyId = started.id();
      }
      case ReplyEvent.Opened opened -> {
        content = true;
        holding |= follows && !letThrough && opened.part() instanceof PartStart.ToolCall;
        worthTelling |= !holding;
      }
      case ReplyEvent.Delta delta -> contentBytes += delta.text().length();
      case ReplyEvent.Counted counted -> usage = counted.usage();
      case ReplyEvent.Ended ended -> stop = ended.stop();
      case ReplyEvent.Broken broken -> {
        failure = broken.failure();
        return; // told to the caller once it is known whether another target can still answer
      }
      case ReplyEvent.Cited _, ReplyEvent.Closed _, ReplyEvent.Heartbeat _ -> {}
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
      callers.writeStreamRemark(
          "x-understudy-losses: " + ReplyHeaders.printable(LossText.of(losses)), out);
    }
  }

  /** After what one read brought: pass on, break off, or go on waiting. */
  private void settle() {
    if (failure != null) {
      broken(failure);
    } else if (worthTelling || stop != null || held.size() > HELD_EVENTS_MAX) {
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
    try {
      if (unwrapped.isPresent()) {
        plain.reset();
        unwrapped.get().end(plain);
        reader.accept(plain.array(), 0, plain.size());
      }
      reader.end();
    } catch (IllegalStateException e) {
      failure = nonsense();
    }
    if (failure == null && stop == null) {
      failure = Failures.upstream(502, vendor, "its stream broke off before its end");
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
    if (stop == null && failure == null && committed) {
      endUnannounced();
    }
    if (stop != null && !refused) {
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

  /** Some protocols do not say which of their events is the last: it may have come. */
  private void endUnannounced() {
    try {
      reader.end();
    } catch (IllegalStateException e) {
      // It had not.
    }
    if (!refused) {
      failure = null;
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
    return new Reading(
        usage,
        model,
        Optional.ofNullable(stop)
            .map(s -> s.vendorReason().orElse(s.reason().name().toLowerCase(Locale.ROOT))),
        replyId,
        contentBytes);
  }
}
