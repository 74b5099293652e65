/** What was agreed, as data: read, checked, compiled into rules for calls and terms for money. */
@NullMarked
package dev.understudy.contract;

import org.jspecify.annotations.NullMarked;
