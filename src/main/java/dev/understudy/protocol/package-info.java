/**
 * Wire formats to and from {@link dev.understudy.chat}: what every protocol offers, and the rules
 * that all of them share. Each protocol has a package of its own below, and none sees another.
 */
@NullMarked
package dev.understudy.protocol;

import org.jspecify.annotations.NullMarked;
