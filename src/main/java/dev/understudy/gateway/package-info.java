/**
 * The callers' door and the vendors' side: relay, translation, dispatch. One of the few rooms that
 * know an HTTP engine.
 */
@NullMarked
package dev.understudy.gateway;

import org.jspecify.annotations.NullMarked;
