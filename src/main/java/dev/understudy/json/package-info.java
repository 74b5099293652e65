/**
 * Reading JSON so that nothing is dropped unseen, and editing it without disturbing the rest. Knows
 * no protocol.
 */
@NullMarked
package dev.understudy.json;

import org.jspecify.annotations.NullMarked;
