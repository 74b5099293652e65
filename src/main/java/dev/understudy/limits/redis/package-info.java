/** Shares limits among replicas through Redis or Valkey. Loaded only where the settings say so. */
@NullMarked
package dev.understudy.limits.redis;

import org.jspecify.annotations.NullMarked;
