/**
 * A conversation with a model, in no protocol's words: what was asked, what was answered, and the
 * events of an answer on its way.
 */
@NullMarked
package dev.understudy.chat;

import org.jspecify.annotations.NullMarked;
