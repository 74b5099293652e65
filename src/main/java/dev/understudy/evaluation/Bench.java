package dev.understudy.evaluation;

import dev.understudy.money.Money;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;

/**
 * The judges in session: puts questions to them and hears what they say. Blocks, and may be asked
 * by many threads at once.
 */
public final class Bench implements Opinions {
  /** A judge that answers nonsense is asked once more, and then no longer. */
  private static final int TRIES = 2;

  /** One token is wanted, but OpenAI's Responses take no limit below this. */
  private static final int TOKEN_MAX = 16;

  /** First tokens that are told with their chances: no vendor that tells them tells fewer. */
  private static final int BEGINNINGS = 5;

  /** Kept for reports. */
  private static final int REASONS_MAX = 5;

  private final Optional<Judging> judging;
  private final Asker asker;
  private final Costs costs;
  private final Map<String, Count> counts = new ConcurrentHashMap<>();

  /**
   * How a judge did.
   *
   * @param asked questions it was asked, each counted once however often it was put
   * @param failed of these, how many had no answer in the wanted form
   * @param reasons some of why
   */
  public record Count(int asked, int failed, List<String> reasons) {
    static final Count NONE = new Count(0, 0, List.of());

    public Count {
      reasons = List.copyOf(reasons);
    }

    Count and(Heard heard) {
      if (!(heard instanceof Heard.Nothing(String why))) {
        return new Count(asked + 1, failed, reasons);
      }
      var more = new ArrayList<>(reasons);
      if (reasons.size() < REASONS_MAX && !reasons.contains(why)) {
        more.add(why);
      }
      return new Count(asked + 1, failed + 1, more);
    }
  }

  /**
   * Opens a session.
   *
   * @param asker puts a question to a judge; keeps answers, if they are to be paid for once
   */
  public Bench(Optional<Judging> judging, Asker asker, Costs costs) {
    this.judging = judging;
    this.asker = asker;
    this.costs = costs;
  }

  /** How each judge did so far, by its target. */
  public Map<String, Count> counts() {
    return Map.copyOf(counts);
  }

  @Override
  public Optional<Money> cost(Answer.Given answer) {
    return costs.of(answer);
  }

  @Override
  public Opinion grade(Rubric rubric, Case asked, Answer.Given answer) throws InterruptedException {
    if (judging.isEmpty()) {
      return new Opinion.Missing("the suite names no judge");
    }
    if (Bait.isIn(answer, asked.turns())) {
      // Not put to a judge at all: whatever it says, it was told to say.
      return new Opinion.Spoiled();
    }
    Judging rules = judging.get();
    List<Turn> question = JudgePrompt.grade(rubric, asked.turns(), answer, rules);
    var grades = new ArrayList<Double>();
    String why = "the judges said nothing";
    for (String judge : rules.targets()) {
      switch (hear(judge, question, reply -> JudgeReply.grade(reply, rules))) {
        case Heard.Said(double value) -> grades.add(value);
        case Heard.Nothing(String reason) -> why = judge + ": " + reason;
      }
    }
    if (2 * grades.size() <= rules.targets().size()) {
      return new Opinion.Missing(why);
    }
    return new Opinion.Score(rules.majority() ? middle(grades) : mean(grades));
  }

  private static double mean(List<Double> grades) {
    return grades.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  /** The median: what a majority gives at least, and a majority at most. */
  private static double middle(List<Double> grades) {
    var sorted = grades.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  /**
   * Has the judges compare two answers.
   *
   * @param id the case; draws the order where only one is wanted
   */
  public Duel compare(String id, List<Turn> asked, Answer.Given candidate, Answer.Given incumbent)
      throws InterruptedException {
    Judging rules =
        judging.orElseThrow(() -> new IllegalStateException("a pair is compared without a judge"));
    boolean candidateFirst = rules.bothOrders() || isCandidateFirst(id, rules);
    var ballots = new ArrayList<Ballot>();
    boolean same = candidate.shown().strip().equals(incumbent.shown().strip());
    for (String judge : rules.targets()) {
      if (same) {
        // Nobody need be paid to say that a text is as good as itself.
        ballots.add(
            new Ballot(judge, Optional.of(new Heard.Said(0.5)), Optional.of(new Heard.Said(0.5))));
        continue;
      }
      ballots.add(
          new Ballot(
              judge,
              candidateFirst
                  ? Optional.of(duel(judge, asked, candidate, incumbent, rules))
                  : Optional.empty(),
              rules.bothOrders() || !candidateFirst
                  ? Optional.of(duel(judge, asked, incumbent, candidate, rules))
                  : Optional.empty()));
    }
    return new Duel(
        ballots,
        rules.majority(),
        Bait.isIn(candidate, asked),
        Bait.isIn(incumbent, asked),
        candidate.shown().length(),
        incumbent.shown().length());
  }

  private Heard duel(
      String judge, List<Turn> asked, Answer.Given first, Answer.Given second, Judging rules)
      throws InterruptedException {
    return hear(
        judge,
        JudgePrompt.compare(asked, first, second, rules),
        reply -> JudgeReply.compare(reply, rules.form()));
  }

  /** As good as drawn, and the same when a run is taken up again. */
  private static boolean isCandidateFirst(String id, Judging rules) {
    var sum = new CRC32();
    sum.update((rules.criteria() + "\n" + id).getBytes(StandardCharsets.UTF_8));
    return Long.bitCount(sum.getValue()) % 2 == 0;
  }

  private interface Reading {
    Heard of(Answer reply);
  }

  /**
   * One easy question for each judge: who cannot answer that need not be paid for harder ones.
   *
   * @param compares whether they are to compare; else they grade
   */
  public static List<Question> trials(Judging rules, boolean compares) {
    var asked = List.of(new Turn("user", "What is 2 + 2? Answer with the number."));
    Answer.Given right = new Answer.Given("4", List.of(), false, false, 0, 0, 0, "");
    Answer.Given wrong = new Answer.Given("I like rain.", List.of(), false, false, 0, 0, 0, "");
    List<Turn> question =
        compares
            ? JudgePrompt.compare(asked, right, wrong, rules)
            : JudgePrompt.grade(new Rubric("The answer is 4."), asked, right, rules);
    return rules.targets().stream()
        .map(judge -> new Question(judge, question, "", sampling(rules), 0))
        .toList();
  }

  /** Why the answer to such a question says nothing; empty if it says something. */
  public static Optional<String> objection(Judging rules, boolean compares, Answer answer) {
    Heard heard =
        compares ? JudgeReply.compare(answer, rules.form()) : JudgeReply.grade(answer, rules);
    return heard instanceof Heard.Nothing(String why) ? Optional.of(why) : Optional.empty();
  }

  private static Question.Sampling sampling(Judging rules) {
    boolean token = rules.form() == Judging.Form.TOKEN;
    return new Question.Sampling(0, token ? TOKEN_MAX : rules.maxTokens(), token ? BEGINNINGS : 0);
  }

  private Heard hear(String judge, List<Turn> question, Reading reading)
      throws InterruptedException {
    Question.Sampling sampling = sampling(judging.orElseThrow());
    Heard heard = new Heard.Nothing("not asked");
    for (int tried = 0; tried < TRIES; tried++) {
      Answer reply = asker.ask(new Question(judge, question, "", sampling, tried));
      heard = reading.of(reply);
      if (heard instanceof Heard.Said || reply instanceof Answer.Failed) {
        break;
      }
    }
    Heard last = heard;
    counts.compute(judge, (name, count) -> Optional.ofNullable(count).orElse(Count.NONE).and(last));
    return heard;
  }
}
