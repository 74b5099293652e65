package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.capacity.Capacity;
import io.netty.channel.DefaultEventLoop;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers that wait for a review take no more than their room, all of a loop together. */
final class HeldAnswersTest {
  private static final byte[] BODY = new byte[200 << 10];

  private final DefaultEventLoop eventLoop = new DefaultEventLoop();
  private final Flushes flushes = new Flushes(eventLoop);
  private final LoopState loop =
      new LoopState(
          eventLoop,
          new UpstreamPool(eventLoop, flushes, null, null, null),
          flushes,
          new Capacity(Capacity.EMPTY, InstantSource.system()));

  @AfterEach
  void close() {
    eventLoop.shutdownGracefully();
  }

  private CallerReply answered() {
    var reply = CallerReply.toNobody(loop);
    reply.holdBack(KeptReply.BYTES_MAX, new KeptReply(), new ReplyHeaders());
    reply.whole(200, "application/json", null, new ReplyHeaders(), BODY, 0, BODY.length);
    reply.flush();
    return reply;
  }

  private List<CallerReply> full() {
    var held = new ArrayList<CallerReply>();
    for (CallerReply next = answered(); next.isHeldBack(); next = answered()) {
      held.add(next);
      assertThat(held.size()).isLessThan(1_000);
    }
    return held;
  }

  @Test
  void whatFindsNoRoomGoesToItsCallerAtOnce() {
    List<CallerReply> held = full();

    // Each takes its bytes twice, as it goes out and as it is read.
    assertThat(held.size()).isBetween(38, 41);
    held.removeLast().letGo();
    CallerReply again = answered();
    assertThat(again.isHeldBack()).isTrue();
    held.add(again);
    assertThat(answered().isHeldBack()).isFalse();
    held.forEach(CallerReply::discard);
    assertThat(full()).hasSizeBetween(38, 41);
  }

  @Test
  void whatIsSetAsideKeepsItsRoomUntilItIsLetGoOrGiven() {
    int most = full().size();
    tearDown();
    List<CallerReply.Held> aside = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      CallerReply reply = answered();
      aside.add(reply.take());
    }
    assertThat(answered().isHeldBack()).isFalse();
    aside.removeLast().release();
    CallerReply free = answered();
    assertThat(free.isHeldBack()).isTrue();
    free.discard();

    CallerReply restored = CallerReply.toNobody(loop);
    restored.holdBack(KeptReply.BYTES_MAX, new KeptReply(), new ReplyHeaders());
    restored.restore(aside.removeLast());
    restored.letGo();
    CallerReply two = answered();
    assertThat(two.isHeldBack()).isTrue();
  }

  private void tearDown() {
    loop.unhold(held());
  }

  private long held() {
    long all = 0;
    while (loop.hold(1 << 10)) {
      all += 1 << 10;
    }
    loop.unhold(all);
    return (16L << 20) - all;
  }
}
