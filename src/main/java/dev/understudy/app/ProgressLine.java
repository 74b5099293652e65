package dev.understudy.app;

import dev.understudy.evaluation.Answer;
import java.io.Console;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Says on a terminal how far a run is; nothing where nobody watches. */
final class ProgressLine {
  private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final PrintWriter out;
  private final long total;
  private final boolean shown =
      Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
  private final long startedNanos = System.nanoTime();
  private long lastNanos;
  private long done;
  private long failed;
  private long tokens;

  ProgressLine(PrintWriter out, long total) {
    this.out = out;
    this.total = total;
  }

  synchronized void step(Answer answer) {
    done++;
    switch (answer) {
      case Answer.Failed _ -> failed++;
      case Answer.Given given -> tokens += given.inputTokens() + given.outputTokens();
    }
    long now = System.nanoTime();
    if (shown && (done == total || now - lastNanos > EVERY_NANOS)) {
      lastNanos = now;
      long left = TimeUnit.NANOSECONDS.toSeconds((now - startedNanos) / done * (total - done));
      out.printf(
          "\r%d of %d, %d failed, %d tokens, %d:%02d left ",
          done, total, failed, tokens, left / 60, left % 60);
      out.flush();
    }
  }

  synchronized void end() {
    if (shown) {
      out.print("\r\033[K");
      out.flush();
    }
  }
}
