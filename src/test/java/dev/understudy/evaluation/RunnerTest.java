package dev.understudy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How often a run asks, and what it is told from memory. */
final class RunnerTest {
  private static final class Memory implements AnswerStore {
    private final Map<String, Answer.Given> kept = new ConcurrentHashMap<>();

    @Override
    public Optional<Answer.Given> find(String key) {
      return Optional.ofNullable(kept.get(key));
    }

    @Override
    public void keep(String key, Answer.Given answer) {
      kept.put(key, answer);
    }
  }

  private static Suite suite(int cases) {
    var all = new ArrayList<Case>();
    for (int i = 0; i < cases; i++) {
      all.add(
          new Case(
              "c" + i, List.of(new Turn("user", "always this")), "", List.of(), Map.of(), "c" + i));
    }
    return new Suite(
        "s",
        Suite.Metric.PASS,
        0.05,
        0.05,
        0.8,
        1,
        0.05,
        new Question.Sampling(0, 0),
        Map.of(),
        all);
  }

  private static int asked(AnswerStore store, int cases) throws InterruptedException {
    var asked = new AtomicInteger();
    Asker slow =
        question -> {
          asked.incrementAndGet();
          Thread.sleep(50);
          return new Answer.Given("so", List.of(), false, false, 1, 1, 1, "");
        };
    new Runner(slow, store, 8, Costs.UNKNOWN, (kept, question, answer) -> {})
        .run(suite(cases), "a/candidate", "b/incumbent");
    return asked.get();
  }

  @Test
  void theSameQuestionIsPaidForOnceAlsoWhileItIsUnderWay() throws InterruptedException {
    assertThat(asked(new Memory(), 20)).isEqualTo(2);
  }

  @Test
  void whatSomebodyElseSaidUnderTheSameNameIsNoAnswer() throws InterruptedException {
    var memory = new Memory();
    assertThat(asked(memory.behind(name -> name + " at the sandbox"), 1)).isEqualTo(2);
    assertThat(asked(memory.behind(name -> name + " at the sandbox"), 1)).isZero();
    assertThat(asked(memory.behind(name -> name + " at api.example.com:443"), 1)).isEqualTo(2);
    assertThat(asked(memory.behind(name -> name + " at api.example.com:443").remembering(), 1))
        .isEqualTo(2);
  }
}
