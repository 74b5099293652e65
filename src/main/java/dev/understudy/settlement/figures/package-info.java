/**
 * Figures for people who decide: what was spent on whom and for whom, what it would have cost by
 * the list, what came in for it, and how far commitments are used.
 */
@NullMarked
package dev.understudy.settlement.figures;

import org.jspecify.annotations.NullMarked;
