package dev.understudy.gateway;

import dev.understudy.access.Admission;
import dev.understudy.chat.Failure;
import dev.understudy.chat.ProtocolName;
import dev.understudy.exchange.TraceParent;
import dev.understudy.protocol.wire.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
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

  /** Headers that mean something to a vendor of the caller's own protocol. */
  private static final String[] PASSED_ON = {
    "anthropic-version", "anthropic-beta", "openai-beta", "idempotency-key"
  };

  private final Service service;
  private final LoopState loop;
  private final CallerDecoder decoder;
  private final CallerWatch watch;
  private @Nullable Channel channel;
  private final ArrayDeque<HttpMessagePart> waiting = new ArrayDeque<>();
  private @Nullable Incoming incoming;
  private @Nullable Call call;
  private @Nullable CallerReply reply;
  private boolean closing;
  private boolean draining;
  private long held;

  /** A part of a later request that waits. */
  private record HttpMessagePart(Object message) {}

  /** A request whose body is still arriving. */
  private static final class Incoming {
    final HttpRequest request;
    final Optional<Door> door;
    final ProtocolName protocol;
    final long startedNanos = System.nanoTime();
    String caller = "";
    @Nullable Failure refusal;
    byte[] body = {};
    int length;

    Incoming(HttpRequest request, Optional<Door> door, ProtocolName protocol) {
      this.request = request;
      this.door = door;
      this.protocol = protocol;
    }
  }

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
    } else if (call != null || !waiting.isEmpty()) {
      waiting.add(new HttpMessagePart(message));
      if (waiting.size() >= WAITING_MAX) {
        channel().config().setAutoRead(false);
      }
    } else {
      take(message);
    }
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

  // --- the head ---

  private void head(HttpRequest request) {
    Optional<Door> door = Door.at(request.uri());
    ProtocolName protocol = door.map(Door::protocol).orElseGet(() -> guess(request));
    if (door.isPresent() && door.get().ask() == Door.Ask.LIST_MODELS) {
      protocol = request.uri().startsWith("/v1/") ? guess(request) : ProtocolName.GEMINI;
    }
    var in = new Incoming(request, door, protocol);
    incoming = in;
    if (request.decoderResult().isFailure()) {
      refuseNow(unreadable(request.decoderResult().cause()));
      return;
    }
    Optional<Failure> ambiguous = Strictness.objection(request);
    if (ambiguous.isPresent()) {
      refuseNow(ambiguous.get());
      return;
    }
    in.refusal = objection(request, door, in).orElse(null);
    long length = HttpUtil.getContentLength(request, -1L);
    if (length > service.limits().bodyBytesMax()) {
      refuseNow(tooLarge());
      return;
    }
    if (HttpUtil.is100ContinueExpected(request)) {
      if (in.refusal != null) {
        refuseNow(in.refusal);
        return;
      }
      channel().writeAndFlush(Unpooled.copiedBuffer(CONTINUE, StandardCharsets.US_ASCII));
    }
    if (in.refusal == null && length > 0) {
      // Not the whole of what is announced: an announcement is not a body.
      if (hold((int) Math.min(length, FIRST_BYTES_MAX))) {
        in.body = new byte[(int) Math.min(length, FIRST_BYTES_MAX)];
      } else {
        refuseNow(tooMuchAtOnce());
      }
    }
  }

  private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
  private static final int FIRST_BYTES_MAX = 256 << 10;

  private Optional<Failure> objection(HttpRequest request, Optional<Door> door, Incoming in) {
    HttpHeaders headers = request.headers();
    if (door.isEmpty()) {
      return Optional.of(
          Failure.of(
              404,
              "not_found_error",
              "nothing is here: " + method(request) + " " + shown(request.uri())));
    }
    if (door.get().ask() == Door.Ask.HEALTH) {
      return Optional.empty();
    }
    HttpMethod wanted = door.get().isPost() ? HttpMethod.POST : HttpMethod.GET;
    if (!request.method().equals(wanted)) {
      return Optional.of(Failure.of(405, Failures.INVALID, "this path takes " + wanted + " only"));
    }
    boolean loopback =
        channel().remoteAddress() instanceof InetSocketAddress address
            && address.getAddress().isLoopbackAddress();
    var callers = service.live().get().callers();
    if (callers.isEmpty() && Strictness.isOfAnotherSite(headers)) {
      // Without keys, a web page of a stranger in a browser on this machine would be let in.
      return Optional.of(
          Failure.of(
              403, "permission_error", "web pages of other sites are not let in without a key"));
    }
    switch (callers.admit(key(request), loopback)) {
      case Admission.Admitted(String name) -> in.caller = name;
      case Admission.Refused(int status, String message) -> {
        return Optional.of(
            Failure.of(
                status, status == 401 ? "authentication_error" : "permission_error", message));
      }
    }
    String coding = headers.get(HttpHeaderNames.CONTENT_ENCODING);
    if (coding != null && !coding.equalsIgnoreCase("identity")) {
      return Optional.of(
          Failure.of(415, Failures.INVALID, "bodies are taken without content-encoding only"));
    }
    return Optional.empty();
  }

  private static String method(HttpRequest request) {
    String name = request.method().name();
    return name.length() > 16 ? name.substring(0, 16) : name;
  }

  /** A path as it may be shown: without its query, which may hold a key. */
  private static String shown(String uri) {
    int end = uri.indexOf('?');
    String path = end < 0 ? uri : uri.substring(0, end);
    return path.length() > 120 ? path.substring(0, 120) + "…" : path;
  }

  /** The protocol of a request whose path does not tell. */
  private static ProtocolName guess(HttpRequest request) {
    HttpHeaders headers = request.headers();
    if (headers.contains("x-goog-api-key") || request.uri().startsWith("/v1beta/")) {
      return ProtocolName.GEMINI;
    }
    if (headers.contains("anthropic-version") || headers.contains("x-api-key")) {
      return ProtocolName.ANTHROPIC_MESSAGES;
    }
    return ProtocolName.OPENAI_CHAT;
  }

  /** The key the caller shows, in whichever header its protocol uses; empty if none. */
  private static String key(HttpRequest request) {
    HttpHeaders headers = request.headers();
    String authorization = headers.get(HttpHeaderNames.AUTHORIZATION);
    if (authorization != null && authorization.regionMatches(true, 0, "bearer ", 0, 7)) {
      return authorization.substring(7).strip();
    }
    for (String name : new String[] {"x-api-key", "x-goog-api-key", "api-key"}) {
      String value = headers.get(name);
      if (value != null) {
        return value.strip();
      }
    }
    // Google's own libraries send it so; elsewhere a key in an address would only end up in logs.
    return request.uri().startsWith("/v1beta/") || request.uri().startsWith("/v1alpha/")
        ? Door.keyInQuery(request.uri()).orElse("")
        : "";
  }

  private static Failure unreadable(Throwable cause) {
    return switch (cause) {
      case TooLongHttpHeaderException _ ->
          Failure.of(431, Failures.INVALID, "the headers are larger than this gateway takes");
      case TooLongHttpLineException _ ->
          Failure.of(414, Failures.INVALID, "the request line is longer than this gateway takes");
      default -> Failure.of(400, Failures.INVALID, "this is not a valid HTTP/1.1 request");
    };
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

  private void letGo() {
    if (held > 0) {
      service.bodyBytes().addAndGet(-held);
      held = 0;
    }
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

  // --- the body ---

  private void content(HttpContent content) {
    Incoming in = incoming;
    if (in == null) {
      return;
    }
    if (content.decoderResult().isFailure()) {
      refuseNow(unreadable(content.decoderResult().cause()));
      return;
    }
    ByteBuf data = content.content();
    int more = data.readableBytes();
    if ((long) in.length + more > service.limits().bodyBytesMax()) {
      refuseNow(tooLarge());
      return;
    }
    if (in.refusal != null) {
      in.length += more; // counted, not kept
    } else if (more > 0) {
      if (in.length + more > in.body.length) {
        long doubled = Math.max((long) in.length + more, in.body.length * 2L);
        int grown = (int) Math.min(doubled, service.limits().bodyBytesMax());
        if (!hold(grown - in.body.length)) {
          refuseNow(tooMuchAtOnce());
          return;
        }
        in.body = Arrays.copyOf(in.body, grown);
      }
      data.readBytes(in.body, in.length, more);
      in.length += more;
    }
    if (content instanceof LastHttpContent) {
      incoming = null;
      complete(in);
    }
  }

  private void complete(Incoming in) {
    CallerReply out =
        new CallerReply(
            channel(),
            in.request.protocolVersion().equals(HttpVersion.HTTP_1_0),
            HttpUtil.isKeepAlive(in.request));
    reply = out;
    if (in.refusal != null) {
      answer(in, out, in.refusal);
      return;
    }
    Door door = in.door.orElseThrow();
    switch (door.ask()) {
      case HEALTH -> answer(out, 200, "{\"status\":\"ok\"}");
      case LIST_MODELS ->
          answer(out, 200, Listing.all(in.protocol, service.live().get().plan().routeNames()));
      case GET_MODEL -> model(in, door, out);
      case CHAT, CHAT_STREAM, COUNT_TOKENS -> {
        var started = service.clock().instant();
        var asked =
            new Asked(
                door,
                in.caller,
                in.body,
                in.length,
                "true".equalsIgnoreCase(in.request.headers().get("x-understudy-strict")),
                passedOn(in.request.headers()),
                loop.ids().next(started.toEpochMilli()),
                started,
                in.startedNanos,
                Optional.ofNullable(in.request.headers().get("traceparent"))
                    .flatMap(TraceParent::parse));
        Call begun = new Call(asked, service, loop, out, this);
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
    Optional<String> found = Listing.one(in.protocol, name, service.live().get().plan());
    if (found.isPresent()) {
      answer(out, 200, found.get());
    } else {
      answer(in, out, Failures.unknownModel(name, java.util.List.of()));
    }
  }

  private static Map<String, String> passedOn(HttpHeaders headers) {
    Map<String, String> passed = Map.of();
    for (String name : PASSED_ON) {
      if (headers.contains(name)) {
        if (passed.isEmpty()) {
          passed = new LinkedHashMap<>();
        }
        passed.put(name, String.join(",", headers.getAll(name)));
      }
    }
    return passed;
  }

  // --- short answers ---

  private void answer(CallerReply out, int status, String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    out.whole(status, "application/json", null, new ReplyHeaders(), body, 0, body.length);
    out.flush();
    callDone();
  }

  private void answer(Incoming in, CallerReply out, Failure failure) {
    String allowed = in.door.map(Door::isPost).orElse(true) ? "POST" : "GET";
    write(in.protocol, allowed, out, failure);
    callDone();
  }

  private static void write(
      ProtocolName protocol, String allowed, CallerReply out, Failure failure) {
    var body = new Bytes();
    Protocols.inbound(protocol).writeFailure(failure, body);
    var headers = new ReplyHeaders();
    if (failure.status() == 405) {
      headers.add("allow", allowed);
    }
    failure.retryAfterSeconds().ifPresent(s -> headers.add("retry-after", Long.toString(s)));
    out.whole(failure.status(), "application/json", null, headers, body.array(), 0, body.size());
    out.flush();
  }

  /** Answers before the request is over; the connection cannot be used again. */
  private void refuseNow(Failure failure) {
    Incoming in = incoming;
    incoming = null;
    closing = true;
    ProtocolName protocol = in == null ? ProtocolName.OPENAI_CHAT : in.protocol;
    write(protocol, "POST", new CallerReply(channel(), false, false), failure);
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
    letGo();
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
            : call != null || closing
                ? CallerWatch.Waiting.VENDOR
                : in != null
                    ? CallerWatch.Waiting.BODY
                    : decoder.isMidway() ? CallerWatch.Waiting.HEAD : CallerWatch.Waiting.REQUEST;
    long progress = unsent > 0 ? unsent : in == null ? 0 : in.length;
    if (waiting == CallerWatch.Waiting.BODY
        && in != null
        && watch.trickles(now, in.startedNanos, in.length)) {
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

  // --- after a call ---

  @Override
  public void callDone() {
    call = null;
    CallerReply done = reply;
    reply = null;
    letGo();
    if (closing || !channel().isActive()) {
      return;
    }
    if (done != null && !done.keepsConnection()) {
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

  private void takeWaiting() {
    while (call == null && !closing && !waiting.isEmpty()) {
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
