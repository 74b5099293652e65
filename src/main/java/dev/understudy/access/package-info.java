/** Who may call. */
@NullMarked
package dev.understudy.access;

import org.jspecify.annotations.NullMarked;
