package dev.understudy.chat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * How tokens are drawn, each wish empty where not said.
 *
 * @param maxTokens at most so many tokens of answer, thoughts included where the vendor counts so
 * @param stop texts that end the answer
 * @param logprobs whether to say how likely each token was
 * @param topLogprobs how many alternatives to name for each token
 */
public record Sampling(
    Optional<Long> maxTokens,
    Optional<BigDecimal> temperature,
    Optional<BigDecimal> topP,
    Optional<Long> topK,
    Optional<BigDecimal> frequencyPenalty,
    Optional<BigDecimal> presencePenalty,
    Optional<Long> seed,
    List<String> stop,
    Optional<Boolean> logprobs,
    Optional<Long> topLogprobs) {
  public static final Sampling UNSAID =
      new Sampling(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          Optional.empty(),
          Optional.empty());

  public Sampling {
    stop = List.copyOf(stop);
  }

  public Sampling withMaxTokens(long tokens) {
    return new Sampling(
        Optional.of(tokens),
        temperature,
        topP,
        topK,
        frequencyPenalty,
        presencePenalty,
        seed,
        stop,
        logprobs,
        topLogprobs);
  }
}
