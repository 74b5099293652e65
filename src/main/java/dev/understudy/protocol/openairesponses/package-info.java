/**
 * The OpenAI Responses API as callers and vendors speak it, without state: items and the events of
 * their making, to and from a conversation.
 */
@NullMarked
package dev.understudy.protocol.openairesponses;

import org.jspecify.annotations.NullMarked;
