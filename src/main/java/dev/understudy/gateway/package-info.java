/**
 * The callers' door and the vendors' side: one call runs on one event loop, from its first byte in
 * to its last byte out.
 */
@NullMarked
package dev.understudy.gateway;

import org.jspecify.annotations.NullMarked;
