package dev.understudy.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Puts every case to candidate and incumbent and their answers to judges, so many questions at
 * once, and pays for no answer twice.
 */
public final class Runner {
  private final Asker asker;
  private final AnswerStore store;
  private final Semaphore free;
  private final Costs costs;
  private final Progress progress;
  private final Map<String, ReentrantLock> underWay = new ConcurrentHashMap<>();

  /** Hears of every answer as it comes, from several threads. */
  public interface Progress {
    /**
     * One answer more.
     *
     * @param kept whether it was paid for in an earlier run
     * @param question what was asked, and whom
     */
    void answered(boolean kept, Question question, Answer answer);
  }

  /** What came of it: the pairs in the order of the cases, and how each judge did. */
  public record Result(List<Pair> pairs, Map<String, Bench.Count> judges) {
    public Result {
      pairs = List.copyOf(pairs);
      judges = Map.copyOf(judges);
    }
  }

  /**
   * Will ask.
   *
   * @param atOnce questions under way at the same time, for targets and judges together
   */
  public Runner(Asker asker, AnswerStore store, int atOnce, Costs costs, Progress progress) {
    this.asker = asker;
    this.store = store;
    this.free = new Semaphore(atOnce, true);
    this.costs = costs;
    this.progress = progress;
  }

  /** Asks everything, and waits. */
  public Result run(Suite suite, String candidate, String incumbent) throws InterruptedException {
    var bench = new Bench(suite.judging(), this::answer, costs);
    // Bounds the cases that are open at once, so that a large suite is no crowd of threads.
    var open = new Semaphore(CASES_OPEN_MAX, true);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        var pending = new ArrayList<Future<Pair>>();
        for (Case asked : suite.cases()) {
          open.acquire();
          pending.add(
              threads.submit(() -> {
                try {
                  return pair(suite, asked, candidate, incumbent, bench, threads);
                } finally {
                  open.release();
                }
              }));
        }
        return new Result(all(pending), bench.counts());
      } catch (InterruptedException | RuntimeException e) {
        threads.shutdownNow();
        throw e;
      }
    }
  }

  private static final int CASES_OPEN_MAX = 1_024;

  private Pair pair(
      Suite suite,
      Case asked,
      String candidate,
      String incumbent,
      Bench bench,
      ExecutorService threads)
      throws InterruptedException {
    var forCandidate = new ArrayList<Future<Answer>>();
    var forIncumbent = new ArrayList<Future<Answer>>();
    for (int repeat = 0; repeat < suite.repeats(); repeat++) {
      Question first = question(suite, asked, candidate, repeat);
      Question second = question(suite, asked, incumbent, repeat);
      forCandidate.add(threads.submit(() -> answer(first)));
      forIncumbent.add(threads.submit(() -> answer(second)));
    }
    List<Answer> fromCandidate = all(forCandidate);
    List<Answer> fromIncumbent = all(forIncumbent);
    Side one = Side.of(asked, fromCandidate, bench);
    Side other = Side.of(asked, fromIncumbent, bench);
    var duels = new ArrayList<Duel>();
    if (suite.isCompared()
        && one instanceof Side.Judged first
        && other instanceof Side.Judged second) {
      for (int i = 0; i < suite.repeats(); i++) {
        duels.add(
            bench.compare(
                asked.id(), asked.turns(), first.answers().get(i), second.answers().get(i)));
      }
    }
    return new Pair(asked, one, other, duels);
  }

  private static Question question(Suite suite, Case asked, String target, int repeat) {
    return new Question(target, asked.turns(), asked.toolsJson(), suite.sampling(), repeat);
  }

  private static <T> List<T> all(List<Future<T>> futures) throws InterruptedException {
    var answers = new ArrayList<T>();
    for (Future<T> future : futures) {
      try {
        answers.add(future.get());
      } catch (ExecutionException e) {
        throw new IllegalStateException("a question could not be put", e.getCause());
      }
    }
    return answers;
  }

  private Answer answer(Question question) throws InterruptedException {
    String key = store.key(question);
    // Cases may ask the same at the same time: the second waits for the first one's answer.
    ReentrantLock alone = underWay.computeIfAbsent(key, name -> new ReentrantLock());
    alone.lockInterruptibly();
    try {
      return answer(question, key);
    } finally {
      alone.unlock();
    }
  }

  private Answer answer(Question question, String key) throws InterruptedException {
    Optional<Answer.Given> kept = store.find(key);
    if (kept.isPresent()) {
      progress.answered(true, question, kept.get());
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
    progress.answered(false, question, answer);
    return answer;
  }
}
