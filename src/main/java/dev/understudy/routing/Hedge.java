package dev.understudy.routing;

import java.time.Duration;
import java.util.Optional;

/**
 * When a second target is asked although the first has not failed.
 *
 * @param after how long nothing has come; empty: by the quantile
 * @param quantile of the first target's recent times to answer in the same {@link Delivery}
 */
public record Hedge(Optional<Duration> after, double quantile) {}
