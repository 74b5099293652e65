package dev.understudy.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** Puts every case to candidate and incumbent, so many at once, and pays for no answer twice. */
public final class Runner {
  private final Asker asker;
  private final AnswerStore store;
  private final int atOnce;
  private final Progress progress;

  /** Hears of every answer as it comes, from several threads. */
  public interface Progress {
    /**
     * One answer more.
     *
     * @param kept whether it was paid for in an earlier run
     */
    void answered(boolean kept, Answer answer);
  }

  /**
   * Will ask.
   *
   * @param atOnce questions under way at the same time, for both targets together
   */
  public Runner(Asker asker, AnswerStore store, int atOnce, Progress progress) {
    this.asker = asker;
    this.store = store;
    this.atOnce = atOnce;
    this.progress = progress;
  }

  /** Asks everything, and waits; the pairs are in the order of the cases. */
  public List<Pair> run(Suite suite, String candidate, String incumbent)
      throws InterruptedException {
    var free = new Semaphore(atOnce, true);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var candidates = new ArrayList<List<Future<Answer>>>();
      var incumbents = new ArrayList<List<Future<Answer>>>();
      for (Case asked : suite.cases()) {
        var forCandidate = new ArrayList<Future<Answer>>();
        var forIncumbent = new ArrayList<Future<Answer>>();
        for (int repeat = 0; repeat < suite.repeats(); repeat++) {
          Question first = question(suite, asked, candidate, repeat);
          Question second = question(suite, asked, incumbent, repeat);
          forCandidate.add(threads.submit(() -> answer(first, free)));
          forIncumbent.add(threads.submit(() -> answer(second, free)));
        }
        candidates.add(forCandidate);
        incumbents.add(forIncumbent);
      }
      var pairs = new ArrayList<Pair>();
      try {
        for (int i = 0; i < suite.cases().size(); i++) {
          Case asked = suite.cases().get(i);
          pairs.add(
              new Pair(
                  asked,
                  Side.of(asked, all(candidates.get(i))),
                  Side.of(asked, all(incumbents.get(i)))));
        }
      } catch (InterruptedException e) {
        threads.shutdownNow();
        throw e;
      }
      return pairs;
    }
  }

  private static Question question(Suite suite, Case asked, String target, int repeat) {
    return new Question(target, asked.turns(), asked.toolsJson(), suite.sampling(), repeat);
  }

  private static List<Answer> all(List<Future<Answer>> futures) throws InterruptedException {
    var answers = new ArrayList<Answer>();
    for (Future<Answer> future : futures) {
      try {
        answers.add(future.get());
      } catch (ExecutionException e) {
        throw new IllegalStateException("a question could not be put", e.getCause());
      }
    }
    return answers;
  }

  private Answer answer(Question question, Semaphore free) throws InterruptedException {
    String key = question.key();
    Optional<Answer.Given> kept = store.find(key);
    if (kept.isPresent()) {
      progress.answered(true, kept.get());
      return kept.get();
    }
    free.acquire();
    Answer answer;
    try {
      answer = asker.ask(question);
    } finally {
      free.release();
    }
    if (answer instanceof Answer.Given given) {
      store.keep(key, given);
    }
    progress.answered(false, answer);
    return answer;
  }
}
