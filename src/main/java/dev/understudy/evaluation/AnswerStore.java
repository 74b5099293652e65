package dev.understudy.evaluation;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Answers that were paid for once. */
public interface AnswerStore {
  Optional<Answer.Given> find(String key);

  /** Keeps an answer before it is counted, so that a run that is killed pays for nothing twice. */
  void keep(String key, Answer.Given answer);

  /** Keeps what comes, and finds nothing. */
  default AnswerStore forgetful() {
    AnswerStore all = this;
    return new AnswerStore() {
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
