/**
 * The program itself: its command line, its settings, and the one place where the rooms are put
 * together by hand.
 */
@NullMarked
package dev.understudy.app;

import org.jspecify.annotations.NullMarked;
