package dev.understudy.gateway;

import dev.understudy.access.Caller;
import dev.understudy.access.Reach;
import dev.understudy.chat.Failure;
import dev.understudy.chat.ProtocolName;
import dev.understudy.exchange.TraceParent;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request whose body is still arriving, within the bounds for one body and for all together. */
final class Incoming {
  private static final int FIRST_BYTES_MAX = 256 << 10;
  private static final AsciiString STRICT = AsciiString.cached("x-understudy-strict");
  private static final AsciiString TRACE = AsciiString.cached("traceparent");

  private static final byte[] NONE = {};

  /** Until somebody is let in; a request of nobody is refused before it becomes a call. */
  private static final Caller NOBODY = new Caller("", "", "", "", Map.of(), Reach.ANY, List.of());

  /**
   * Until the body is whole; then it is asked for no more, and a stream's caller stays for long.
   */
  private @Nullable HttpRequest request;

  private final Optional<Door> door;
  private final ProtocolName protocol;
  private final Service service;
  private final Bodies bodies;
  private final long startedNanos = System.nanoTime();
  private Caller caller = NOBODY;
  private @Nullable Failure refusal;
  private byte[] body = NONE;
  private int length;
  private long held;

  /**
   * @param bodies where room for the body comes from
   */
  Incoming(
      HttpRequest request,
      Optional<Door> door,
      ProtocolName protocol,
      Service service,
      Bodies bodies) {
    this.request = request;
    this.door = door;
    this.protocol = protocol;
    this.service = service;
    this.bodies = bodies;
  }

  Optional<Door> door() {
    return door;
  }

  ProtocolName protocol() {
    return protocol;
  }

  long startedNanos() {
    return startedNanos;
  }

  /** How many bytes of body have come, kept or not. */
  int length() {
    return length;
  }

  boolean isHttp10() {
    return request().protocolVersion().equals(HttpVersion.HTTP_1_0);
  }

  boolean isKeepAlive() {
    return HttpUtil.isKeepAlive(request());
  }

  private HttpRequest request() {
    return Objects.requireNonNull(request, "the request was taken");
  }

  /** The caller was let in. */
  void admit(Caller known) {
    caller = known;
  }

  /** Who was let in. */
  Caller caller() {
    return caller;
  }

  /** The request is to be refused when its body is over; the body is counted and not kept. */
  void refuseAtEnd(Failure why) {
    refusal = why;
  }

  Optional<Failure> refusal() {
    return Optional.ofNullable(refusal);
  }

  /** Makes room for the body that the head announces; what to tell the caller if there is none. */
  Optional<Failure> expect(long announced) {
    if (announced > service.limits().bodyBytesMax()) {
      return Optional.of(tooLarge());
    }
    if (refusal == null && announced > 0) {
      // Not the whole of what is announced: an announcement is not a body.
      int first = (int) Math.min(announced, FIRST_BYTES_MAX);
      if (!hold(first)) {
        return Optional.of(tooMuchAtOnce());
      }
      body = bodies.take(first);
    }
    return Optional.empty();
  }

  /** Takes more of the body; what to tell the caller if that cannot be. */
  Optional<Failure> take(ByteBuf data) {
    int more = data.readableBytes();
    if ((long) length + more > service.limits().bodyBytesMax()) {
      return Optional.of(tooLarge());
    }
    if (refusal == null && more > 0) {
      if (length + more > body.length) {
        // What was taken is not given back: it is enough that a body is, whose size was announced.
        long doubled = Math.max((long) length + more, body.length * 2L);
        int grown = (int) Math.min(doubled, service.limits().bodyBytesMax());
        if (!hold(grown - body.length)) {
          return Optional.of(tooMuchAtOnce());
        }
        body = Arrays.copyOf(body, grown);
      }
      data.readBytes(body, length, more);
    }
    length += more;
    return Optional.empty();
  }

  /** Takes room for a body; false if too many callers send too much at the same time. */
  private boolean hold(int more) {
    if (service.bodyBytes().addAndGet(more) > service.limits().bodyBytesHeldMax()) {
      service.bodyBytes().addAndGet(-more);
      return false;
    }
    held += more;
    return true;
  }

  /** Gives the room for the body back; the body is no longer looked at. */
  void letGo() {
    if (held > 0) {
      service.bodyBytes().addAndGet(-held);
      held = 0;
    }
  }

  /** The same, and the memory may hold the next body. */
  void giveBack() {
    letGo();
    byte[] used = body;
    body = NONE;
    bodies.giveBack(used);
  }

  /** The whole request, as a call takes it; once. */
  Asked asked(Door at, LoopState loop) {
    HttpHeaders headers = request().headers();
    request = null;
    var started = service.clock().instant();
    return new Asked(
        at,
        caller,
        body,
        length,
        RequestHead.tags(headers),
        RequestHead.region(headers),
        RequestHead.priority(headers),
        "true".equalsIgnoreCase(headers.get(STRICT)),
        RequestHead.passedOn(headers),
        loop.ids().next(started.toEpochMilli()),
        started,
        startedNanos,
        Optional.ofNullable(headers.get(TRACE)).flatMap(TraceParent::parse),
        RequestHead.purpose(headers));
  }

  private static Failure tooMuchAtOnce() {
    return Failure.of(503, "overloaded_error", "too many large requests arrive at once; try again")
        .withRetryAfter(1);
  }

  private Failure tooLarge() {
    return Failure.of(
        413,
        "request_too_large",
        "the request's body is larger than the %d bytes that this gateway takes"
            .formatted(service.limits().bodyBytesMax()));
  }
}
