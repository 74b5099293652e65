package dev.understudy.gateway;

import static dev.understudy.gateway.ScriptedVendor.chunk;
import static dev.understudy.gateway.ScriptedVendor.streamHead;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Callers;
import dev.understudy.chat.ProtocolName;
import dev.understudy.exchange.Attempt;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** Callers who leave in the middle: the vendor is stopped, all is recorded, and nothing is kept. */
class AbandonedStreamsTest {
  private static final int CALLERS = 250;

  private static final String EVENT =
      "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m-1\","
          + "\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Hel\"},"
          + "\"finish_reason\":null}]}\n\n";

  @Test
  void fiveHundredCallersWhoLeaveAtAnyMomentLeaveNothingBehind() throws Exception {
    var leaks = new StringBuffer();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            if (String.valueOf(record.getMessage()).contains("LEAK")) {
              leaks.append(record.getMessage());
            }
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger.getLogger("").addHandler(handler);
    ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    try (var vendor =
            new ScriptedVendor((seen, socket, out) -> {
              streamHead(out);
              for (int i = 0; i < 2_000; i++) {
                chunk(out, EVENT);
                Thread.sleep(10);
              }
            });
        var house =
            new House(
                Callers.NONE,
                List.of(),
                House.vendor("openai", vendor.port(), ProtocolName.OPENAI_CHAT))) {
      leaveAll(house, 1);
      long used = used();
      leaveAll(house, 2);

      assertThat(used() - used).isLessThan(8L << 20);
      assertThat(house.gateway.openCalls()).isZero();
      assertThat(house.gateway.bodyBytesHeld()).isZero();
      for (int i = 0; i < 100 && vendor.open.stream().anyMatch(s -> !s.isClosed()); i++) {
        Thread.sleep(50);
      }
      assertThat(vendor.open).allMatch(java.net.Socket::isClosed);
      System.gc();
      for (int i = 0; i < 100; i++) {
        ByteBufAllocator.DEFAULT.directBuffer(64).release();
        PooledByteBufAllocator.DEFAULT.directBuffer(64).release();
      }
      assertThat(leaks).isEmpty();
    } finally {
      ResourceLeakDetector.setLevel(before);
      Logger.getLogger("").removeHandler(handler);
    }
  }

  private static long used() {
    return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
  }

  private static void leaveAll(House house, long seed) throws Exception {
    var gone = new CountDownLatch(CALLERS);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CALLERS; i++) {
        var random = new Random(seed * CALLERS + i);
        threads.execute(() -> {
          leave(house.gateway.port(), random);
          gone.countDown();
        });
      }
    }
    assertThat(gone.await(30, TimeUnit.SECONDS)).isTrue();
    for (int i = 0; i < CALLERS; i++) {
      var exchange = house.exchange();
      assertThat(exchange.outcome()).as(exchange.toString()).isEqualTo(Attempt.Outcome.ABANDONED);
    }
  }

  private static void leave(int port, Random random) {
    try {
      // The scripted vendor takes connections one by one; they are not to overflow its queue.
      Thread.sleep(random.nextInt(1_500));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (var caller = new Raw(port)) {
      caller.send(
          Raw.post(
              "/v1/chat/completions",
              "{\"model\":\"openai/m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"));
      // Some leave before the vendor is reached, some in its head, most in the stream.
      Thread.sleep(20 + random.nextInt(400));
      if (random.nextBoolean()) {
        caller.socket.setSoLinger(true, 0);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
