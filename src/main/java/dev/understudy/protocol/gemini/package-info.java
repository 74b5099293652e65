/**
 * Google's Gemini API (generateContent, streamGenerateContent, countTokens), as the Gemini API and
 * Vertex AI speak it, on the callers' and on the vendors' side.
 */
@NullMarked
package dev.understudy.protocol.gemini;

import org.jspecify.annotations.NullMarked;
