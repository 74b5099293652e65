package dev.understudy.app;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** Answers every request with the same words, on one thread, thousands of times a second. */
final class CrashVendor implements Closeable {
  private static final String ANSWER =
      "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"gpt-5.1-2025-11-13\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hello.\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3,\"total_tokens\":12}}";
  private static final byte[] REPLY =
      ("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
              + ANSWER.length()
              + "\r\n\r\n"
              + ANSWER)
          .getBytes(StandardCharsets.US_ASCII);

  private final Selector selector = Selector.open();
  private final ServerSocketChannel door = ServerSocketChannel.open();
  private final ByteBuffer read = ByteBuffer.allocate(64 << 10);
  private final Thread thread = Thread.ofPlatform().daemon().name("vendor").unstarted(this::run);

  CrashVendor() throws IOException {
    door.bind(new InetSocketAddress("127.0.0.1", 0), 500);
    door.configureBlocking(false);
    door.register(selector, SelectionKey.OP_ACCEPT);
    thread.start();
  }

  int port() {
    return door.socket().getLocalPort();
  }

  private void run() {
    try {
      while (selector.isOpen()) {
        selector.select(this::ready);
      }
    } catch (IOException e) {
      // It is closed.
    }
  }

  private void ready(SelectionKey key) {
    try {
      if (key.isAcceptable()) {
        SocketChannel accepted = door.accept();
        if (accepted != null) {
          accepted.configureBlocking(false);
          accepted.register(selector, SelectionKey.OP_READ, new LoadMessages());
        }
      } else {
        answer((SocketChannel) key.channel(), (LoadMessages) key.attachment());
      }
    } catch (IOException e) {
      drop(key);
    }
  }

  private void answer(SocketChannel channel, LoadMessages asked) throws IOException {
    read.clear();
    if (channel.read(read) < 0) {
      channel.close();
      return;
    }
    asked.accept(read.flip());
    while (asked.next().isPresent()) {
      // A few hundred bytes to a reader that waits for them: they go at once, or it is gone.
      channel.write(ByteBuffer.wrap(REPLY));
    }
  }

  static void drop(SelectionKey key) {
    try {
      key.channel().close();
    } catch (IOException e) {
      // It was killed.
    }
  }

  @Override
  public void close() throws IOException {
    selector.close();
    door.close();
  }
}
