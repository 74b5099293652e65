package dev.understudy.gateway;

import dev.understudy.access.Caller;
import dev.understudy.chat.ProtocolName;
import dev.understudy.evaluation.Answer;
import dev.understudy.evaluation.Asker;
import dev.understudy.evaluation.Question;
import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Purpose;
import dev.understudy.routing.Splits;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Puts questions to targets from within: calls of ours, on nobody's account. */
final class InnerAsker implements Asker {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Door DOOR =
      new Door(ProtocolName.OPENAI_CHAT, Door.Ask.CHAT, Optional.empty(), "");

  private final Service service;
  private final Supplier<LoopState> loops;
  private final Purpose purpose;
  private final Consumer<Exchange> heard;
  private final AtomicInteger open = new AtomicInteger();

  /**
   * Will ask.
   *
   * @param loops whose turn it is
   * @param purpose what the calls are recorded as
   * @param heard hears of each call's record, on an event loop
   */
  InnerAsker(
      Service service, Supplier<LoopState> loops, Purpose purpose, Consumer<Exchange> heard) {
    this.service = service;
    this.loops = loops;
    this.purpose = purpose;
    this.heard = heard;
  }

  @Override
  public Answer ask(Question question) throws InterruptedException {
    byte[] body = HttpAsker.body(question);
    var answer = new CompletableFuture<Answer>();
    LoopState loop = loops.get();
    loop.loop().execute(() -> begin(body, loop, question.target(), answer));
    try {
      return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return new Answer.Failed(0, "no answer within " + PATIENCE.toMinutes() + " minutes");
    } catch (ExecutionException e) {
      return new Answer.Failed(0, String.valueOf(e.getMessage()));
    }
  }

  private void begin(byte[] body, LoopState loop, String target, CompletableFuture<Answer> answer) {
    Instant now = service.clock().instant();
    var asked =
        new Asked(
            DOOR,
            Caller.ofSettings(purpose.word()),
            body,
            body.length,
            Set.of(),
            "",
            "batch",
            false,
            Map.of(),
            loop.ids().next(now.toEpochMilli()),
            now,
            System.nanoTime(),
            Optional.empty(),
            purpose);
    var kept = new KeptReply();
    CallerReply nobody = CallerReply.toNobody(loop);
    nobody.keep(kept);
    var record = new Noting(service.journal());
    Service apart = service.apart(service.live().get().with(Splits.NONE), record, open);
    Call call =
        new Call(
            asked,
            apart,
            loop,
            nobody,
            () -> {
              record.made().ifPresent(heard);
              answer.complete(read(record.made(), kept, target));
            });
    try {
      call.start();
    } catch (RuntimeException e) {
      call.fault(e);
    }
  }

  private static Answer read(Optional<Exchange> made, KeptReply kept, String target) {
    return HttpAsker.read(
        made.flatMap(Exchange::status).orElse(0),
        kept.bytes(),
        made.map(exchange -> exchange.durationNanos() / 1_000_000).orElse(0L),
        made.map(Exchange::id).orElse(""),
        target);
  }
}
