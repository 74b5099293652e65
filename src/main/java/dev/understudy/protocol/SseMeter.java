package dev.understudy.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.understudy.chat.Failure;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.Usage;
import dev.understudy.json.Json;
import dev.understudy.json.JsonScanner;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.wire.Bytes;
import dev.understudy.protocol.wire.SseReader;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A meter for protocols of server-sent events that looks at each event once, without making objects
 * of it. What is out of the ordinary, an error among the events, it leaves to the protocol's
 * reader, so that both say the same of it.
 *
 * <p>Replies in one piece are scanned likewise where the protocol knows how, and read by its reader
 * otherwise.
 */
public abstract class SseMeter implements Meter, SseReader.Listener {
  private final Outbound protocol;
  private final Dialect dialect;

  /** One for each thread and not each stream: what it found is used before the next scan. */
  private static final ThreadLocal<JsonScanner> SCANNER = ThreadLocal.withInitial(JsonScanner::new);

  private @Nullable SseReader sse;
  private @Nullable ReadAlong whole;
  private @Nullable Failure failure;
  private @Nullable String stopReason;
  private String replyId = "";
  private String model = "";
  private boolean complete;
  private boolean content;

  /** Whether consumption was told in a way that can be read in two. */
  private boolean doubtful;

  private long contentBytes;

  /** Where to keep what passes; null where nobody would go on. */
  private @Nullable Trail trail;

  protected SseMeter(Outbound protocol, Dialect dialect) {
    this.protocol = protocol;
    this.dialect = dialect;
  }

  /**
   * One event, scanned already.
   *
   * @throws Malformed if it is not what the protocol wants
   */
  protected abstract void event(JsonScanner event, byte[] data, int offset, int length);

  /** Whether data that is no JSON object means something to the protocol, and was taken note of. */
  protected abstract boolean isMark(byte[] data, int offset, int length);

  /** The body is over; the protocol may count the stream as complete only now. */
  protected abstract void bodyEnded();

  protected abstract Usage streamUsage();

  @Override
  public final void event(String name, byte[] data, int offset, int length) {
    if (failure != null || length == 0) {
      return;
    }
    read(name, data, offset, length);
    if (failure != null && trail != null) {
      trail.breaks(data, offset);
    }
  }

  private void read(String name, byte[] data, int offset, int length) {
    try {
      if (isMark(data, offset, length)) {
        return;
      }
      if (name.equals("error")) {
        failed(name, data, offset, length);
        return;
      }
      JsonScanner scanner = SCANNER.get();
      try {
        scanner.scan(data, offset, length);
      } catch (Malformed e) {
        readOnce(data, offset, length);
        return;
      }
      event(scanner, data, offset, length);
    } catch (Malformed e) {
      failure =
          Failure.of(502, "stream_malformed", "the vendor's stream is malformed: " + e.getMessage())
              .withVendor(dialect.vendor());
    }
  }

  /**
   * Reads an event in which a name occurs twice. The caller gets it as it is, and takes one of
   * both; what it says of consumption may be another's reading, and nobody goes on from such an
   * answer.
   *
   * @throws Malformed if something else is wrong with it
   */
  private void readOnce(byte[] data, int offset, int length) {
    byte[] once = Json.namesOnce(data, offset, length);
    JsonScanner scanner = SCANNER.get();
    scanner.scan(once, 0, once.length);
    Trail kept = trail;
    trail = null;
    if (kept != null) {
      kept.obstacle("a name that occurs twice");
    }
    Usage before = streamUsage();
    event(scanner, once, 0, once.length);
    doubtful |= !streamUsage().equals(before);
    trail = kept;
  }

  @Override
  public final void remember(Trail where) {
    trail = where;
  }

  /** Where the protocol is to keep what passes, if anywhere. */
  protected final @Nullable Trail trail() {
    return trail;
  }

  /** The event tells an error: the protocol's reader is asked which. */
  protected final void failed(byte[] data, int offset, int length) {
    failed("", data, offset, length);
  }

  private void failed(String name, byte[] data, int offset, int length) {
    ReplyReader reader =
        protocol.streamReader(
            dialect,
            event -> {
              if (event instanceof ReplyEvent.Broken(Failure told)) {
                failure = told;
              }
            },
            new Losses());
    // As one line: an event of several data lines is white space apart no other.
    var frame = new Bytes();
    if (!name.isEmpty()) {
      frame.text("event: ").text(name).text("\n");
    }
    frame.text("data: ").text(new String(data, offset, length, UTF_8).replace('\n', ' '));
    frame.text("\n\n");
    reader.accept(frame.array(), 0, frame.size());
  }

  protected final Dialect dialect() {
    return dialect;
  }

  protected final void named(String id, String by) {
    replyId = id;
    model = by;
    if (trail != null) {
      trail.named(id, by);
    }
  }

  protected final boolean isNamed() {
    return !replyId.isEmpty() || !model.isEmpty();
  }

  protected final void said(long bytes) {
    content = true;
    contentBytes += bytes;
  }

  protected final void stopped(String reason) {
    stopReason = reason;
  }

  protected final boolean hasStopped() {
    return stopReason != null;
  }

  protected final void completed() {
    complete = true;
  }

  @Override
  public final void whole(byte[] bytes, int offset, int length) {
    try {
      JsonScanner scanner = SCANNER.get();
      scanner.scan(bytes, offset, length);
      if (reply(scanner, bytes)) {
        complete = true;
        return;
      }
    } catch (Malformed e) {
      // The reader says what is wrong, in its own words.
    }
    whole = new ReadAlong(protocol, dialect);
    whole.whole(bytes, offset, length);
  }

  /**
   * A reply in one piece, scanned already.
   *
   * @return false if there is anything about it that the protocol's reader had better look at
   */
  protected boolean reply(JsonScanner reply, byte[] bytes) {
    return false;
  }

  @Override
  public final void accept(byte[] bytes, int offset, int length) {
    if (failure != null) {
      return;
    }
    try {
      reader().accept(bytes, offset, length);
    } catch (IllegalStateException e) {
      failure =
          Failure.of(502, "stream_malformed", String.valueOf(e.getMessage()))
              .withVendor(dialect.vendor());
    }
  }

  private SseReader reader() {
    SseReader made = sse;
    if (made == null) {
      made = new SseReader(this);
      sse = made;
    }
    return made;
  }

  @Override
  public final void end() {
    if (failure != null) {
      return;
    }
    reader().end();
    bodyEnded();
    if (!complete && failure == null) {
      failure =
          Failure.of(502, "stream_cut", "the vendor's stream stopped before its end")
              .withVendor(dialect.vendor());
    }
  }

  @Override
  public final Usage usage() {
    if (whole != null) {
      return whole.usage();
    }
    return doubtful ? Usage.UNSAID : streamUsage();
  }

  @Override
  public final String replyId() {
    return whole == null ? replyId : whole.replyId();
  }

  @Override
  public final String model() {
    return whole == null ? model : whole.model();
  }

  @Override
  public final Optional<String> stopReason() {
    return whole == null ? Optional.ofNullable(stopReason) : whole.stopReason();
  }

  @Override
  public final boolean isComplete() {
    return whole == null ? complete : whole.isComplete();
  }

  @Override
  public final boolean hasContent() {
    return whole == null ? content : whole.hasContent();
  }

  @Override
  public final Optional<Failure> failure() {
    return whole == null ? Optional.ofNullable(failure) : whole.failure();
  }

  @Override
  public final Optional<String> fault() {
    return whole == null ? Optional.empty() : whole.fault();
  }

  @Override
  public final long contentBytes() {
    return whole == null ? contentBytes : whole.contentBytes();
  }
}
