package dev.understudy.gain;

import java.util.Optional;

/**
 * How a cheap and a strong model did on one prompt.
 *
 * @param domain what it belongs to, such as {@code law}; empty if that is not known
 * @param cheap the cheap model's score, 0 to 1
 * @param strong the strong model's score, 0 to 1
 * @param costs what the two answers cost, where that is known
 */
public record Outcome(
    String prompt, String domain, double cheap, double strong, Optional<Costs> costs) {

  /** What an answer of each cost, in any one currency; neither is negative. */
  public record Costs(double cheap, double strong) {
    public Costs {
      if (!(cheap >= 0) || !(strong >= 0) || Double.isInfinite(cheap + strong)) {
        throw new IllegalArgumentException("costs are numbers from 0: " + cheap + ", " + strong);
      }
    }
  }

  public Outcome {
    if (!(cheap >= 0 && cheap <= 1) || !(strong >= 0 && strong <= 1)) {
      throw new IllegalArgumentException(
          "scores are numbers from 0 to 1, not " + cheap + " and " + strong);
    }
  }

  /** An outcome whose costs are not known. */
  public Outcome(String prompt, String domain, double cheap, double strong) {
    this(prompt, domain, cheap, strong, Optional.empty());
  }

  /** What the strong model gained, -1 to 1. */
  public double gain() {
    return strong - cheap;
  }

  /** The prompt without the width of its spaces: what differs in these alone is the same. */
  String plainPrompt() {
    return prompt.strip().replaceAll("\\s+", " ");
  }
}
