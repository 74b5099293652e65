/** The operators' door: health, metrics, what is configured, what just happened. */
@NullMarked
package dev.understudy.admin;

import org.jspecify.annotations.NullMarked;
