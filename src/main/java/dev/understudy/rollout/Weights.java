package dev.understudy.rollout;

import dev.understudy.statistics.Interval;

/**
 * How candidate and incumbent stand by one guardrail, for the eye.
 *
 * @param incumbent its mean, or its quantile; NaN if nothing is known
 * @param candidate likewise
 * @param incumbentCount of how many calls
 * @param candidateCount likewise
 * @param comparisons pairs, or what counts as one
 * @param difference for means how much better the candidate is, from -1 to 1; for quantiles how
 *     much more it takes, as a ratio less 1
 * @param interval that holds the true difference at every moment at once
 * @param proofP a p-value, good at every moment, against its being worse by the margin; NaN for
 *     quantiles
 * @param harmP likewise against its being no worse than tolerated
 */
public record Weights(
    double incumbent,
    double candidate,
    long incumbentCount,
    long candidateCount,
    long comparisons,
    double difference,
    Interval interval,
    double proofP,
    double harmP) {}
