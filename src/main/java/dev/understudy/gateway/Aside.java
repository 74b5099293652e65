package dev.understudy.gateway;

import dev.understudy.json.JsonScanner;
import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Does the work on large bodies on threads of their own, and comes back to the event loop: done in
 * place it would hold up all other calls of the loop, for a second where a body has many MiB.
 */
final class Aside {
  /** Bodies up to this size are worked on in place, which takes some two milliseconds. */
  static final int BYTES_MAX = 256 << 10;

  /**
   * So much of it is done at once: it is nothing but computing, the loops need processors too, and
   * a body that is read takes several times its size in memory.
   */
  static final int AT_ONCE = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

  static final Semaphore ROOM = new Semaphore(AT_ONCE, true);

  private final EventLoop loop;
  private final JsonScanner scanner;

  /**
   * @param scanner what work in place may use
   */
  Aside(EventLoop loop, JsonScanner scanner) {
    this.loop = loop;
    this.scanner = scanner;
  }

  /**
   * Works on a body of that many bytes. Either of {@code then} and {@code failed} is called, on the
   * loop; it has to see for itself whether anybody still waits for it.
   */
  <T> void work(
      long bytes,
      Function<JsonScanner, T> work,
      Consumer<T> then,
      Consumer<RuntimeException> failed) {
    if (bytes <= BYTES_MAX) {
      T done;
      try {
        done = work.apply(scanner);
      } catch (RuntimeException e) {
        failed.accept(e);
        return;
      }
      then.accept(done);
      return;
    }
    Thread.ofVirtual().name("large-body").start(() -> apart(work, then, failed));
  }

  private <T> void apart(
      Function<JsonScanner, T> work, Consumer<T> then, Consumer<RuntimeException> failed) {
    ROOM.acquireUninterruptibly();
    Runnable back;
    try {
      T done = work.apply(new JsonScanner());
      back =
          () -> {
            try {
              then.accept(done);
            } catch (RuntimeException e) {
              failed.accept(e);
            }
          };
    } catch (RuntimeException e) {
      back = () -> failed.accept(e);
    } finally {
      ROOM.release();
    }
    try {
      loop.execute(back);
    } catch (RejectedExecutionException e) {
      // The gateway has closed, and the caller's connection with it.
    }
  }
}
