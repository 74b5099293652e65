package dev.understudy.app;

import dev.understudy.evaluation.Answer;
import dev.understudy.evaluation.AnswerStore;
import dev.understudy.evaluation.Asker;
import dev.understudy.evaluation.Bench;
import dev.understudy.evaluation.Case;
import dev.understudy.evaluation.Costs;
import dev.understudy.evaluation.Judgement;
import dev.understudy.evaluation.Judging;
import dev.understudy.evaluation.Question;
import dev.understudy.evaluation.Run;
import dev.understudy.evaluation.Runner;
import dev.understudy.evaluation.Spending;
import dev.understudy.evaluation.Suite;
import dev.understudy.evaluation.Verdict;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Puts a suite to each candidate and the incumbent, once it is known that all can be asked. */
final class QualifyRun {
  private static final DateTimeFormatter ID =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** Replies that stay what they are: no gateway, no key or no such name. */
  private static final Set<Integer> NEVER = Set.of(0, 401, 403, 404);

  private final Suite suite;
  private final List<String> candidates;
  private final String incumbent;
  private final AnswerStore store;
  private final Costs costs;
  private final QualifyTargets targets;
  private final int concurrency;
  private final ProgressLine bar;

  /** Questions that were put before the run itself, and are counted already. */
  private final Set<String> probed = ConcurrentHashMap.newKeySet();

  QualifyRun(
      Suite suite,
      List<String> candidates,
      String incumbent,
      AnswerStore store,
      Costs costs,
      QualifyTargets targets,
      int concurrency,
      ProgressLine bar) {
    this.suite = suite;
    this.candidates = candidates;
    this.incumbent = incumbent;
    this.store = store;
    this.costs = costs;
    this.targets = targets;
    this.concurrency = concurrency;
    this.bar = bar;
  }

  /**
   * Asks, candidate after candidate.
   *
   * @param elsewhere whether the gateway is not ours, so that what it knows is not known here
   * @throws IllegalStateException if somebody will never answer, before the others are paid for
   */
  List<Run> ask(Asker asker, boolean elsewhere) throws InterruptedException {
    if (elsewhere) {
      probeTargets(asker);
    }
    List<String> doubts = probeJudges(asker);
    var results = new ArrayList<Runner.Result>();
    var ends = new ArrayList<Instant>();
    var spending = new ArrayList<List<Spending>>();
    List<Spending> before = List.of();
    for (String candidate : candidates) {
      results.add(
          new Runner(asker, store, concurrency, costs, this::step)
              .run(suite, candidate, incumbent));
      ends.add(Instant.now());
      List<Spending> all = bar.spending();
      spending.add(since(before, all));
      before = all;
    }
    List<Verdict> verdicts = Judgement.all(suite, results, costs);
    var runs = new ArrayList<Run>();
    for (int i = 0; i < candidates.size(); i++) {
      Verdict verdict = verdicts.get(i);
      for (String warning : targets.partial(candidates.get(i))) {
        verdict = verdict.with(warning);
      }
      for (String doubt : doubts) {
        verdict = verdict.with(doubt);
      }
      runs.add(
          new Run(
              ID.format(ends.get(i)) + (candidates.size() > 1 ? "-" + (i + 1) : ""),
              ends.get(i),
              suite,
              candidates.get(i),
              incumbent,
              results.get(i).pairs(),
              verdict,
              spending.get(i)));
    }
    return runs;
  }

  private void step(boolean kept, Question question, Answer answer) {
    if (!kept || !probed.remove(store.key(question))) {
      bar.step(kept, question, answer);
    }
  }

  /**
   * Puts the first question to each target alone: a run against one that is not there would pay for
   * all of the others' answers.
   */
  private void probeTargets(Asker asker) throws InterruptedException {
    Case first = suite.cases().getFirst();
    var names = new ArrayList<>(candidates);
    names.add(incumbent);
    for (String name : names) {
      probe(asker, new Question(name, first.turns(), first.toolsJson(), suite.sampling(), 0));
    }
  }

  /** Puts one easy question to each judge, and tells of those who talk nonsense even then. */
  private List<String> probeJudges(Asker asker) throws InterruptedException {
    var doubts = new ArrayList<String>();
    if (suite.cases().stream().allMatch(asked -> suite.judgeQuestions(asked) == 0)) {
      return doubts;
    }
    Judging judging = suite.judging().orElseThrow();
    for (Question question : Bench.trials(judging, suite.isCompared())) {
      Bench.objection(judging, suite.isCompared(), probe(asker, question))
          .map(why ->
              "the judge %s failed a first, easy question: %s".formatted(question.target(), why))
          .ifPresent(doubts::add);
    }
    doubts.forEach(bar::note);
    return doubts;
  }

  private Answer probe(Asker asker, Question question) throws InterruptedException {
    Optional<Answer.Given> known = store.find(store.key(question));
    if (known.isPresent()) {
      probed.add(store.key(question));
      bar.step(true, question, known.get());
      return known.get();
    }
    Answer answer = asker.ask(question);
    if (answer instanceof Answer.Failed(int status, String message) && NEVER.contains(status)) {
      throw new IllegalStateException(
          "%s cannot be asked: %s".formatted(question.target(), message));
    }
    if (answer instanceof Answer.Given given) {
      store.keep(store.key(question), given);
      probed.add(store.key(question));
      bar.step(false, question, given);
    }
    return answer;
  }

  /** What was spent after an earlier count. */
  private static List<Spending> since(List<Spending> before, List<Spending> all) {
    var more = new ArrayList<Spending>();
    for (Spending now : all) {
      Spending then =
          before.stream()
              .filter(s -> s.target().equals(now.target()))
              .findFirst()
              .orElse(Spending.of(now.target()));
      if (now.asked() > then.asked() || now.kept() > then.kept()) {
        more.add(now.less(then));
      }
    }
    return more;
  }
}
