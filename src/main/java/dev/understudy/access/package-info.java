/** Who may call, and how much. */
@NullMarked
package dev.understudy.access;

import org.jspecify.annotations.NullMarked;
