/**
 * Intervals, tests and sequences: what may be concluded from so many outcomes. Knows no model and
 * no call.
 */
@NullMarked
package dev.understudy.statistics;

import org.jspecify.annotations.NullMarked;
