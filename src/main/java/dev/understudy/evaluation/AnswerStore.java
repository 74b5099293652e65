package dev.understudy.evaluation;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** Answers that were paid for once. */
public interface AnswerStore {
  Optional<Answer.Given> find(String key);

  /** What the answer to a question is kept by. */
  default String key(Question question) {
    return question.key();
  }

  /**
   * The same answers, told apart by who stands behind a target's name.
   *
   * @param behind of a target's name says who answers there
   */
  default AnswerStore behind(UnaryOperator<String> behind) {
    AnswerStore all = this;
    return new AnswerStore() {
      @Override
      public String key(Question question) {
        return question.key(behind.apply(question.target()));
      }

      @Override
      public Optional<Answer.Given> find(String key) {
        return all.find(key);
      }

      @Override
      public void keep(String key, Answer.Given answer) {
        all.keep(key, answer);
      }
    };
  }

  /** Keeps an answer before it is counted, so that a run that is killed pays for nothing twice. */
  void keep(String key, Answer.Given answer);

  /** Keeps what comes, and finds nothing. */
  default AnswerStore forgetful() {
    AnswerStore all = this;
    return new AnswerStore() {
      @Override
      public String key(Question question) {
        return all.key(question);
      }

      @Override
      public Optional<Answer.Given> find(String key) {
        return Optional.empty();
      }

      @Override
      public void keep(String key, Answer.Given answer) {
        all.keep(key, answer);
      }
    };
  }

  /** Keeps what comes, and finds what came since now. */
  default AnswerStore remembering() {
    AnswerStore all = this;
    var known = new ConcurrentHashMap<String, Answer.Given>();
    return new AnswerStore() {
      @Override
      public String key(Question question) {
        return all.key(question);
      }

      @Override
      public Optional<Answer.Given> find(String key) {
        return Optional.ofNullable(known.get(key));
      }

      @Override
      public void keep(String key, Answer.Given answer) {
        known.put(key, answer);
        all.keep(key, answer);
      }
    };
  }
}
