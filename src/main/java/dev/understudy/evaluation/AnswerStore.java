package dev.understudy.evaluation;

import java.util.Optional;

/** Answers that were paid for once. */
public interface AnswerStore {
  Optional<Answer.Given> find(String key);

  /** Keeps an answer before it is counted, so that a run that is killed pays for nothing twice. */
  void keep(String key, Answer.Given answer);
}
