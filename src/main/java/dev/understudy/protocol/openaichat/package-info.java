/**
 * OpenAI Chat Completions, as callers and as vendors speak it, with the ways in which other vendors
 * depart from it.
 */
@NullMarked
package dev.understudy.protocol.openaichat;

import org.jspecify.annotations.NullMarked;
