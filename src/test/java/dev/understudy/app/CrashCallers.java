package dev.understudy.app;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Callers who together ask so often a second, on one thread, whether or not they are answered; they
 * remember which calls they have answers of, whole.
 */
final class CrashCallers implements Closeable {
  private static final String ASK =
      "{\"model\":\"openai/gpt-5.1\",\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final byte[] REQUEST =
      ("POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: "
              + ASK.length()
              + "\r\n\r\n"
              + ASK)
          .getBytes(StandardCharsets.US_ASCII);

  /** Connections; each has one call at a time. */
  private static final int CALLERS = 64;

  /** Who was refused a connection tries again after so long. */
  private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final InetSocketAddress gateway;
  private final long everyNanos;
  private final Selector selector = Selector.open();
  private final ByteBuffer read = ByteBuffer.allocate(64 << 10);
  private final Deque<SelectionKey> idle = new ArrayDeque<>();
  private final List<String> received = new ArrayList<>();
  private final AtomicLong answered = new AtomicLong();
  private final Thread thread = Thread.ofPlatform().daemon().name("callers").unstarted(this::run);
  private int connections;
  private long connectAt;
  private volatile boolean over;

  CrashCallers(int port, int callsEachSecond) throws IOException {
    gateway = new InetSocketAddress("127.0.0.1", port);
    everyNanos = TimeUnit.SECONDS.toNanos(1) / callsEachSecond;
    connectAt = System.nanoTime();
    thread.start();
  }

  /** How many answers came so far. */
  long answered() {
    return answered.get();
  }

  /** The calls of which an answer came, whole; when they are over. */
  List<String> received() {
    return received;
  }

  private void run() {
    try {
      long due = System.nanoTime();
      while (!over) {
        long now = System.nanoTime();
        connect(now);
        while (due - now <= 0) {
          SelectionKey free = idle.pollFirst();
          if (free == null) {
            // Nobody is free, or nobody is connected: what was due is not made up for.
            due = now + everyNanos;
            break;
          }
          ask(free);
          due += everyNanos;
        }
        long wait = due - System.nanoTime();
        if (wait > 0) {
          selector.select(this::ready, Math.max(1, TimeUnit.NANOSECONDS.toMillis(wait)));
        } else {
          selector.selectNow(this::ready);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("callers cannot go on", e);
    }
  }

  private void connect(long now) throws IOException {
    while (connections < CALLERS && now - connectAt >= 0) {
      SocketChannel channel = SocketChannel.open();
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT, new LoadMessages());
      connections++;
      try {
        if (channel.connect(gateway)) {
          connected(key);
        }
      } catch (IOException e) {
        lost(key);
      }
    }
  }

  private void connected(SelectionKey key) {
    key.interestOps(SelectionKey.OP_READ);
    idle.addLast(key);
  }

  private void ready(SelectionKey key) {
    try {
      var channel = (SocketChannel) key.channel();
      if (key.isConnectable()) {
        if (channel.finishConnect()) {
          connected(key);
        }
      } else if (key.isReadable()) {
        hear(key, channel);
      }
    } catch (IOException e) {
      lost(key);
    }
  }

  private void ask(SelectionKey key) {
    try {
      ((SocketChannel) key.channel()).write(ByteBuffer.wrap(REQUEST));
    } catch (IOException e) {
      lost(key);
    }
  }

  private void hear(SelectionKey key, SocketChannel channel) throws IOException {
    read.clear();
    if (channel.read(read) < 0) {
      // It is down, or was killed in the middle of an answer, which then was not received.
      lost(key);
      return;
    }
    var answers = (LoadMessages) key.attachment();
    answers.accept(read.flip());
    answers
        .next()
        .ifPresent(answer -> {
          if (answer.isAnswer(200)) {
            received.add(answer.header("x-understudy-exchange").orElse("none"));
            answered.incrementAndGet();
          }
          idle.addLast(key);
        });
  }

  private void lost(SelectionKey key) {
    CrashVendor.drop(key);
    idle.remove(key);
    connections--;
    connectAt = System.nanoTime() + AGAIN_NANOS;
  }

  @Override
  public void close() throws IOException {
    over = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (SelectionKey key : selector.keys()) {
      CrashVendor.drop(key);
    }
    selector.close();
  }
}
