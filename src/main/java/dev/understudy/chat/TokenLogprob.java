package dev.understudy.chat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * How likely the model found a token that it wrote, and what else it could have written.
 *
 * @param logprob natural logarithm of the probability, exactly as the vendor wrote it
 * @param bytes the token's UTF-8 bytes as unsigned numbers, where the vendor gives them
 */
public record TokenLogprob(
    String token,
    BigDecimal logprob,
    Optional<List<Integer>> bytes,
    List<TokenLogprob> alternatives) {
  public TokenLogprob {
    alternatives = List.copyOf(alternatives);
    bytes = bytes.map(List::copyOf);
  }
}
