package dev.understudy.gateway;

import dev.understudy.access.Admission;
import dev.understudy.access.Caller;
import dev.understudy.chat.Failure;
import dev.understudy.chat.ProtocolName;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One caller's connection: requests in, one call after another, replies out.
 *
 * <p>Requests that arrive while one is being answered wait, within a bound. A request that is
 * refused by its head is answered when its body is over, so that the caller hears it; a body that
 * is too large is answered at once, and the connection is closed behind it.
 */
final class FrontDoor extends ChannelInboundHandlerAdapter implements Call.Done {
  /** Pieces of later requests that may wait for the present one. */
  private static final int WAITING_MAX = 64;

  /** How long a caller whose body is refused may go on sending into the void. */
  private static final long LINGER_SECONDS = 5;

  private final Service service;
  private final LoopState loop;
  private final CallerDecoder decoder;
  private final CallerWatch watch;
  private @Nullable Channel channel;
  private final ArrayDeque<HttpMessagePart> waiting = new ArrayDeque<>();
  private @Nullable Incoming incoming;
  private @Nullable Call call;

  /** In place of a call where some route looks at its answers. */
  private @Nullable Reviewing reviewing;

  private @Nullable CallerReply reply;
  private boolean closing;
  private boolean draining;
  private @Nullable Incoming answered;

  /** A part of a later request that waits. */
  private record HttpMessagePart(Object message) {}

  FrontDoor(Service service, LoopState loop, CallerDecoder decoder) {
    this.service = service;
    this.loop = loop;
    this.decoder = decoder;
    this.watch = new CallerWatch(service.limits().patience());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    channel = ctx.channel();
    loop.watch(this);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    loop.unwatch(this);
  }

  private Channel channel() {
    Channel known = channel;
    if (known == null) {
      throw new IllegalStateException("the door is not part of a connection");
    }
    return known;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof LastHttpContent) {
      decoder.complete();
    }
    if (closing) {
      ReferenceCountUtil.release(message);
    } else if (isServing() || !waiting.isEmpty()) {
      waiting.add(new HttpMessagePart(message));
      if (waiting.size() >= WAITING_MAX) {
        channel().config().setAutoRead(false);
      }
    } else {
      take(message);
    }
  }

  private boolean isServing() {
    return call != null || reviewing != null;
  }

  private void take(Object message) {
    try {
      if (message instanceof HttpRequest request) {
        head(request);
      }
      if (message instanceof HttpContent content && !closing) {
        content(content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  // --- a request ---

  private void head(HttpRequest request) {
    Optional<Door> door = Door.at(request.uri());
    var in =
        new Incoming(request, door, RequestHead.protocol(request, door), service, loop.bodies());
    incoming = in;
    if (request.decoderResult().isFailure()) {
      refuseNow(RequestHead.unreadable(request.decoderResult().cause()));
      return;
    }
    Optional<Failure> ambiguous = Strictness.objection(request);
    if (ambiguous.isPresent()) {
      refuseNow(ambiguous.get());
      return;
    }
    objection(request, door, in).ifPresent(in::refuseAtEnd);
    if (HttpUtil.is100ContinueExpected(request) && in.refusal().isPresent()) {
      refuseNow(in.refusal().get());
      return;
    }
    Optional<Failure> noRoom = in.expect(HttpUtil.getContentLength(request, -1L));
    if (noRoom.isPresent()) {
      refuseNow(noRoom.get());
    } else if (HttpUtil.is100ContinueExpected(request)) {
      channel().writeAndFlush(Unpooled.copiedBuffer(CONTINUE, StandardCharsets.US_ASCII));
    }
  }

  private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

  /** Why the request is refused by its head; if it is not, its caller is known from here on. */
  private Optional<Failure> objection(HttpRequest request, Optional<Door> door, Incoming in) {
    Optional<Failure> misplaced = RequestHead.misplaced(request, door);
    if (misplaced.isPresent() || door.map(d -> d.ask() == Door.Ask.HEALTH).orElse(false)) {
      return misplaced;
    }
    boolean loopback =
        channel().remoteAddress() instanceof InetSocketAddress address
            && address.getAddress().isLoopbackAddress();
    return switch (RequestHead.admission(
        request, service.live().get().callers(), loopback, service.clock().millis())) {
      case Admission.Admitted(Caller caller) -> {
        in.admit(caller);
        yield RequestHead.coded(request);
      }
      case Admission.Refused(int status, String message) ->
          Optional.of(
              Failure.of(
                  status, status == 401 ? "authentication_error" : "permission_error", message));
    };
  }

  private void content(HttpContent content) {
    Incoming in = incoming;
    if (in == null) {
      return;
    }
    if (content.decoderResult().isFailure()) {
      refuseNow(RequestHead.unreadable(content.decoderResult().cause()));
      return;
    }
    Optional<Failure> untaken = in.take(content.content());
    if (untaken.isPresent()) {
      refuseNow(untaken.get());
    } else if (content instanceof LastHttpContent) {
      incoming = null;
      complete(in);
    }
  }

  private void complete(Incoming in) {
    boolean keeps = in.isKeepAlive() && !loop.isRetiring();
    CallerReply out = new CallerReply(channel(), loop, in.isHttp10(), keeps);
    reply = out;
    answered = in;
    if (in.refusal().isPresent()) {
      refuse(in, out, in.refusal().get());
      return;
    }
    Door door = in.door().orElseThrow();
    switch (door.ask()) {
      case HEALTH -> page(out, "{\"status\":\"ok\"}");
      case LIST_MODELS ->
          page(
              out,
              Listing.all(
                  in.protocol(), service.live().get(), service.models(), in.caller().reach()));
      case GET_MODEL -> model(in, door, out);
      case CHAT, CHAT_STREAM, COUNT_TOKENS -> {
        if (door.ask() != Door.Ask.COUNT_TOKENS && service.live().get().plan().hasReviews()) {
          Reviewing looking = new Reviewing(in.asked(door, loop), service, loop, out, this);
          reviewing = looking;
          looking.start();
          return;
        }
        Call begun = new Call(in.asked(door, loop), service, loop, out, this);
        call = begun;
        try {
          begun.start();
        } catch (RuntimeException e) {
          begun.fault(e);
        }
      }
    }
  }

  private void model(Incoming in, Door door, CallerReply out) {
    String name = door.pathModel().orElse("");
    Optional<String> found =
        Listing.one(in.protocol(), name, service.live().get().plan(), in.caller().reach());
    if (found.isPresent()) {
      page(out, found.get());
    } else {
      refuse(in, out, Failures.unknownModel(name, List.of()));
    }
  }

  private void page(CallerReply out, String json) {
    ShortAnswers.page(out, json);
    callDone();
  }

  private void refuse(Incoming in, CallerReply out, Failure failure) {
    String allowed = in.door().map(Door::isPost).orElse(true) ? "POST" : "GET";
    ShortAnswers.refusal(in.protocol(), allowed, out, failure);
    callDone();
  }

  /** Answers before the request is over; the connection cannot be used again. */
  private void refuseNow(Failure failure) {
    Incoming in = incoming;
    incoming = null;
    closing = true;
    ProtocolName protocol = in == null ? ProtocolName.OPENAI_CHAT : in.protocol();
    ShortAnswers.refusal(protocol, "POST", new CallerReply(channel(), loop, false, false), failure);
    if (in != null) {
      in.letGo();
    }
    linger();
  }

  /**
   * Closes the sending side and reads on for a while: a connection that is closed while data
   * arrives is reset, and the caller would never see the answer.
   */
  private void linger() {
    if (draining) {
      return;
    }
    draining = true;
    channel().config().setAutoRead(true);
    // Behind all that was written: what is not yet sent when the sending side closes, is lost.
    channel().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> shutDown());
  }

  private void shutDown() {
    if (channel() instanceof io.netty.channel.socket.SocketChannel socket) {
      socket.shutdownOutput();
    }
    channel().eventLoop().schedule(() -> channel().close(), LINGER_SECONDS, TimeUnit.SECONDS);
  }

  // --- time ---

  /** Parts with a caller who keeps the gateway waiting for too long. */
  void checkPatience(long now) {
    Incoming in = incoming;
    long unsent = CallerWatch.unsent(channel());
    CallerWatch.Waiting waiting =
        unsent > 0
            ? CallerWatch.Waiting.READER
            : isServing() || closing
                ? CallerWatch.Waiting.VENDOR
                : in != null
                    ? CallerWatch.Waiting.BODY
                    : decoder.isMidway() ? CallerWatch.Waiting.HEAD : CallerWatch.Waiting.REQUEST;
    long progress = unsent > 0 ? unsent : in == null ? 0 : in.length();
    if (waiting == CallerWatch.Waiting.BODY
        && in != null
        && watch.trickles(now, in.startedNanos(), in.length())) {
      refuseNow(tooSlow());
      return;
    }
    switch (watch.look(now, waiting, progress).orElse(CallerWatch.Waiting.VENDOR)) {
      case VENDOR -> {}
      case REQUEST, READER -> channel().close();
      case HEAD, BODY -> refuseNow(tooSlow());
    }
  }

  private static Failure tooSlow() {
    return Failure.of(408, "timeout_error", "the request did not arrive in time");
  }

  /** The gateway stops: a connection on which nothing is asked is closed. */
  void retire() {
    if (!isServing() && incoming == null && !decoder.isMidway()) {
      channel().close();
    }
  }

  // --- after a call ---

  @Override
  public void callDone() {
    Call over = call;
    if (over != null && over.leavesBody() && answered != null) {
      answered.giveBack();
    }
    call = null;
    reviewing = null;
    CallerReply done = reply;
    reply = null;
    letGo();
    if (closing || !channel().isActive()) {
      return;
    }
    if (loop.isRetiring() || (done != null && !done.keepsConnection())) {
      closing = true;
      releaseWaiting();
      linger();
      return;
    }
    if (!waiting.isEmpty()) {
      // Not from within the call that ends here: a caller could make this nest without end.
      channel().eventLoop().execute(this::takeWaiting);
    }
  }

  /** Gives back the room that bodies took, of the request that arrives and of the one answered. */
  private void letGo() {
    Incoming arriving = incoming;
    Incoming before = answered;
    answered = null;
    if (arriving != null) {
      arriving.letGo();
    }
    if (before != null) {
      before.letGo();
    }
  }

  private void takeWaiting() {
    while (!isServing() && !closing && !waiting.isEmpty()) {
      take(waiting.remove().message());
    }
    if (waiting.size() < WAITING_MAX) {
      channel().config().setAutoRead(true);
    }
  }

  private void releaseWaiting() {
    while (!waiting.isEmpty()) {
      ReferenceCountUtil.release(waiting.remove().message());
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    Call running = call;
    if (running != null && channel().isWritable()) {
      running.callerWritable();
    }
    Reviewing looking = reviewing;
    if (looking != null && channel().isWritable()) {
      looking.callerWritable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    closing = true;
    loop.unwatch(this);
    letGo();
    releaseWaiting();
    Call running = call;
    if (running != null) {
      running.callerLeft();
    }
    Reviewing looking = reviewing;
    if (looking != null) {
      looking.callerLeft();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // A connection that was reset is a caller who left; whatever else it is, this call is over and
    // the others go on.
    if (!(cause instanceof java.io.IOException)) {
      unexpected(cause);
    }
    channel().close();
  }

  private static void unexpected(Throwable cause) {
    System.getLogger(FrontDoor.class.getName())
        .log(System.Logger.Level.ERROR, "a call failed unexpectedly", cause);
  }
}
