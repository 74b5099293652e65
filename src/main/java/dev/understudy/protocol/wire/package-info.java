/** Framings that several protocols share: server-sent events, AWS event streams, byte builders. */
@NullMarked
package dev.understudy.protocol.wire;

import org.jspecify.annotations.NullMarked;
