package dev.understudy.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Where one event loop leaves its lines for the writer of the log. */
final class LogLane {
  private final LogPages pages;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<LogPages.Page> full = new ArrayList<>();
  private LogPages.@Nullable Page current;

  LogLane(LogPages pages) {
    this.pages = pages;
  }

  void append(byte[] line, int length) {
    lock.lock();
    try {
      LogPages.Page into = current;
      if (into == null || !into.hasRoom(length)) {
        if (into != null) {
          full.add(into);
        }
        into = pages.take(length);
        current = into;
      }
      into.add(line, length);
    } finally {
      lock.unlock();
    }
  }

  /** Hands over all lines, in their order. */
  void take(List<LogPages.Page> to) {
    lock.lock();
    try {
      to.addAll(full);
      full.clear();
      LogPages.Page last = current;
      if (last != null) {
        to.add(last);
        current = null;
      }
    } finally {
      lock.unlock();
    }
  }
}
