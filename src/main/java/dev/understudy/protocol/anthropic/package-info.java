/**
 * The Anthropic Messages API, as callers and as vendors speak it: requests, replies, streams,
 * usage, token counts and errors.
 */
@NullMarked
package dev.understudy.protocol.anthropic;

import org.jspecify.annotations.NullMarked;
