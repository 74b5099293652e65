/**
 * Costs and commitments in the FOCUS format: written from our records, and checked from anybody.
 */
@NullMarked
package dev.understudy.settlement.focus;

import org.jspecify.annotations.NullMarked;
