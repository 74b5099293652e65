package dev.understudy.sandbox;

import dev.understudy.json.Malformed;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One connection to a sandbox vendor: takes a request, lets a voice answer, plays the answer. */
final class SandboxHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  /** A caller that sends more requests than this without waiting for a reply is cut off. */
  private static final int PIPELINED_MAX = 16;

  private final SandboxServer server;
  private final Deque<FullHttpRequest> pipelined = new ArrayDeque<>();
  private @Nullable Player player;

  SandboxHandler(SandboxServer server) {
    this.server = server;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    if (pipelined.size() == PIPELINED_MAX) {
      ctx.close();
      return;
    }
    pipelined.add(request.retain());
    next(ctx);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (player != null) {
      player.callerLeft();
      player = null;
    }
    while (!pipelined.isEmpty()) {
      pipelined.remove().release();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  private void next(ChannelHandlerContext ctx) {
    FullHttpRequest request = player == null ? pipelined.poll() : null;
    if (request == null) {
      return;
    }
    try {
      take(ctx, request);
    } finally {
      request.release();
    }
  }

  private void take(ChannelHandlerContext ctx, FullHttpRequest request) {
    boolean keepAlive = HttpUtil.isKeepAlive(request) && request.decoderResult().isSuccess();
    var call =
        new Call(
            server.profile(),
            request.method().name(),
            request.uri(),
            headers(request.headers()),
            ByteBufUtil.getBytes(request.content()),
            server.pace());
    if (call.path().startsWith("/sandbox/")) {
      var answer = new ControlDesk(server).answer(call);
      play(
          ctx,
          new Player(ctx, answer, Optional.empty(), call, Voices.SILENT, 0, server),
          keepAlive);
      return;
    }
    long number = server.seen().add(call.method(), request.uri(), call.headers(), call.body());
    Voice voice = voice(call);
    Optional<Fault> fault = Optional.empty();
    Answer answer;
    try {
      fault = fault(call);
      if (fault.isPresent() && fault.get().kind() == FaultKind.BABBLE) {
        call.babble();
        // What is said is all that is wrong with it.
        fault = Optional.empty();
      }
      answer = answer(voice, call, fault);
    } catch (Malformed e) {
      answer = voice.refuse(call.profile(), Refusal.bad(e.getMessage() + ""));
    } catch (Refusal e) {
      answer = voice.refuse(call.profile(), e);
    }
    Optional<RateKeeper.Passage> passage = passage(call, answer, fault);
    if (passage.isPresent() && passage.get().retryMillis() > 0) {
      int seconds = (int) Math.min(60, (passage.get().retryMillis() + 999) / 1000);
      answer = Voices.fault(voice, call, 429, seconds);
    }
    Headers.add(server.profile(), call, answer);
    if (passage.isPresent()) {
      RateKeeper.say(server.profile().accent(), passage.get(), answer);
    }
    play(ctx, new Player(ctx, answer, fault, call, voice, number, server), keepAlive);
  }

  /** What the vendor's limits say to a request that would be answered; empty if it has none. */
  private Optional<RateKeeper.Passage> passage(Call call, Answer answer, Optional<Fault> fault) {
    boolean counted =
        !server.limit().equals(RateLimit.NONE)
            && call.method().equals("POST")
            && answer.status() < 300
            && fault.isEmpty();
    if (!counted) {
      return Optional.empty();
    }
    int output = answer.frames().stream().mapToInt(Frame::tokens).sum();
    return Optional.of(server.keeper().pass(TokenCount.of(call.json()) + output));
  }

  private static Answer answer(Voice voice, Call call, Optional<Fault> fault) {
    if (fault.isPresent() && fault.get().kind() == FaultKind.STATUS) {
      return Voices.fault(
          voice, call, fault.get().detail("status", 500), fault.get().detail("retry", 1));
    }
    Answer answer = voice.answer(call);
    // Without a stream there is no event to fail at.
    return fault.isPresent() && fault.get().kind() == FaultKind.ERROR && !answer.streamed()
        ? Voices.fault(voice, call, 500, 1)
        : answer;
  }

  private void play(ChannelHandlerContext ctx, Player newPlayer, boolean keepAlive) {
    player = newPlayer;
    newPlayer.start(
        keepAlive,
        () -> {
          player = null;
          next(ctx);
        });
  }

  private Voice voice(Call call) {
    for (Voice voice : server.voices()) {
      if (voice.hears(call.method(), call.path())) {
        return voice;
      }
    }
    return Voices.nobody(server.voices().getFirst());
  }

  /** The fault of this request: asked for by itself first, then what waits at the server. */
  private Optional<Fault> fault(Call call) {
    String asked = call.header("x-sandbox-fault");
    if (!asked.isEmpty()) {
      try {
        return Optional.of(Fault.parse(asked)).filter(server.faults()::befalls);
      } catch (IllegalArgumentException e) {
        throw Refusal.bad(e.getMessage() + "");
      }
    }
    Optional<Fault> marked = Optional.empty();
    String[] marks = call.model().split("sandbox-", -1);
    for (int i = 1; i < marks.length && marked.isEmpty(); i++) {
      marked = Fault.tryParse(marks[i]);
    }
    return marked.isPresent() ? marked.filter(server.faults()::befalls) : server.faults().strike();
  }

  private static Map<String, String> headers(HttpHeaders headers) {
    Map<String, String> all = new LinkedHashMap<>();
    headers.forEach(header ->
        all.merge(
            header.getKey().toLowerCase(Locale.ROOT),
            header.getValue(),
            (one, other) -> one + ", " + other));
    return all;
  }
}
