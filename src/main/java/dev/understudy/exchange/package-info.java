/** The record of one call: who asked, who answered, what it took; and the journal that keeps it. */
@NullMarked
package dev.understudy.exchange;

import org.jspecify.annotations.NullMarked;
