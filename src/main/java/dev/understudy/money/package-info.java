/** Exact amounts of money: added, shared out and rounded so that nothing is lost unseen. */
@NullMarked
package dev.understudy.money;

import org.jspecify.annotations.NullMarked;
