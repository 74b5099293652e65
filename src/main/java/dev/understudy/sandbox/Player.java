package dev.understudy.sandbox;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Plays one answer onto a connection at a vendor's pace, and breaks it as asked. */
final class Player {
  /**
   * How long a reset waits for what was written before it: a reset that follows at once makes the
   * caller's system throw away what it has not read yet.
   */
  private static final int RESET_GRACE_MILLIS = 50;

  private final ChannelHandlerContext ctx;
  private final Answer answer;
  private final @Nullable Fault fault;
  private final Call call;
  private final Voice voice;
  private final long number;
  private final SandboxServer server;
  private final List<Frame> frames;
  private final int tokens;

  private Runnable done = () -> {};
  private boolean keepAlive;
  private boolean headSent;
  private boolean over;
  private boolean quiet = true;
  private int next;
  private int tokensSent;
  private int bytesSent;
  private long dueNanos;
  private @Nullable ScheduledFuture<?> heart;

  Player(
      ChannelHandlerContext ctx,
      Answer answer,
      Optional<Fault> fault,
      Call call,
      Voice voice,
      long number,
      SandboxServer server) {
    this.ctx = ctx;
    this.answer = answer;
    this.fault = fault.orElse(null);
    this.call = call;
    this.voice = voice;
    this.number = number;
    this.server = server;
    this.frames = BrokenFrames.of(answer, fault, () -> voice.failInStream(call));
    this.tokens = frames.stream().mapToInt(Frame::tokens).sum();
  }

  /** Begins; {@code whenDone} runs when the connection is free for its next request. */
  void start(boolean keep, Runnable whenDone) {
    keepAlive = keep;
    done = whenDone;
    note("replying");
    if (is(FaultKind.REFUSE)) {
      finish("broken by fault");
      server.loopback().refuseFor(detail("millis", 1000));
    } else if (is(FaultKind.RESET) && !isPlaced()) {
      reset();
    } else if (is(FaultKind.STALL) && !isPlaced()) {
      note("broken by fault");
    } else if (is(FaultKind.SLOW)) {
      later(detail("millis", 1000), this::begin);
    } else {
      begin();
    }
  }

  /** The caller closed the connection. */
  void callerLeft() {
    if (!over) {
      over = true;
      stopHeart();
      note("caller left");
    }
  }

  private void begin() {
    if (is(FaultKind.EARLY)) {
      var early = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.EARLY_HINTS);
      early.headers().set("link", "</sandbox>; rel=preload");
      ctx.writeAndFlush(early);
    }
    Pace pace = call.pace();
    boolean alive = answer.streamed() && pace.heartbeatMillis() > 0 && voice.heartbeat().length > 0;
    if (alive) {
      head();
      heart =
          ctx.executor()
              .scheduleAtFixedRate(
                  this::beat,
                  pace.heartbeatMillis(),
                  pace.heartbeatMillis(),
                  TimeUnit.MILLISECONDS);
    }
    later(number == 0 ? 0 : pace.firstTokenMillis(), this::body);
  }

  private void body() {
    if (!headSent) {
      head();
    }
    if (is(FaultKind.CUT) && !isPlaced()) {
      cut();
      return;
    }
    dueNanos = System.nanoTime();
    play();
  }

  private void head() {
    headSent = true;
    var response =
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()));
    answer.headers().forEach((name, value) -> response.headers().set(name, value));
    response.headers().set("x-sandbox", "true");
    if (is(FaultKind.MISTYPED)) {
      response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/html");
    }
    if (is(FaultKind.GZIP)) {
      response.headers().set(HttpHeaderNames.CONTENT_ENCODING, "gzip");
    }
    int length = frames.stream().mapToInt(frame -> frame.bytes().length).sum();
    if (is(FaultKind.SHORT)) {
      HttpUtil.setContentLength(response, length + 100L);
    } else if (is(FaultKind.LONG)) {
      HttpUtil.setContentLength(response, Math.max(0, length - 10L));
    } else if (answer.streamed()) {
      HttpUtil.setTransferEncodingChunked(response, true);
    } else {
      HttpUtil.setContentLength(response, length);
    }
    HttpUtil.setKeepAlive(response, keepAlive);
    ctx.writeAndFlush(response);
  }

  /** Writes frames until one is not yet due, then comes back for it. */
  private void play() {
    boolean wrote = false;
    while (!over && next < frames.size()) {
      Frame frame = frames.get(next);
      if (strikes(frame)) {
        return;
      }
      int speed = call.pace().tokensPerSecond();
      // What a stream says comes at the vendor's speed; an unstreamed reply was made before it.
      if (speed > 0 && answer.streamed() && frame.tokens() > 0 && next > 0) {
        dueNanos += TimeUnit.SECONDS.toNanos(frame.tokens()) / speed;
        long wait = dueNanos - System.nanoTime();
        if (wait > 0) {
          if (wrote) {
            ctx.flush();
          }
          var _ = ctx.executor().schedule(this::goOn, wait, TimeUnit.NANOSECONDS);
          return;
        }
      }
      send(frame);
      wrote = true;
    }
    if (!over) {
      end();
    }
  }

  private void goOn() {
    if (!over) {
      send(frames.get(next));
      ctx.flush();
      play();
    }
  }

  private void send(Frame frame) {
    ctx.write(new DefaultHttpContent(Unpooled.wrappedBuffer(frame.bytes())));
    next++;
    tokensSent += frame.tokens();
    bytesSent += frame.bytes().length;
    quiet = false;
    if (is(FaultKind.CHOP)) {
      ctx.flush();
    }
    if (call.pace().tokensPerSecond() > 0 && frame.tokens() > 0) {
      note("replying");
    }
  }

  /** Whether the fault's place is reached with this frame, which then is not sent whole. */
  private boolean strikes(Frame frame) {
    if (!isPlaced() || !(is(FaultKind.CUT) || is(FaultKind.RESET) || is(FaultKind.STALL))) {
      return false;
    }
    if (fault != null && fault.has("bytes")) {
      int room = detail("bytes", 0) - bytesSent;
      if (frame.bytes().length <= room && next + 1 < frames.size()) {
        return false;
      }
      part(frame, Math.min(room, frame.bytes().length - 1));
    } else {
      int limit = Math.min(detail("tokens", 0), tokens);
      if (answer.streamed()) {
        if (tokensSent < limit) {
          return false;
        }
      } else {
        long share = (long) frame.bytes().length * limit / Math.max(1, tokens);
        part(frame, (int) Math.min(share, frame.bytes().length - 1L));
      }
    }
    if (is(FaultKind.CUT)) {
      cut();
    } else if (is(FaultKind.RESET)) {
      ctx.flush();
      later(RESET_GRACE_MILLIS, this::reset);
    } else {
      ctx.flush();
      note("broken by fault");
    }
    return true;
  }

  private void part(Frame frame, int bytes) {
    if (bytes > 0) {
      ctx.write(
          new DefaultHttpContent(Unpooled.wrappedBuffer(Arrays.copyOf(frame.bytes(), bytes))));
    }
  }

  private void end() {
    if (is(FaultKind.SHORT)) {
      cut();
      return;
    }
    ctx.write(LastHttpContent.EMPTY_LAST_CONTENT);
    if (is(FaultKind.GARBAGE)) {
      var codec = ctx.pipeline().context("codec");
      codec.write(
          Unpooled.wrappedBuffer(
              "sandbox: these bytes belong to no reply\r\n".getBytes(StandardCharsets.UTF_8)));
    }
    var flushed = ctx.writeAndFlush(Unpooled.EMPTY_BUFFER);
    if (!keepAlive || is(FaultKind.LONG) || is(FaultKind.GARBAGE)) {
      flushed.addListener(ChannelFutureListener.CLOSE);
    }
    finish("complete");
  }

  private void cut() {
    finish("broken by fault");
    ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  private void reset() {
    finish("broken by fault");
    ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
    ctx.close();
  }

  private void finish(String outcome) {
    over = true;
    stopHeart();
    note(outcome);
    done.run();
  }

  private void beat() {
    if (!over && quiet) {
      ctx.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(voice.heartbeat())));
    }
    quiet = true;
  }

  private void stopHeart() {
    if (heart != null) {
      heart.cancel(false);
      heart = null;
    }
  }

  private void later(int millis, Runnable step) {
    if (millis == 0) {
      step.run();
      return;
    }
    var _ =
        ctx.executor()
            .schedule(
                () -> {
                  if (!over) {
                    step.run();
                  }
                },
                millis,
                TimeUnit.MILLISECONDS);
  }

  private boolean is(FaultKind kind) {
    return fault != null && fault.kind() == kind;
  }

  private boolean isPlaced() {
    return fault != null && (fault.has("bytes") || fault.has("tokens"));
  }

  private int detail(String name, int otherwise) {
    return fault == null ? otherwise : fault.detail(name, otherwise);
  }

  private void note(String outcome) {
    server.seen().note(number, outcome, tokensSent);
  }
}
