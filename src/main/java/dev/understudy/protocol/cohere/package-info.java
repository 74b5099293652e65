/** Cohere's chat, version 2, as a vendor speaks it; no caller speaks it to us. */
@NullMarked
package dev.understudy.protocol.cohere;

import org.jspecify.annotations.NullMarked;
