/**
 * How one target takes another's place on a route: stages, guardrails, and the evidence by which a
 * rollout advances, holds or rolls back. Knows no gateway and no database.
 */
@NullMarked
package dev.understudy.rollout;

import org.jspecify.annotations.NullMarked;
