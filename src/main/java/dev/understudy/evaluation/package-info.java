/**
 * Whether one model may take another's place: suites of cases, scorers, and a verdict with its
 * confidence. Knows no network; answers come through {@link Asker}.
 */
@NullMarked
package dev.understudy.evaluation;

import org.jspecify.annotations.NullMarked;
