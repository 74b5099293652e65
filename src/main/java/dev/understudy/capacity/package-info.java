/** How much each vendor still takes of us: what it says, what we reckon, who waits. */
@NullMarked
package dev.understudy.capacity;

import org.jspecify.annotations.NullMarked;
