/** Framings that several protocols share: server-sent events, byte builders. */
@NullMarked
package dev.understudy.protocol.wire;

import org.jspecify.annotations.NullMarked;
