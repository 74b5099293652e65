package dev.understudy.app;

import dev.understudy.evaluation.Answer;
import dev.understudy.evaluation.Costs;
import dev.understudy.evaluation.Question;
import dev.understudy.evaluation.Spending;
import java.io.Console;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Keeps count of what a run asked and paid, and says on a terminal how far it is; says nothing
 * where nobody watches.
 */
final class ProgressLine {
  private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final PrintWriter out;
  private final long total;
  private final Costs costs;
  private final boolean shown =
      Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
  private final long startedNanos = System.nanoTime();
  private final Map<String, Spending> byTarget = new TreeMap<>();
  private long lastNanos;
  private long done;
  private long asked;
  private long failed;

  /**
   * Begins to count.
   *
   * @param total answers that are to come, judges' included, at the most
   */
  ProgressLine(PrintWriter out, long total, Costs costs) {
    this.out = out;
    this.total = total;
    this.costs = costs;
  }

  synchronized void step(boolean kept, Question question, Answer answer) {
    done++;
    asked += kept ? 0 : 1;
    failed += answer instanceof Answer.Failed ? 1 : 0;
    byTarget.compute(
        question.target(),
        (target, spending) ->
            Optional.ofNullable(spending).orElse(Spending.of(target)).and(kept, answer, costs));
    long now = System.nanoTime();
    if (shown && (done >= total || now - lastNanos > EVERY_NANOS)) {
      lastNanos = now;
      // What was kept took no time and says nothing of what is left.
      long left =
          asked == 0
              ? 0
              : TimeUnit.NANOSECONDS.toSeconds(
                  (now - startedNanos) / asked * Math.max(0, total - done));
      out.printf(
          "\r\033[K%d of %d, %d failed, %s, %d:%02d left ",
          done, Math.max(done, total), failed, Spending.total(spending()), left / 60, left % 60);
      out.flush();
    }
  }

  /** Says what cannot wait for the report. */
  synchronized void note(String warning) {
    out.println((shown ? "\r\033[K" : "") + "warning: " + warning);
    out.flush();
  }

  /** What each target took so far. */
  synchronized List<Spending> spending() {
    return List.copyOf(byTarget.values());
  }

  synchronized void end() {
    if (shown) {
      out.print("\r\033[K");
      out.flush();
    }
  }
}
