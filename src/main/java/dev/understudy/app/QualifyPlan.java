package dev.understudy.app;

import dev.understudy.evaluation.AnswerStore;
import dev.understudy.evaluation.Bench;
import dev.understudy.evaluation.Case;
import dev.understudy.evaluation.Costs;
import dev.understudy.evaluation.Judging;
import dev.understudy.evaluation.Question;
import dev.understudy.evaluation.Spending;
import dev.understudy.evaluation.Suite;
import dev.understudy.evaluation.Turn;
import dev.understudy.money.Money;
import dev.understudy.statistics.Planning;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Says before anything is asked what a run would ask, cost and be able to show. */
final class QualifyPlan {
  /** Discordant share that a plan assumes: between published pairs of near and of far models. */
  private static final double DISCORDANT = 0.15;

  /** A judge's instructions and marks, in tokens. */
  private static final int JUDGE_FRAME = 350;

  private static final int JUDGE_REPLY = 80;

  private final Suite suite;
  private final List<String> candidates;
  private final String incumbent;
  private final AnswerStore store;
  private final Costs costs;

  private final Map<String, Long> input = new TreeMap<>();
  private final Map<String, Long> output = new TreeMap<>();
  private long questions;
  private long kept;
  private long judged;

  QualifyPlan(
      Suite suite, List<String> candidates, String incumbent, AnswerStore store, Costs costs) {
    this.suite = suite;
    this.candidates = candidates;
    this.incumbent = incumbent;
    this.store = store;
    this.costs = costs;
    count();
  }

  /** Questions to targets and to judges, whether or not they were answered before. */
  long questions() {
    return questions + judged;
  }

  private void count() {
    suite
        .judging()
        .filter(_ -> suite.cases().stream().anyMatch(c -> suite.judgeQuestions(c) > 0))
        .ifPresent(this::trials);
    var targets = new ArrayList<>(candidates);
    targets.add(incumbent);
    long answer =
        suite.sampling().maxTokens() > 0
            ? Math.min(suite.sampling().maxTokens(), TargetPrices.ANSWER_TOKENS)
            : TargetPrices.ANSWER_TOKENS;
    for (Case asked : suite.cases()) {
      long letters =
          asked.turns().stream().map(Turn::text).mapToLong(String::length).sum()
              + asked.toolsJson().length();
      // Four letters a token; the shortest question is one, too, and its answer has a price.
      long tokens = 1 + letters / 4;
      for (int repeat = 0; repeat < suite.repeats(); repeat++) {
        for (String target : targets) {
          var question =
              new Question(target, asked.turns(), asked.toolsJson(), suite.sampling(), repeat);
          questions++;
          if (store.find(store.key(question)).isPresent()) {
            kept++;
          } else {
            add(target, tokens, answer);
          }
        }
        judges(asked, tokens, answer);
      }
    }
  }

  /** The easy question that each judge is put first. */
  private void trials(Judging judging) {
    for (Question trial : Bench.trials(judging, suite.isCompared())) {
      judged++;
      if (store.find(store.key(trial)).isEmpty()) {
        add(trial.target(), JUDGE_FRAME, JUDGE_REPLY);
      }
    }
  }

  /** At the most: what was judged before is known only once the answers are there. */
  private void judges(Case asked, long question, long answer) {
    if (suite.judging().isEmpty()) {
      return;
    }
    Judging judging = suite.judging().get();
    long each = suite.judgeQuestions(asked) / judging.targets().size();
    long asking = each * candidates.size();
    judged += asking * judging.targets().size();
    for (String judge : judging.targets()) {
      add(
          judge,
          asking * (JUDGE_FRAME + question + 2 * answer),
          asking * (judging.form() == Judging.Form.TOKEN ? 1 : JUDGE_REPLY));
    }
  }

  private void add(String target, long in, long out) {
    input.merge(target, in, Long::sum);
    output.merge(target, out, Long::sum);
  }

  List<String> lines() {
    int cases = suite.cases().size();
    var lines = new ArrayList<String>();
    suite.notes().forEach(note -> lines.add("note: " + note));
    long tokens = input.values().stream().mapToLong(Long::longValue).sum();
    lines.add(
        "%s: %d cases, %d questions, %d of them answered before%s; about %d input tokens to pay for"
            .formatted(
                suite.name(),
                cases,
                questions,
                kept,
                judged > 0 ? ", and at most %d to judges".formatted(judged) : "",
                tokens));
    lines.addAll(cost());
    // A preference that is a win or a loss varies by a quarter about a half.
    lines.add(power(suite.metric() == Suite.Metric.PREFERENCE ? 0.25 : DISCORDANT));
    return lines;
  }

  /** How much it may show: of cases that are alike, how much they add is not known before. */
  private String power(double variance) {
    int witnesses = Math.toIntExact(suite.cases().stream().map(Case::cluster).distinct().count());
    double power = Planning.power(variance, suite.margin(), 0, suite.alpha(), witnesses);
    double needed =
        Planning.nonInferiority(variance, suite.margin(), 0, suite.alpha(), suite.power());
    return String.format(
        Locale.ROOT,
        "an equal candidate would qualify with a chance of %.0f %% if %s%s; %.0f %% take about %.0f %s",
        100 * power,
        suite.metric() == Suite.Metric.PREFERENCE
            ? "judges call no pair a tie"
            : "%.0f %% of the cases tell the two apart".formatted(100 * variance),
        witnesses < suite.cases().size()
            ? ", and the cases of each of the %d clusters are quite alike".formatted(witnesses)
            : "",
        100 * suite.power(),
        Math.ceil(needed),
        witnesses < suite.cases().size() ? "clusters" : "cases");
  }

  private List<String> cost() {
    var sums = new TreeMap<String, Money>();
    var parts = new ArrayList<String>();
    var unpriced = new ArrayList<String>();
    input.forEach((target, in) -> {
      Optional<Money> cost = costs.of(target, in, output.getOrDefault(target, 0L));
      if (in == 0) {
        return;
      }
      if (cost.isEmpty()) {
        unpriced.add(target);
        return;
      }
      sums.merge(cost.get().currency().getCurrencyCode(), cost.get(), Money::plus);
      parts.add(target + " " + Spending.text(cost.get()));
    });
    var lines = new ArrayList<String>();
    if (!parts.isEmpty()) {
      var totals = sums.values().stream().map(Spending::text).toList();
      lines.add(
          "it would cost about %s, with answers of %d tokens: %s"
              .formatted(
                  String.join(" and ", totals),
                  TargetPrices.ANSWER_TOKENS,
                  String.join(", ", parts)));
    }
    if (!unpriced.isEmpty()) {
      lines.add(
          "no price is known of %s: what they cost is not in it"
              .formatted(String.join(", ", unpriced)));
    }
    return lines;
  }
}
