package dev.understudy.gain;

import java.time.Instant;

/**
 * What a check on data that a model had not learned from came to: the router at one threshold
 * against the strong model alone.
 *
 * @param model the digest of the model that was checked
 * @param data the digest of the outcomes that it was checked on
 * @param at when that was
 * @param verdict what came of it
 * @param threshold estimates above it went to the strong model
 * @param strongShare how many did, 0 to 1
 * @param cases how many outcomes
 * @param router its mean score
 * @param strong the strong model's mean score
 * @param lower the least that router less strong may be, at the level that alpha leaves
 * @param upper the most
 * @param margin how much worse it was allowed to be, 0 to 1
 * @param alpha the accepted chance of a wrong verdict, one-sided
 */
public record Proof(
    String model,
    String data,
    Instant at,
    Verdict verdict,
    double threshold,
    double strongShare,
    int cases,
    double router,
    double strong,
    double lower,
    double upper,
    double margin,
    double alpha) {

  /** As for any candidate: what is not shown is not denied. */
  public enum Verdict {
    QUALIFIED,
    REJECTED,
    UNDECIDED
  }
}
