/**
 * Holds callers to their limits and budgets: what a call may use is reserved before it, in all
 * scopes of its caller or in none, and settled after it by what it really used.
 */
@NullMarked
package dev.understudy.limits;

import org.jspecify.annotations.NullMarked;
