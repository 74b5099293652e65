package dev.understudy.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** What one target made of a case, all its answers together. */
public sealed interface Side {
  /**
   * Every answer could be judged.
   *
   * @param passRate share of the answers in which every check passed
   * @param score mean over the answers of the checks' weighted scores
   * @param failed names of the checks that some answer failed
   */
  record Judged(double passRate, double score, List<String> failed, List<Answer.Given> answers)
      implements Side {
    public Judged {
      failed = List.copyOf(failed);
      answers = List.copyOf(answers);
    }
  }

  /** Some answer is missing, or was cut: it counts for nobody. */
  record Unjudged(Reason reason, String message) implements Side {}

  /** Why an answer cannot be judged. */
  enum Reason {
    /** The vendor failed. */
    FAILED,
    /** A limit on its length ended the answer. */
    CUT,
    /** A judge failed or said nothing, or a price is missing. */
    JUDGE
  }

  /** Judges all answers to one case by what they say alone. */
  static Side of(Case asked, List<Answer> answers) {
    try {
      return of(asked, answers, Opinions.NONE);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody is waited for", e);
    }
  }

  /** Judges all answers to one case. */
  static Side of(Case asked, List<Answer> answers, Opinions opinions) throws InterruptedException {
    double passed = 0;
    double score = 0;
    var given = new ArrayList<Answer.Given>();
    var failed = new LinkedHashSet<String>();
    for (Answer answer : answers) {
      switch (answer) {
        case Answer.Failed(int status, String message) -> {
          return new Unjudged(Reason.FAILED, status == 0 ? message : status + ": " + message);
        }
        case Answer.Given whole when whole.cut() -> {
          return new Unjudged(Reason.CUT, "the answer was cut by a limit on its length");
        }
        case Answer.Given whole -> given.add(whole);
      }
    }
    // Only now: judges are not paid for answers that cannot count.
    for (Answer.Given whole : given) {
      boolean all = true;
      double sum = 0;
      double weights = 0;
      for (Check check : asked.checks()) {
        Check.Outcome outcome = check.judge(asked, whole, opinions);
        if (outcome.missing().isPresent()) {
          return new Unjudged(Reason.JUDGE, check.name() + ": " + outcome.missing().get());
        }
        sum += outcome.score() * check.weight();
        weights += check.weight();
        if (!outcome.passed()) {
          all = false;
          failed.add(outcome.name());
        }
      }
      passed += all ? 1 : 0;
      score += weights == 0 ? 1 : sum / weights;
    }
    int n = answers.size();
    return new Judged(passed / n, score / n, List.copyOf(failed), given);
  }
}
